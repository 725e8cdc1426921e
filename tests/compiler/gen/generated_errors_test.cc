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

TEST(GeneratedError, IsShownWithItsFields) {
  EXPECT_EQ(Broken("wheel", {1, 2}, {}).to_status().to_string(),
            R"(data_loss: it is broken {part: "wheel", codes: [1, 2]})");
  EXPECT_EQ(Silent().to_status().to_string(), "unknown: tests.everything.Silent");
}

TEST(GeneratedError, IsShownUpToAThousandCharacters) {
  const std::string text =
      common::NotFound("x" + std::string(1000, 'y') + "\u00fc").to_status().to_string();
  EXPECT_LT(text.size(), 1100u);
  EXPECT_TRUE(text.ends_with("yyy...")) << text;
  std::string broad;
  for (int i = 0; i < 1000; ++i) broad += "\u20ac";
  for (const char* before : {"", "1", "12"}) {
    const std::string cut = common::NotFound(before + broad).to_status().to_string();
    EXPECT_TRUE(cut.ends_with("\u20ac...")) << cut;
  }
}

TEST(GeneratedError, WithoutAMessageSaysItsName) {
  EXPECT_EQ(Silent().to_status().message(), "tests.everything.Silent");
  EXPECT_EQ(Silent().to_status().code(), tern::Code::kUnknown);
}

}  // namespace
}  // namespace tests::everything
