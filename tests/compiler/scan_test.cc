// What is found before the parser runs.
#include "compiler/syntax/scan.h"

#include <gtest/gtest.h>

#include <string>

#include "compiler/syntax/doc_comment.h"
#include "tests/compiler/check_compile.h"

namespace rpcgen {
namespace {

std::string messages_of(const std::string& text) {
  return compile_text(text).messages();
}

TEST(Scan, RefusesAnEmptyFile) {
  EXPECT_EQ(messages_of(""),
            "main.rpc:1: error: file is empty; expected \"package name;\" first\n");
}

TEST(Scan, WantsAPackageInAFileOfCommentsAlone) {
  EXPECT_EQ(messages_of("// nothing\n"),
            "main.rpc:1: error: file has no package; expected \"package name;\" as its first "
            "statement\n");
}

TEST(Scan, ReportsTheFirstByteThatIsNotUtf8AndGoesOn) {
  EXPECT_EQ(messages_of("package test;\n// caf\xE9 \xFF\nstruct A { Strng a = 1; }"),
            "main.rpc:2: error: byte 0xE9 is not UTF-8; .rpc files are UTF-8 text\n"
            "main.rpc:3: error: type \"Strng\" is not declared; did you mean \"string\"?\n");
}

TEST(Scan, RefusesSurrogatesAndOverlongForms) {
  EXPECT_NE(messages_of("package test; // \xED\xA0\x80").find("0xED is not UTF-8"),
            std::string::npos);
  EXPECT_NE(messages_of("package test; // \xC0\xAF").find("0xC0 is not UTF-8"), std::string::npos);
}

TEST(Scan, TakesUtf8InCommentsAndStrings) {
  EXPECT_EQ(messages_of("package test; // gr\xC3\xBC\xC3\x9F\n"
                        "const string k = \"\xF0\x9F\x98\x80\";"),
            "");
}

TEST(Scan, SkipsAByteOrderMark) {
  EXPECT_EQ(messages_of("\xEF\xBB\xBFpackage test;"), "");
}

TEST(Scan, TakesEveryKindOfLineEnd) {
  EXPECT_EQ(
      messages_of("package test;\r\n// comment\r\nstruct A { // more\r\n int32 a = 1;\r\n}\r\n"),
      "");
}

// Some programs take it for the end of a line and others do not: a declaration behind it would be a
// declaration for one reader and a comment for another.
TEST(Scan, RefusesACarriageReturnWithoutALineFeed) {
  EXPECT_EQ(
      messages_of("package test;\n// comment\rstruct A { int32 a = 1; }\nstruct B { A a = 1; }"),
      "main.rpc:2: error: carriage return without a line feed; lines end in LF or CR LF\n");
  EXPECT_EQ(messages_of("package test;\rstruct A {}\r"),
            "main.rpc:1: error: carriage return without a line feed; lines end in LF or CR LF\n");
  EXPECT_EQ(messages_of("package test;\nconst string a = \"x\ry\";"),
            "main.rpc:2: error: carriage return without a line feed; lines end in LF or CR LF\n");
  EXPECT_EQ(messages_of("package test; /* a \r\r\n */"),
            "main.rpc:1: error: carriage return without a line feed; lines end in LF or CR LF\n");
}

TEST(Scan, RefusesWhatTurnsTheDirectionOfTextInComments) {
  EXPECT_EQ(messages_of("package test; // a \u202E b \u202C\n/// \u2066\nstruct A {}"),
            "main.rpc:1: error: comment holds U+202E, which makes a line look like another one; "
            "only strings can hold it\n");
  EXPECT_EQ(messages_of("package test; /** a \u2066 */ struct A {}"),
            "main.rpc:1: error: comment holds U+2066, which makes a line look like another one; "
            "only strings can hold it\n");
  EXPECT_EQ(messages_of("package test; struct \u202EA {}"),
            "main.rpc:1: error: expected a name in the struct, got \"U+202E\"\n");
  EXPECT_EQ(messages_of("package test; const string kText = \"\u202E\";"), "");
}

TEST(Scan, RefusesControlCharacters) {
  EXPECT_EQ(messages_of("package test;\n// \x1B[31m\nstruct A { Strng a = 1; }"),
            "main.rpc:2: error: control character U+001B; .rpc files are text\n"
            "main.rpc:3: error: type \"Strng\" is not declared; did you mean \"string\"?\n");
}

TEST(Scan, StopsAtANul) {
  EXPECT_EQ(messages_of(std::string("package test; \0 struct", 22)),
            "main.rpc:1: error: control character U+0000; .rpc files are text\n");
}

TEST(Scan, ReportsStringsThatAreNotClosed) {
  EXPECT_EQ(messages_of("package test;\nconst string a = \"x\\\";\n"),
            "main.rpc:2: error: expected ';' after the constant, got the end of the file\n"
            "main.rpc:2: error: string is not closed; expected '\"' before the end of the line\n");
  EXPECT_EQ(messages_of("package test;\nconst string a = \""),
            "main.rpc:2: error: string is not closed; expected '\"' before the end of the line\n");
}

TEST(Scan, LetsCommentsStandInStringsAndStringsInComments) {
  EXPECT_EQ(messages_of("package test; const string a = \"/*\"; // \"\n/* \" // */ struct A {}"),
            "");
}

TEST(Scan, BoundsBrackets) {
  EXPECT_EQ(messages_of("package test; struct A { " + std::string(257, '(')),
            "main.rpc:1: error: brackets nest deeper than 256\n");
  std::string lists = "package test; struct A { ";
  for (int i = 0; i < 257; ++i) lists += "list<";
  EXPECT_EQ(messages_of(lists), "main.rpc:1: error: brackets nest deeper than 256\n");
}

TEST(Scan, CountsNoBracketThatIsClosed) {
  std::string text = "package test; service S { ";
  for (int i = 0; i < 300; ++i) text += "M" + std::to_string(i) + "(list<int32>) -> int32; ";
  EXPECT_EQ(messages_of(text + "}"), "");
}

TEST(Scan, BoundsNames) {
  const std::string longest(255, 'a');
  EXPECT_EQ(messages_of("package test; struct " + longest + " {}"), "");
  EXPECT_EQ(messages_of("package test; struct " + longest + "a {}"),
            "main.rpc:1: error: word of 256 characters; at most 255 are allowed\n");
  EXPECT_EQ(messages_of("package " + longest + ".b;"),
            "main.rpc:1: error: name of 257 characters; at most 255 are allowed\n");
}

TEST(DocLine, HasThreeSlashes) {
  EXPECT_TRUE(is_doc_line("/// text"));
  EXPECT_FALSE(is_doc_line("// text"));
  EXPECT_FALSE(is_doc_line("//// text"));
  EXPECT_EQ(doc_line_text("///  text \r"), " text");
  EXPECT_EQ(doc_line_text("///"), "");
}

TEST(DocBlock, LosesItsStars) {
  EXPECT_TRUE(is_doc_block("/** text */"));
  EXPECT_FALSE(is_doc_block("/* text */"));
  EXPECT_FALSE(is_doc_block("/*** text */"));
  EXPECT_FALSE(is_doc_block("/**/"));
  EXPECT_EQ(doc_block_text("/** text */"), "text");
  EXPECT_EQ(doc_block_text("/**\n * one\n *\n *   two\n */"), "one\n\n  two");
  EXPECT_EQ(doc_block_text("/** one\n    two */"), "one\ntwo");
}

}  // namespace
}  // namespace rpcgen
