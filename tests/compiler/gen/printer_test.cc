#include "compiler/gen/printer.h"

#include <gtest/gtest.h>

#include <stdexcept>

namespace rpcgen {
namespace {

TEST(Printer, DropsTheIndentationThatAllLinesShare) {
  Printer printer;
  printer.emit(R"(
      if (x) {
        y();
      }
  )");
  EXPECT_EQ(printer.take(), "if (x) {\n  y();\n}\n");
}

TEST(Printer, PutsVariablesInPlace) {
  Printer printer;
  printer.emit({{"type", "int"}, {"name", "x"}}, "$type$ $name$ = $name$;");
  EXPECT_EQ(printer.take(), "int x = x;\n");
}

TEST(Printer, DoesNotLookForVariablesInTheTextOfVariables) {
  Printer printer;
  printer.emit({{"price", "$5$"}}, "\"$price$\"");
  EXPECT_EQ(printer.take(), "\"$5$\"\n");
}

TEST(Printer, IndentsWhatACallbackPrints) {
  Printer printer;
  auto inner = [&] { printer.emit("{\n  1;\n}"); };
  auto outer = [&] { printer.emit({{"inner", inner}}, "  $inner$"); };
  printer.emit({{"outer", outer}}, R"(
    f() {
      $outer$
    }
  )");
  EXPECT_EQ(printer.take(), "f() {\n  {\n    1;\n  }\n}\n");
}

TEST(Printer, KeepsOneOfSeveralBlankLinesAndNoneAtTheEndsOfABlock) {
  Printer printer;
  auto nothing = [] {};
  printer.emit({{"nothing", nothing}}, R"(
    class A {
     public:

      $nothing$

      A();

      $nothing$

      ~A();

      $nothing$

    };
  )");
  EXPECT_EQ(printer.take(), "class A {\n public:\n  A();\n\n  ~A();\n};\n");
}

TEST(Printer, KeepsTheBlankLinesOfANamespace) {
  Printer printer;
  printer.emit("namespace a {\n\nint x;\n\n}  // namespace a");
  EXPECT_EQ(printer.take(), "namespace a {\n\nint x;\n\n}  // namespace a\n");
}

TEST(Printer, TakesAnUnknownVariableForAMistake) {
  Printer printer;
  EXPECT_THROW(printer.emit("$unknown$;"), std::logic_error);
}

TEST(Printer, TakesALoneDollarForAMistake) {
  Printer printer;
  EXPECT_THROW(printer.emit({{"a", "b"}}, "x = $a$ + $a;"), std::logic_error);
}

TEST(Printer, TakesACallbackBesideOtherTextForAMistake) {
  Printer printer;
  EXPECT_THROW(printer.emit({{"f", [] {}}}, "x = $f$;"), std::logic_error);
}

TEST(PrinterList, StaysOnOneLineIfItFits) {
  Printer printer;
  printer.list("f(", {"a", "b"}, ", ", ");");
  EXPECT_EQ(printer.take(), "f(a, b);\n");
}

TEST(PrinterList, LinesUpBelowTheFirstItem) {
  Printer printer;
  std::string item(45, 'x');
  printer.list("f(", {item, item, item}, ", ", ");");
  EXPECT_EQ(printer.take(), "f(" + item + ", " + item + ",\n  " + item + ");\n");
}

TEST(PrinterList, StandsBelowTheHeadIfAnItemIsTooLongBesideIt) {
  Printer printer;
  std::string head = std::string(60, 'f') + "(";
  std::string item(45, 'x');
  printer.list(head, {item, "y"}, ", ", ");");
  EXPECT_EQ(printer.take(), head + "\n    " + item + ", y);\n");
}

TEST(PrinterList, IsItsHeadAndTailIfThereAreNoItems) {
  Printer printer;
  printer.list("f(", {}, ", ", ");");
  EXPECT_EQ(printer.take(), "f();\n");
}

TEST(PrinterSignature, StandsBelowAResultThatFillsTheLine) {
  Printer printer;
  std::string result(90, 'R');
  printer.signature(result, "function_name", {"int x"}, ");");
  EXPECT_EQ(printer.take(), result + "\nfunction_name(int x);\n");
}

}  // namespace
}  // namespace rpcgen
