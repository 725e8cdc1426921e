#include <gtest/gtest.h>

#include "common.rpc.h"
#include "everything.rpc.h"
#include "tern/result.h"

namespace tests::everything {
namespace {

tern::Result<int> mend(bool broken) {
  if (broken) return Broken("wheel", {1, 2}, {});
  return 1;
}

TEST(GeneratedError, BecomesAStatusThatKnowsItsType) {
  tern::Result<int> result = mend(true);
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.status().code(), tern::Code::kDataLoss);
  EXPECT_EQ(result.status().message(), "it is broken");
  const Broken* broken = result.status().as<Broken>();
  ASSERT_NE(broken, nullptr);
  EXPECT_EQ(broken->part, "wheel");
  EXPECT_EQ(broken->codes, (std::vector<std::int32_t>{1, 2}));
}

TEST(GeneratedError, IsNotTakenForAnother) {
  tern::Status status = common::NotFound("key").to_status();
  EXPECT_EQ(status.as<Broken>(), nullptr);
  EXPECT_EQ(status.as<Silent>(), nullptr);
  ASSERT_NE(status.as<common::NotFound>(), nullptr);
  EXPECT_EQ(status.as<common::NotFound>()->name, "key");
}

TEST(GeneratedError, OutlivesWhatItWasMadeFrom) {
  tern::Status status;
  {
    Broken broken;
    broken.part = "axle";
    status = broken.to_status();
    broken.part = "none";
  }
  EXPECT_EQ(status.as<Broken>()->part, "axle");
}

TEST(GeneratedError, WithoutAMessageSaysItsName) {
  EXPECT_EQ(Silent().to_status().message(), "tests.everything.Silent");
  EXPECT_EQ(Silent().to_status().code(), tern::Code::kUnknown);
}

}  // namespace
}  // namespace tests::everything
