#include "tern/call_values.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace tern {
namespace {

struct Identity {
  std::string name;
};

TEST(CallValues, HoldOneOfEachType) {
  CallValues values;
  EXPECT_TRUE(values.empty());
  EXPECT_EQ(values.get<Identity>(), nullptr);
  values.set(Identity{"Ada"});
  values.set(7);
  ASSERT_NE(values.get<Identity>(), nullptr);
  EXPECT_EQ(values.get<Identity>()->name, "Ada");
  EXPECT_EQ(*std::as_const(values).get<int>(), 7);
  EXPECT_EQ(values.get<long>(), nullptr);
}

TEST(CallValues, ReplaceTheValueOfTheSameType) {
  CallValues values;
  values.set(7);
  values.set(Identity{"Ada"});
  values.set(Identity{"Grace"}).name += " Hopper";
  EXPECT_EQ(values.get<Identity>()->name, "Grace Hopper");
  EXPECT_TRUE(values.remove<Identity>());
  EXPECT_FALSE(values.remove<Identity>());
  EXPECT_EQ(values.get<Identity>(), nullptr);
  EXPECT_EQ(*values.get<int>(), 7);
}

TEST(CallValues, AreDestroyedOnceLastFirst) {
  std::vector<std::string> gone;
  auto noted = [&gone](const char* name) {
    return std::shared_ptr<const char>(name, [&gone](const char* it) { gone.emplace_back(it); });
  };
  struct First {
    std::shared_ptr<const char> it;
  };
  struct Second {
    std::unique_ptr<std::shared_ptr<const char>> it;
  };
  {
    CallValues values;
    values.set(First{noted("replaced")});
    values.set(First{noted("first")});
    values.set(Second{std::make_unique<std::shared_ptr<const char>>(noted("second"))});
    EXPECT_EQ(gone, std::vector<std::string>{"replaced"});
  }
  EXPECT_EQ(gone, (std::vector<std::string>{"replaced", "second", "first"}));
}

}  // namespace
}  // namespace tern
