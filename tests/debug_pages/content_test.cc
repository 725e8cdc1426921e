#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <simdjson.h>

#include <array>
#include <string>
#include <string_view>

#include "debug_pages/chart.h"
#include "debug_pages/html.h"
#include "debug_pages/json.h"
#include "debug_pages/page_files.h"
#include "debug_pages/sample_snapshot.h"

namespace tern::debug_pages {
namespace {

using test::sample_snapshot;
using test::wicked_snapshot;
using ::testing::HasSubstr;
using ::testing::Not;

std::size_t count_of(const std::string& text, std::string_view part) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) {
    ++count;
  }
  return count;
}

TEST(HtmlPage, ShowsMethodsWithTypesNumbersAndChart) {
  std::string page = debug_pages::html_page(sample_snapshot());
  EXPECT_THAT(page, HasSubstr("<b>Divide</b>(arith.Args) → arith.Quotient"));
  EXPECT_THAT(page, HasSubstr("throws arith.DivideByZero; idempotent; timeout 500 ms"));
  EXPECT_THAT(page, HasSubstr(">1,234<"));
  EXPECT_THAT(page, HasSubstr(">900 µs<"));
  EXPECT_THAT(page, HasSubstr("<title>524 µs to 1.05 ms: 1,200</title>"));
}

TEST(HtmlPage, SaysOnWhichSidesAMethodStreams) {
  debug_pages::ServerSnapshot snapshot = sample_snapshot();
  debug_pages::MethodSnapshot& method = snapshot.methods.front();
  method.kind = MethodKind::kServerStream;
  EXPECT_THAT(debug_pages::html_page(snapshot),
              HasSubstr("<b>Divide</b>(arith.Args) → stream arith.Quotient</code>"));
  method.kind = MethodKind::kClientStream;
  EXPECT_THAT(debug_pages::html_page(snapshot),
              HasSubstr("<b>Divide</b>(stream arith.Args) → arith.Quotient</code>"));
  method.kind = MethodKind::kBidiStream;
  EXPECT_THAT(debug_pages::html_page(snapshot),
              HasSubstr("<b>Divide</b>(stream arith.Args) → stream arith.Quotient</code>"));
}

TEST(HtmlPage, ShowsConnectionsAndRefusals) {
  std::string page = debug_pages::html_page(sample_snapshot());
  for (std::string_view part :
       {"127.0.0.1:53612", "application/x-tern", "1 min 1 s", "1.5 KiB", "unknown method"}) {
    EXPECT_THAT(page, HasSubstr(std::string(part)));
  }
  EXPECT_THAT(page, Not(HasSubstr(">idle<")));
}

TEST(HtmlPage, ShowsTheLimitThatTheServerFindsIfThereIsOne) {
  debug_pages::ServerSnapshot snapshot = sample_snapshot();
  EXPECT_THAT(debug_pages::html_page(snapshot), Not(HasSubstr("<dt>Limit</dt>")));
  snapshot.concurrency_limit = 4800;
  EXPECT_THAT(debug_pages::html_page(snapshot),
              HasSubstr("<dt>Limit</dt><dd class=\"\">4,800</dd>"));
}

TEST(HtmlPage, ShowsStreamsIfThereAreAny) {
  EXPECT_THAT(debug_pages::html_page(sample_snapshot()), Not(HasSubstr("<h2>Streams</h2>")));
  std::string page = debug_pages::html_page(test::streaming_snapshot());
  for (std::string_view part :
       {"<h2>Streams</h2>", "feed.Feed.Watch", "server stream", "0 / 1,200", "0 B / 2",
        "credit of the client", "messages in / out: 11 / 1,200", "and 2 streams more"}) {
    EXPECT_THAT(page, HasSubstr(std::string(part)));
  }
}

TEST(HtmlPage, SaysWhatItLeavesOut) {
  debug_pages::ServerSnapshot snapshot = sample_snapshot();
  EXPECT_THAT(debug_pages::html_page(snapshot), Not(HasSubstr(" more</p>")));
  snapshot.methods_left_out = 9000;
  snapshot.connections_left_out = 500;
  EXPECT_THAT(debug_pages::html_page(snapshot), HasSubstr("and 9,000 methods more"));
  EXPECT_THAT(debug_pages::html_page(snapshot), HasSubstr("and 500 connections more"));
}

TEST(HtmlPage, EscapesEveryName) {
  std::string page = debug_pages::html_page(wicked_snapshot());
  EXPECT_EQ(count_of(page, "<script>"), 1u);  // its own
  EXPECT_EQ(count_of(page, "</script>"), 1u);
  EXPECT_THAT(page, HasSubstr("&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&amp;&#39;"));
}

TEST(HtmlPage, SaysWithWhichCodesCallsFailAndHowFarLoopsLag) {
  std::string page = debug_pages::html_page(sample_snapshot());
  EXPECT_THAT(page, HasSubstr(">5<small>not_found 4, internal 1</small></td>"));
  EXPECT_THAT(page, HasSubstr("<dt>Loop lag</dt><dd class=\"\">250 ms</dd>"));
}

TEST(HtmlPage, AllowsItsOwnStyleAndScriptOnly) {
  std::string page = debug_pages::html_page(sample_snapshot());
  EXPECT_THAT(page, HasSubstr("<style>" + std::string(debug_pages::kStyle) + "</style>"));
  EXPECT_THAT(page, HasSubstr("<script>" + std::string(debug_pages::kScript) + "</script>"));
  EXPECT_EQ(count_of(page, "style="), 0u);
  EXPECT_THAT(debug_pages::content_security_policy(), HasSubstr("default-src 'none'"));
  EXPECT_THAT(debug_pages::content_security_policy(), HasSubstr("script-src 'sha256-"));
  EXPECT_THAT(debug_pages::content_security_policy(), Not(HasSubstr("unsafe")));
}

TEST(Chart, IsNotThereBeforeTheFirstCall) {
  std::string out;
  debug_pages::append_chart(out, debug_pages::MethodSnapshot());
  EXPECT_EQ(out, "");
}

TEST(Chart, HasABarForEveryBucketInUseWithinItsPicture) {
  for (std::size_t first = 0; first <= debug_pages::kBounds; ++first) {
    for (std::size_t last = first; last <= debug_pages::kBounds; ++last) {
      debug_pages::MethodSnapshot method;
      method.latencies[first] = 1;
      method.latencies[last] = 1'000'000;
      std::string out;
      debug_pages::append_chart(out, method);
      EXPECT_EQ(count_of(out, "<rect "), first == last ? 1u : 2u) << first << " " << last;
      EXPECT_EQ(count_of(out, "=\"-"), 0u) << out;
    }
  }
}

TEST(JsonPage, HasTheKeysThatItIsDocumentedToHave) {
  simdjson::dom::parser parser;
  simdjson::dom::element page;
  debug_pages::ServerSnapshot snapshot = sample_snapshot();
  snapshot.concurrency_limit = 48;
  ASSERT_EQ(parser.parse(debug_pages::json_page(snapshot)).get(page), simdjson::SUCCESS);
  EXPECT_EQ(page["concurrency_limit"].get_uint64().value(), 48u);
  EXPECT_EQ(page["version"].get_string().value(), "0.1.0");
  EXPECT_EQ(page["uptime"].get_double().value(), 3725);
  EXPECT_FALSE(page["draining"].get_bool().value());
  EXPECT_EQ(page["refused"]["unknown method"].get_uint64().value(), 6u);
  simdjson::dom::element method = page["methods"].at(0).value();
  EXPECT_EQ(method["argument"].get_string().value(), "arith.Args");
  EXPECT_EQ(method["errors"].at(0).get_string().value(), "arith.DivideByZero");
  EXPECT_EQ(method["calls"].get_uint64().value(), 1234u);
  EXPECT_EQ(method["failed_by_code"]["not_found"].get_uint64().value(), 4u);
  EXPECT_EQ(method["failed_by_code"].get_object().value().size(), 2u);
  EXPECT_EQ(page["loop_lags"].at(0).get_double().value(), 0.25);
  EXPECT_EQ(method["timeout"].get_double().value(), 0.5);
  EXPECT_EQ(method["latency"]["p90"].get_double().value(), 0.0018);
  EXPECT_EQ(method["latency"]["histogram"].get_array().value().size(), 4u);
  simdjson::dom::element connection = page["connections"].at(0).value();
  EXPECT_EQ(connection["peer"].get_string().value(), "127.0.0.1:53612");
  EXPECT_EQ(connection["bytes_in"].get_uint64().value(), 1536u);
}

// Of a server without an authenticator only what the files say; of one with it, what that means.
TEST(JsonPage, SaysWhoMayCall) {
  constexpr std::array<std::string_view, 2> kRoles{"admin", "ops"};
  debug_pages::ServerSnapshot snapshot = sample_snapshot();
  const std::string before = debug_pages::json_page(snapshot);
  EXPECT_EQ(before.find("\"allow\""), std::string::npos);
  EXPECT_EQ(debug_pages::html_page(snapshot).find("allow: "), std::string::npos);
  snapshot.authenticates = true;
  EXPECT_NE(debug_pages::json_page(snapshot).find("nobody: the method is unmarked"),
            std::string::npos);
  snapshot.methods[0].access = {Access::Kind::kAllOf, kRoles};
  EXPECT_NE(debug_pages::json_page(snapshot).find(R"("allow":"all of admin, ops")"),
            std::string::npos);
  EXPECT_NE(debug_pages::html_page(snapshot).find("allow: all of admin, ops"), std::string::npos);
  snapshot.methods[0].access = {Access::Kind::kAnyOf, kRoles};
  snapshot.authenticates = false;
  EXPECT_NE(debug_pages::json_page(snapshot).find(R"("allow":"any of admin, ops")"),
            std::string::npos);
}

TEST(JsonPage, HasStreams) {
  simdjson::dom::parser parser;
  simdjson::dom::element page;
  ASSERT_EQ(parser.parse(debug_pages::json_page(test::streaming_snapshot())).get(page),
            simdjson::SUCCESS);
  EXPECT_EQ(page["streams_open"].get_uint64().value(), 3u);
  EXPECT_EQ(page["late_frames"].get_uint64().value(), 8u);
  EXPECT_EQ(page["methods"].at(1)["messages_out"].get_uint64().value(), 1200u);
  EXPECT_EQ(page["methods"].at(1)["kind"].get_string().value(), "server stream");
  EXPECT_EQ(page["methods"].at(0)["kind"].get_string().value(), "unary");
  EXPECT_NE(page["methods"].at(0)["messages_out"].error(), simdjson::SUCCESS);
  simdjson::dom::element connection = page["connections"].at(0).value();
  EXPECT_EQ(connection["streams_left_out"].get_uint64().value(), 2u);
  simdjson::dom::element stream = connection["streams"].at(0).value();
  EXPECT_EQ(stream["method"].get_string().value(), "Watch");
  EXPECT_EQ(stream["kind"].get_string().value(), "server stream");
  EXPECT_EQ(stream["bytes_out"].get_uint64().value(), 2048u);
  EXPECT_EQ(stream["waits_for"].get_string().value(), "credit of the client");
}

TEST(JsonPage, EscapesEveryName) {
  simdjson::dom::parser parser;
  simdjson::dom::element page;
  ASSERT_EQ(parser.parse(debug_pages::json_page(wicked_snapshot())).get(page), simdjson::SUCCESS);
  EXPECT_EQ(page["methods"].at(0)["service"].get_string().value(),
            "<script>alert(\"1\")</script>&'\\\n");
  EXPECT_EQ(page["connections"].at(0)["peer"].get_string().value(), "\\xff<script>\\x0a");
}

TEST(JsonPage, HoldsWithNamesThatAreNoUtf8) {
  debug_pages::ServerSnapshot snapshot = sample_snapshot();
  snapshot.methods.front().service = "\xff";
  simdjson::dom::parser parser;
  simdjson::dom::element page;
  EXPECT_EQ(parser.parse(debug_pages::json_page(snapshot)).get(page), simdjson::SUCCESS);
}

}  // namespace
}  // namespace tern::debug_pages
