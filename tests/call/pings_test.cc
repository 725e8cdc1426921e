#include "call/pings.h"

#include <gtest/gtest.h>

#include <optional>

namespace tern::test {
namespace {

call::Pings::Done into(std::optional<Status>& answer) {
  return [&answer](Status status) { answer = std::move(status); };
}

TEST(Pings, GiveTheAnswerToTheOneWhoHasAsked) {
  call::Pings pings;
  std::optional<Status> first;
  std::optional<Status> second;
  const std::uint64_t number = pings.ask(into(first));
  EXPECT_NE(pings.ask(into(second)), number);
  pings.answered(number);
  ASSERT_TRUE(first);
  EXPECT_TRUE(first->ok());
  EXPECT_FALSE(second);
}

TEST(Pings, AreAnsweredOnce) {
  call::Pings pings;
  int answers = 0;
  const std::uint64_t number = pings.ask([&](Status) { ++answers; });
  pings.answered(number);
  pings.fail(Status(Code::kUnavailable, "lost"));
  EXPECT_EQ(answers, 1);
}

TEST(Pings, ThatNobodyWaitsForHaveNumbersOfTheirOwn) {
  call::Pings pings;
  std::optional<Status> answer;
  const std::uint64_t asked = pings.ask(into(answer));
  const std::uint64_t nobodys = pings.next();
  EXPECT_NE(asked, nobodys);
  pings.answered(nobodys);
  EXPECT_FALSE(answer);
}

TEST(Pings, FailOnceWhenNoAnswerComes) {
  call::Pings pings;
  std::optional<Status> answer;
  const std::uint64_t number = pings.ask(into(answer));
  pings.fail(Status(Code::kUnavailable, "lost"));
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->code(), Code::kUnavailable);
  answer.reset();
  pings.answered(number);
  EXPECT_FALSE(answer);
}

TEST(Pings, CanBeAskedInTheAnswerToAnother) {
  call::Pings pings;
  std::optional<Status> second;
  std::uint64_t next = 0;
  pings.answered(pings.ask([&](Status) { next = pings.ask(into(second)); }));
  ASSERT_NE(next, 0u);
  pings.answered(next);
  EXPECT_TRUE(second);
}

}  // namespace
}  // namespace tern::test
