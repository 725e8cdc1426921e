// Names are looked up beside the loops, and nobody waits for a slow one but those who asked for it.
#include "net/threaded_resolver.h"

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "support/gated_names.h"
#include "support/test_loop.h"

namespace tern::test {
namespace {

class ThreadedResolverTest : public testing::Test {
 protected:
  ThreadedResolverTest() {
    names.add("slow", {"10.0.0.1"}, true);
    names.add("slow too", {"10.0.0.2"}, true);
    names.add("fast", {"10.0.0.3", "::1"});
  }

  struct Asked {
    std::unique_ptr<NameResolver::Query> query;
    int answers = 0;
    std::string text;
  };
  Asked& ask(const std::string& host) {
    Asked& one = *all.emplace_back(std::make_unique<Asked>());
    one.query = resolver->resolve(loop.loop(), host, [&one](auto found) {
      ++one.answers;
      if (!found.ok()) one.text = found.status().message();
      for (std::size_t i = 0; found.ok() && i < found->size(); ++i) {
        one.text += (i > 0 ? " " : "") + (*found)[i].to_string();
      }
    });
    return one;
  }
  // Runs the loop until it has been told something from a thread.
  void wait_for_an_answer() { loop.io().run_one(); }

  TestLoop loop;
  GatedNames names;
  std::optional<net::ThreadedResolver> resolver{std::in_place, names.lookup(), 2};
  std::vector<std::unique_ptr<Asked>> all;
};

TEST_F(ThreadedResolverTest, ASlowNameHoldsNoOtherUp) {
  Asked& slow = ask("slow");
  names.wait_until_held(1);
  Asked& fast = ask("fast");
  wait_for_an_answer();
  EXPECT_EQ(fast.text, "10.0.0.3 ::1");
  EXPECT_EQ(slow.answers, 0);
  names.open();
  wait_for_an_answer();
  EXPECT_EQ(slow.text, "10.0.0.1");
}

TEST_F(ThreadedResolverTest, ASlowNameTakesOneThreadHoweverManyWaitForIt) {
  Asked& given_up = ask("slow");
  names.wait_until_held(1);
  given_up.query.reset();
  Asked& first = ask("slow");
  Asked& second = ask("slow");
  Asked& fast = ask("fast");
  wait_for_an_answer();
  EXPECT_EQ(fast.answers, 1);
  names.open();
  wait_for_an_answer();
  wait_for_an_answer();
  EXPECT_EQ(first.text, "10.0.0.1");
  EXPECT_EQ(second.text, "10.0.0.1");
  EXPECT_EQ(given_up.answers, 0);
  EXPECT_EQ(names.asked(), (std::vector<std::string>{"slow", "fast"}));
}

TEST_F(ThreadedResolverTest, HasNoMoreThreadsThanItMayAndDoesNotLookUpWhatWasCancelled) {
  ask("slow");
  ask("slow too");
  names.wait_until_held(2);
  Asked& given_up = ask("other");
  Asked& fast = ask("fast");
  given_up.query.reset();
  EXPECT_EQ(names.asked().size(), 2u);
  names.open();
  while (fast.answers == 0) wait_for_an_answer();
  std::vector<std::string> asked = names.asked();
  EXPECT_EQ(asked.size(), 3u);
  EXPECT_EQ(asked.back(), "fast");
}

TEST_F(ThreadedResolverTest, IsDestroyedWithoutWaitingAndThenCallsNobody) {
  Asked& slow = ask("slow");
  ask("slow too");
  Asked& queued = ask("fast");
  names.wait_until_held(2);
  resolver.reset();
  names.open();
  loop.settle();
  EXPECT_EQ(slow.answers, 0);
  EXPECT_EQ(queued.answers, 0);
}

TEST_F(ThreadedResolverTest, DoesNotCallBackAfterACancelWhileTheAnswerIsOnItsWay) {
  Asked& slow = ask("slow");
  names.wait_until_held(1);
  Asked& other = ask("slow");
  names.open();
  // Runs the first answer alone; the second one is on its way, too.
  wait_for_an_answer();
  EXPECT_EQ(slow.answers, 1);
  other.query.reset();
  loop.settle();
  EXPECT_EQ(other.answers, 0);
}

TEST_F(ThreadedResolverTest, SaysWhatIsWrongWithANameOrWithItself) {
  Asked& unknown = ask("nobody");
  wait_for_an_answer();
  EXPECT_EQ(unknown.text, "host \"nobody\": not known");
  resolver->close();
  Asked& late = ask("fast");
  loop.settle();
  EXPECT_EQ(late.text, "host \"fast\": the resolver is closed");
}

TEST_F(ThreadedResolverTest, AsksTheSystem) {
  Result<NameResolver::Addresses> found = net::ThreadedResolver::ask_system("127.0.0.1");
  ASSERT_TRUE(found.ok());
  EXPECT_EQ(found->front().to_string(), "127.0.0.1");
  EXPECT_NE(net::ThreadedResolver::ask_system("no-such-host.invalid")
                .status()
                .message()
                .find("host \"no-such-host.invalid\": "),
            std::string_view::npos);
}

}  // namespace
}  // namespace tern::test
