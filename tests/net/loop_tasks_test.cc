// Tasks that are a part of what they do something for.
#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>

#include "net/loop.h"
#include "support/test_loop.h"

namespace tern::test {
namespace {

class Task final : public net::LoopTask {
 public:
  explicit Task(std::function<void()> work) : work_(std::move(work)) {}
  void run_on_loop() override { work_(); }
  void dropped() noexcept override { ++drops; }

  int drops = 0;

 private:
  std::function<void()> work_;
};

std::shared_ptr<Task> make(std::function<void()> work) {
  return std::make_shared<Task>(std::move(work));
}

class LoopTasksTest : public testing::Test {
 protected:
  void post(const std::shared_ptr<Task>& task) { loop_.loop().post(task); }

  TestLoop loop_;
  std::string ran_;
};

TEST_F(LoopTasksTest, RunInTheirOrderAndNotWithinPost) {
  for (char name : {'a', 'b', 'c'}) {
    post(make([this, name] { ran_ += name; }));
  }
  EXPECT_EQ(ran_, "");
  loop_.settle();
  EXPECT_EQ(ran_, "abc");
}

TEST_F(LoopTasksTest, RunOnceThoughTheyArePostedTwice) {
  auto task = make([this] { ran_ += 'x'; });
  auto other = make([this] { ran_ += 'y'; });
  post(task);
  post(other);
  post(task);
  loop_.settle();
  EXPECT_EQ(ran_, "xy");
  post(task);
  loop_.settle();
  EXPECT_EQ(ran_, "xyx");
}

TEST_F(LoopTasksTest, MayBePostedAgainWhileTheyRunAndRunBehindTheOthers) {
  int left = 2;
  std::shared_ptr<Task> again;
  again = make([this, &left, &again] {
    ran_ += 'a';
    if (--left > 0) post(again);
  });
  post(again);
  post(make([this] { ran_ += 'b'; }));
  loop_.settle();
  EXPECT_EQ(ran_, "aba");
}

TEST_F(LoopTasksTest, AreKeptUntilTheyHaveRunAndNoLonger) {
  auto task = make([this] { ran_ += 'x'; });
  std::weak_ptr<Task> seen = task;
  post(std::exchange(task, nullptr));
  EXPECT_FALSE(seen.expired());
  loop_.settle();
  EXPECT_EQ(ran_, "x");
  EXPECT_TRUE(seen.expired());
}

TEST_F(LoopTasksTest, RunThoughOneBeforeThemThrows) {
  post(make([] { throw std::runtime_error("no"); }));
  post(make([this] { ran_ += 'b'; }));
  EXPECT_THROW(loop_.settle(), std::runtime_error);
  loop_.settle();
  EXPECT_EQ(ran_, "b");
}

TEST(LoopTasks, ThatHaveNotRunGoWithTheirIoContext) {
  std::weak_ptr<Task> seen;
  {
    TestLoop loop;
    auto task = make([] {});
    seen = task;
    loop.loop().post(std::shared_ptr<net::LoopTask>(task));
    loop.loop().post(std::shared_ptr<net::LoopTask>(make([] {})));
    task.reset();
    EXPECT_FALSE(seen.expired());
  }
  EXPECT_TRUE(seen.expired());
}

TEST(LoopTasks, AreToldThatTheyWillNotRun) {
  auto before = make([] {});
  auto behind = make([] {});
  {
    TestLoop loop;
    loop.loop().post(std::shared_ptr<net::LoopTask>(before));
    loop.loop().end();
    loop.loop().post(std::shared_ptr<net::LoopTask>(behind));
    EXPECT_EQ(behind->drops, 1);
  }
  EXPECT_EQ(before->drops, 1);
  EXPECT_EQ(behind->drops, 1);
}

}  // namespace
}  // namespace tern::test
