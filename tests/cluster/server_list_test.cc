#include "tern/server_list.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace tern {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

Instance at(std::string_view address, std::uint32_t weight = 1) {
  Instance instance(*parse_endpoint(address));
  instance.weight = weight;
  return instance;
}

std::vector<std::string> addresses(const ServerView& view) {
  std::vector<std::string> found;
  if (!view.known()) return {"nothing known"};
  for (const Instance& server : *view.servers) found.push_back(server.endpoint.to_string());
  return found;
}

// What a watch has been told.
struct Told {
  Discovery::OnChange listener() {
    return [this](const ServerView& view) {
      views.push_back(addresses(view));
      statuses.push_back(view.status);
    };
  }
  std::vector<std::vector<std::string>> views;
  std::vector<Status> statuses;
};

TEST(ServerLists, KnowNothingAtFirst) {
  ServerList list;
  EXPECT_FALSE(list.view().known());
}

TEST(ServerLists, AreInTheOrderOfTheirAddressesEachOnce) {
  ServerList list({at("tcp@b:1"), at("tcp@a:1", 2), at("tcp@a:1", 5)});
  EXPECT_THAT(addresses(list.view()), ElementsAre("tcp@a:1", "tcp@b:1"));
  EXPECT_EQ(list.view().servers->front().weight, 5u);
}

TEST(ServerLists, RefuseAddressesThatCannotBeRead) {
  auto list = ServerList::of({"tcp@a:1", "tcp@b"});
  ASSERT_FALSE(list.ok());
  EXPECT_THAT(std::string(list.status().message()), ::testing::HasSubstr("tcp@b"));
}

TEST(ServerLists, TellAWatchWhatIsKnownBeforeItReturns) {
  ServerList list({at("tcp@a:1")});
  Told told;
  auto watch = list.watch(told.listener());
  EXPECT_THAT(told.views, ElementsAre(ElementsAre("tcp@a:1")));
}

TEST(ServerLists, HaveNothingToTellBeforeAnythingIsKnown) {
  ServerList list;
  Told told;
  auto watch = list.watch(told.listener());
  EXPECT_THAT(told.views, IsEmpty());
}

TEST(ServerLists, TellChangesOnly) {
  ServerList list({at("tcp@a:1")});
  Told told;
  auto watch = list.watch(told.listener());
  list.update({at("tcp@a:1")});
  list.update({at("tcp@a:1"), at("tcp@b:1")});
  list.update({at("tcp@a:1", 7), at("tcp@b:1")});
  EXPECT_EQ(told.views.size(), 3u);
}

TEST(ServerLists, KeepTheirServersWhenALookFails) {
  ServerList list({at("tcp@a:1")});
  Told told;
  auto watch = list.watch(told.listener());
  list.set_failure(Status(Code::kUnavailable, "the registry is gone"));
  ASSERT_EQ(told.views.size(), 2u);
  EXPECT_THAT(told.views.back(), ElementsAre("tcp@a:1"));
  EXPECT_EQ(told.statuses.back().message(), "the registry is gone");
  list.update({at("tcp@a:1")});
  EXPECT_TRUE(told.statuses.back().ok());
}

TEST(ServerLists, TellOfAFailureBeforeAnythingIsKnown) {
  ServerList list;
  Told told;
  auto watch = list.watch(told.listener());
  list.set_failure(Status(Code::kUnavailable, "no route"));
  EXPECT_THAT(told.views, ElementsAre(ElementsAre("nothing known")));
}

TEST(ServerLists, TellNobodyWhoHasLeft) {
  ServerList list;
  Told told;
  auto watch = list.watch(told.listener());
  watch.reset();
  list.update({at("tcp@a:1")});
  EXPECT_THAT(told.views, IsEmpty());
}

TEST(ServerLists, LetAWatchBeDestroyedByItsOwnCallback) {
  ServerList list;
  std::unique_ptr<Discovery::Watch> watch;
  int calls = 0;
  watch = list.watch([&](const ServerView&) {
    ++calls;
    watch.reset();
  });
  list.update({at("tcp@a:1")});
  list.update({at("tcp@b:1")});
  EXPECT_EQ(calls, 1);
}

TEST(ServerLists, DeliverChangesThatACallbackMakes) {
  ServerList list;
  Told told;
  auto watch = list.watch([&, told_it = told.listener()](const ServerView& view) {
    told_it(view);
    if (view.servers->size() == 1) list.update({at("tcp@a:1"), at("tcp@b:1")});
  });
  list.update({at("tcp@a:1")});
  EXPECT_THAT(told.views, ElementsAre(ElementsAre("tcp@a:1"), ElementsAre("tcp@a:1", "tcp@b:1")));
}

TEST(ServerLists, EndWatchesOnlyWhenNoCallbackRuns) {
  ServerList list;
  for (int round = 0; round < 200; ++round) {
    std::atomic<bool> inside = false;
    auto watch = list.watch([&](const ServerView&) {
      inside = true;
      std::this_thread::yield();
      inside = false;
    });
    std::thread changes(
        [&] { list.update({at("tcp@a:1", static_cast<std::uint32_t>(round + 2))}); });
    watch.reset();
    EXPECT_FALSE(inside);
    changes.join();
  }
}

TEST(ServerLists, TellTheLastStateToEveryWatchHoweverManyThreadsChangeThem) {
  ServerList list;
  std::atomic<std::uint32_t> last = 0;
  auto watch = list.watch([&](const ServerView& view) { last = view.servers->front().weight; });
  std::vector<std::thread> threads;
  for (std::uint32_t t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      for (std::uint32_t i = 1; i <= 500; ++i) list.update({at("tcp@a:1", t * 1000 + i)});
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(last, list.view().servers->front().weight);
}

}  // namespace
}  // namespace tern
