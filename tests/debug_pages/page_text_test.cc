#include "debug_pages/text.h"

#include <gtest/gtest.h>

#include "base/metrics_text.h"

namespace tern::debug_pages {
namespace {

std::string html(std::string_view text) {
  std::string out;
  debug_pages::append_html(out, text);
  return out;
}

std::string label(std::string_view text) {
  std::string out;
  base::append_label(out, text);
  return out;
}

TEST(PageText, EscapesWhatHtmlReadsAsMarkup) {
  EXPECT_EQ(html("<a href=\"x\" id='y'>&amp;"),
            "&lt;a href=&quot;x&quot; id=&#39;y&#39;&gt;&amp;amp;");
  EXPECT_EQ(html("list<arith.Point> → µs"), "list&lt;arith.Point&gt; → µs");
}

TEST(PageText, EscapesWhatEndsALabel) {
  EXPECT_EQ(label("a\"b\\c\nd"), "a\\\"b\\\\c\\nd");
}

TEST(PageText, GroupsDigits) {
  EXPECT_EQ(debug_pages::grouped(0), "0");
  EXPECT_EQ(debug_pages::grouped(999), "999");
  EXPECT_EQ(debug_pages::grouped(1000), "1,000");
  EXPECT_EQ(debug_pages::grouped(1234567), "1,234,567");
}

TEST(PageText, WritesBytesInTheUnitThatFits) {
  EXPECT_EQ(debug_pages::bytes_text(0), "0 B");
  EXPECT_EQ(debug_pages::bytes_text(999), "999 B");
  EXPECT_EQ(debug_pages::bytes_text(1000), "0.98 KiB");
  EXPECT_EQ(debug_pages::bytes_text(1536), "1.5 KiB");
  EXPECT_EQ(debug_pages::bytes_text(std::uint64_t{3} << 30), "3 GiB");
}

}  // namespace
}  // namespace tern::debug_pages
