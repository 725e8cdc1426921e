// What the judge of a chaos run finds, and what it does not take for a fault.
#include "chaos/verdict.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>

#include "support/temporary_directory.h"

namespace tern::chaos {
namespace {

using namespace std::chrono_literals;

constexpr Nonce kOne = (Nonce{7} << kCallerShift) + 1;
constexpr Nonce kOther = kOne + 1;

std::int64_t ns(Nanoseconds time) {
  return time.count();
}

// One call of client 7, from 0 on, with a deadline after 1 s; whole unless the test says otherwise.
class JudgeTest : public testing::Test {
 protected:
  void start(std::uint8_t flags = Record::kOnceOnly) {
    Record record;
    record.kind = Record::Kind::kStart;
    record.nonce = kOne;
    record.flags = flags;
    record.value = ns(1s);
    records_.push_back(record);
  }
  void run(Nonce nonce = kOne) {
    Record record;
    record.kind = Record::Kind::kRun;
    record.nonce = nonce;
    records_.push_back(record);
  }
  void end(Code code, HandlerRan ran, Nanoseconds at = 10ms) {
    Record record;
    record.kind = Record::Kind::kEnd;
    record.nonce = kOne;
    record.at = ns(at);
    record.code = code;
    record.ran = ran;
    records_.push_back(record);
  }
  void succeed(Nonce answered = kOne, std::uint8_t flags = Record::kAnswered) {
    end(Code::kOk, HandlerRan::kYes);
    records_.back().flags = flags;
    records_.back().value = answered;
  }
  void pause(Nanoseconds from, Nanoseconds to) {
    Record record;
    record.kind = Record::Kind::kPaused;
    record.nonce = kOne;
    record.value = ns(from);
    record.at = ns(to);
    records_.push_back(record);
  }

  Verdict verdict() {
    judge_.add(records_);
    return judge_.judge();
  }
  // This breach once, and no other.
  void expect(Breach breach) {
    Verdict found = verdict();
    EXPECT_EQ(found.broken(), 1u);
    EXPECT_EQ(found.breaches[static_cast<std::size_t>(breach)], 1u);
    ASSERT_EQ(found.examples.size(), 1u);
    EXPECT_TRUE(found.examples[0].starts_with(breach_name(breach))) << found.examples[0];
  }
  void expect_nothing() { EXPECT_EQ(verdict().broken(), 0u); }

  Judge judge_{2s};
  std::vector<Record> records_;
};

TEST_F(JudgeTest, FindsNothingInACallThatSucceeds) {
  start();
  run();
  succeed();
  Verdict found = verdict();
  EXPECT_EQ(found.broken(), 0u);
  EXPECT_EQ(found.calls, 1u);
  EXPECT_EQ(found.succeeded, 1u);
}

TEST_F(JudgeTest, FindsACallWithoutAnOutcome) {
  start();
  run();
  expect(Breach::kLost);
}

TEST_F(JudgeTest, MissesNoOutcomeOfAClientThatWasKilled) {
  judge_.client_was_killed(7);
  start();
  run();
  Verdict found = verdict();
  EXPECT_EQ(found.broken(), 0u);
  EXPECT_EQ(found.died_with_their_client, 1u);
}

TEST_F(JudgeTest, FindsAnOutcomeBehindItsDeadline) {
  start();
  end(Code::kDeadlineExceeded, HandlerRan::kUnknown, 3001ms);
  expect(Breach::kLate);
}

TEST_F(JudgeTest, GivesAnOutcomeTheTimeInWhichItsClientDidNotRun) {
  start();
  pause(500ms, 10s);
  end(Code::kDeadlineExceeded, HandlerRan::kUnknown, 11s);
  expect_nothing();
}

TEST_F(JudgeTest, GivesAnOutcomeNoTimeThatWasOverBeforeItsDeadline) {
  start();
  pause(0s, 900ms);
  end(Code::kDeadlineExceeded, HandlerRan::kUnknown, 3500ms);
  expect(Breach::kLate);
}

TEST_F(JudgeTest, FindsTwoOutcomes) {
  start();
  run();
  succeed();
  succeed();
  expect(Breach::kTwoOutcomes);
}

TEST_F(JudgeTest, FindsASecondExecutionOfWhatMustRunOnce) {
  start();
  run();
  run();
  end(Code::kUnavailable, HandlerRan::kUnknown);
  expect(Breach::kDoubled);
}

TEST_F(JudgeTest, AllowsASecondExecutionOfWhatIsIdempotent) {
  start(0);
  run();
  run();
  succeed();
  Verdict found = verdict();
  EXPECT_EQ(found.broken(), 0u);
  EXPECT_EQ(found.ran_more_than_once, 1u);
}

TEST_F(JudgeTest, FindsTheAnswerToAnotherCall) {
  start();
  run();
  succeed(kOther);
  expect(Breach::kCrossed);
}

TEST_F(JudgeTest, FindsADamagedAnswer) {
  start();
  run();
  succeed(kOne, Record::kAnswered | Record::kDamaged);
  expect(Breach::kCrossed);
}

TEST_F(JudgeTest, FindsAFalseNo) {
  start();
  run();
  end(Code::kUnavailable, HandlerRan::kNo);
  expect(Breach::kFalseNo);
}

TEST_F(JudgeTest, FindsAnExecutionBehindANo) {
  start();
  end(Code::kUnavailable, HandlerRan::kNo);
  run();
  expect(Breach::kFalseNo);
}

TEST_F(JudgeTest, FindsAFalseYes) {
  start();
  end(Code::kInternal, HandlerRan::kYes);
  expect(Breach::kFalseYes);
}

TEST_F(JudgeTest, FindsASuccessWithoutAnExecution) {
  start();
  succeed();
  expect(Breach::kFalseYes);
}

TEST_F(JudgeTest, HoldsNothingAgainstACallThatIsInDoubt) {
  start();
  end(Code::kUnavailable, HandlerRan::kUnknown);
  expect_nothing();
}

TEST_F(JudgeTest, FindsACancelOfNobody) {
  start();
  end(Code::kCancelled, HandlerRan::kUnknown);
  expect(Breach::kCancelled);
}

TEST_F(JudgeTest, AllowsACancelOfTheCallers) {
  start(Record::kCancels);
  end(Code::kCancelled, HandlerRan::kUnknown);
  expect_nothing();
}

TEST_F(JudgeTest, FindsAnExecutionThatNobodyAskedFor) {
  run(kOther);
  expect(Breach::kStranger);
}

TEST(HistoryTest, IsWholeWhenItsProcessIsKilled) {
  test::TemporaryDirectory directory;
  const std::filesystem::path path = directory.path() / "history";
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    History history(path);
    Record record;
    record.nonce = kOne;
    for (int i = 0; i < 1000; ++i) history.add(record);
    ::kill(::getpid(), SIGKILL);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFSIGNALED(status));
  auto records = read_history(path);
  ASSERT_TRUE(records);
  EXPECT_EQ(records->size(), 1000u);
}

TEST(HistoryTest, OfHalfARecordIsNone) {
  test::TemporaryDirectory directory;
  const std::filesystem::path path = directory.path() / "history";
  {
    History history(path);
    history.add(Record());
  }
  std::filesystem::resize_file(path, 20);
  EXPECT_FALSE(read_history(path));
  EXPECT_FALSE(read_history(directory.path() / "none"));
}

}  // namespace
}  // namespace tern::chaos
