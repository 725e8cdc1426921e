// How messages look.
#include "compiler/base/diagnostics.h"

#include <gtest/gtest.h>

#include <string>

#include "compiler/base/source.h"

namespace rpcgen {
namespace {

// The rendering of one error at text[begin, end) of "a.rpc".
std::string rendered(const std::string& text, std::size_t begin, std::size_t end) {
  Sources sources;
  const SourceFile& file = sources.add("a.rpc", text);
  Diagnostics diagnostics;
  diagnostics.error(file.span(begin, end), "it is wrong");
  return render(diagnostics, sources);
}

TEST(Render, ShowsTheLineAndACaret) {
  EXPECT_EQ(rendered("one\ntwo words\nthree", 8, 13),
            "a.rpc:2:5: error: it is wrong\n"
            "two words\n"
            "    ^~~~~\n");
}

TEST(Render, MarksTheFirstLineOfALongSpan) {
  EXPECT_EQ(rendered("list<\nint32>", 0, 12),
            "a.rpc:1:1: error: it is wrong\n"
            "list<\n"
            "^~~~~\n");
}

TEST(Render, ShowsTheEndOfALineAndOfTheFile) {
  EXPECT_EQ(rendered("a\r\nb", 1, 1), "a.rpc:1:2: error: it is wrong\na\n ^\n");
  EXPECT_EQ(rendered("ab", 2, 2), "a.rpc:1:3: error: it is wrong\nab\n  ^\n");
  EXPECT_EQ(rendered("", 0, 0), "a.rpc:1:1: error: it is wrong\n\n^\n");
  EXPECT_EQ(rendered("a\n", 2, 2), "a.rpc:2:1: error: it is wrong\n\n^\n");
}

TEST(Render, KeepsTabsSoThatTheCaretStandsRight) {
  EXPECT_EQ(rendered("\t\tint\tx", 6, 7),
            "a.rpc:1:7: error: it is wrong\n"
            "\t\tint\tx\n"
            "\t\t   \t^\n");
}

TEST(Render, CountsCharactersAndNotBytes) {
  EXPECT_EQ(rendered("\xC3\xA9\xC3\xA9 x", 5, 6),
            "a.rpc:1:4: error: it is wrong\n"
            "\xC3\xA9\xC3\xA9 x\n"
            "   ^\n");
}

TEST(Render, KnowsWideAndCombiningCharacters) {
  EXPECT_EQ(rendered("\xE4\xB8\xAD\xE6\x96\x87 x", 7, 8),
            "a.rpc:1:4: error: it is wrong\n"
            "\xE4\xB8\xAD\xE6\x96\x87 x\n"
            "     ^\n");
  EXPECT_EQ(rendered("e\xCC\x81 x", 4, 5),
            "a.rpc:1:4: error: it is wrong\n"
            "e\xCC\x81 x\n"
            "  ^\n");
}

TEST(Render, ReplacesWhatATerminalMustNotSee) {
  EXPECT_EQ(rendered("a\x1B\xFFz", 3, 4),
            "a.rpc:1:4: error: it is wrong\n"
            "a\xEF\xBF\xBD\xEF\xBF\xBDz\n"
            "   ^\n");
}

TEST(Render, ReplacesItInMessagesToo) {
  Sources sources;
  Diagnostics diagnostics;
  diagnostics.error({}, "file \"a\x1B[31m\n\xFF\" is \xC3\xA9");
  EXPECT_EQ(render(diagnostics, sources),
            "rpcgen: error: file \"a\xEF\xBF\xBD[31m\xEF\xBF\xBD\xEF\xBF\xBD\" is \xC3\xA9\n");
}

TEST(Render, CutsLongLinesAroundTheCaret) {
  const std::string text = std::string(1000, 'a') + "X" + std::string(1000, 'b');
  EXPECT_EQ(rendered(text, 1000, 1001),
            "a.rpc:1:1001: error: it is wrong\n"
            "..." +
                std::string(100, 'a') + "X" + std::string(99, 'b') + "...\n" +
                std::string(103, ' ') + "^\n");
}

TEST(Render, ShowsNotesBehindTheirError) {
  Sources sources;
  const SourceFile& a = sources.add("a.rpc", "first\n");
  const SourceFile& b = sources.add("b.rpc", "second\n");
  Diagnostics diagnostics;
  diagnostics.error(b.span(0, 6), "it is there twice").note(a.span(0, 5), "it is here, too");
  EXPECT_EQ(render(diagnostics, sources),
            "b.rpc:1:1: error: it is there twice\n"
            "second\n"
            "^~~~~~\n"
            "a.rpc:1:1: note: it is here, too\n"
            "first\n"
            "^~~~~\n");
}

TEST(Render, GoesByPlaceAndCountsWarningsApart) {
  Sources sources;
  const SourceFile& file = sources.add("a.rpc", "x\ny\n");
  Diagnostics diagnostics;
  diagnostics.error(file.span(2, 3), "second");
  diagnostics.warning(file.span(0, 1), "first");
  EXPECT_EQ(render(diagnostics, sources),
            "a.rpc:1:1: warning: first\nx\n^\na.rpc:2:1: error: second\ny\n^\n");
  EXPECT_EQ(diagnostics.error_count(), 1u);
}

TEST(Render, StopsAfterTooManyErrorsOfAFile) {
  Sources sources;
  const SourceFile& a = sources.add("a.rpc", "x");
  const SourceFile& b = sources.add("b.rpc", "y");
  Diagnostics diagnostics;
  for (int i = 0; i < 5; ++i) diagnostics.error(a.span(0, 1), "wrong");
  diagnostics.error(b.span(0, 1), "wrong");
  EXPECT_EQ(render(diagnostics, sources, 2),
            "a.rpc:1:1: error: wrong\nx\n^\n"
            "a.rpc:1:1: error: wrong\nx\n^\n"
            "a.rpc: error: too many errors; 2 are shown\n"
            "b.rpc:1:1: error: wrong\ny\n^\n");
}

TEST(Sources, FindTheFileOfASpan) {
  Sources sources;
  const SourceFile& a = sources.add("a", "one");
  const SourceFile& b = sources.add("b", "");
  const SourceFile& c = sources.add("c", "three");
  EXPECT_EQ(sources.find(a.span(0, 1)), &a);
  EXPECT_EQ(sources.find(a.span(3, 3)), &a);
  EXPECT_EQ(sources.find(b.span(0, 0)), &b);
  EXPECT_EQ(sources.find(c.span(0, 0)), &c);
  EXPECT_EQ(sources.find(c.span(5, 5)), &c);
  EXPECT_EQ(sources.find({}), nullptr);
}

}  // namespace
}  // namespace rpcgen
