#include <gtest/gtest.h>

#include "everything.rpc.h"

namespace tests::everything {
namespace {

TEST(GeneratedEnum, KnowsTheNamesOfItsValues) {
  EXPECT_EQ(enum_name(Color::Red), "Red");
  EXPECT_EQ(enum_name(Color::Infrared), "Infrared");
}

constexpr Color color_called(std::string_view name) {
  Color color = Color::Red;
  return enum_value(name, color) ? color : static_cast<Color>(-1);
}
static_assert(enum_name(Color::Ultraviolet) == "Ultraviolet");
static_assert(color_called("Green") == Color::Green);
static_assert(color_called("green") == static_cast<Color>(-1));

TEST(GeneratedEnum, KeepsAValueThatIsNotNamed) {
  auto unknown = static_cast<Color>(77);
  EXPECT_EQ(enum_name(unknown), "");
  EXPECT_EQ(static_cast<int>(unknown), 77);
}

TEST(GeneratedEnum, FindsValuesByName) {
  Color color = Color::Red;
  EXPECT_TRUE(enum_value("Ultraviolet", color));
  EXPECT_EQ(color, Color::Ultraviolet);
  EXPECT_FALSE(enum_value("Puce", color));
  EXPECT_EQ(color, Color::Ultraviolet);
}

TEST(GeneratedEnum, HasTheNamesOfTheRpcFileNotThoseOfCpp) {
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
  EXPECT_EQ(enum_name(Scale::int_), "int");
#pragma GCC diagnostic pop
}

}  // namespace
}  // namespace tests::everything
