#include "cluster/kept_argument.h"

#include <gtest/gtest.h>

#include <string>

#include "tern/codegen/type_ops_of.h"

namespace tern {
namespace {

const TypeOps& text() {
  return type_ops<std::string>();
}

std::string value_of(cluster::KeptArgument& kept) {
  return *static_cast<const std::string*>(kept.value());
}

std::string through_bytes(const std::string& value) {
  cluster::KeptArgument kept;
  {
    Buffer bytes;
    EXPECT_TRUE(text().encode_native(&value, bytes).ok());
    kept.keep(text(), bytes.view());
  }
  return value_of(kept);
}

TEST(KeptArgument, IsNotThereAtFirst) {
  cluster::KeptArgument kept;
  EXPECT_FALSE(kept);
}

TEST(KeptArgument, IsACopyOfTheValue) {
  cluster::KeptArgument kept;
  std::string value = "seven";
  kept.keep(text(), &value);
  value = "eight";
  EXPECT_TRUE(kept);
  EXPECT_EQ(value_of(kept), "seven");
}

TEST(KeptArgument, IsMadeOfItsBytes) {
  EXPECT_EQ(through_bytes("seven"), "seven");
}

TEST(KeptArgument, MayHaveNoBytes) {
  EXPECT_EQ(through_bytes(""), "");
}

TEST(KeptArgument, MayBeLong) {
  const std::string value(100'000, 'x');
  EXPECT_EQ(through_bytes(value), value);
}

TEST(KeptArgument, IsTheSameEachTime) {
  cluster::KeptArgument kept;
  Buffer bytes;
  std::string value = "seven";
  ASSERT_TRUE(text().encode_native(&value, bytes).ok());
  kept.keep(text(), bytes.view());
  EXPECT_EQ(kept.value(), kept.value());
}

}  // namespace
}  // namespace tern
