// The streams of all servers of a cluster, read as one.
#include <gmock/gmock.h>

#include <algorithm>
#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "cluster/stream_town.h"
#include "tern/fan_out.h"

namespace tern::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::UnorderedElementsAre;

using Changes = MergedStream<feed::Change>;
using ChangeOf = ServerMessage<feed::Change>;

std::string text_of(const ChangeOf& read) {
  const std::string& server = read.server().endpoint.host;
  if (read.ended()) return server + " ends " + code_name(read.status().code());
  return server + " " + std::to_string(read.message().position);
}

// Reads by callbacks until the end.
class Follower : public std::enable_shared_from_this<Follower> {
 public:
  explicit Follower(Changes all) : changes(std::move(all)) {}

  void read_all() {
    changes.then(read_, [self = shared_from_this()](bool more) {
      if (!more) {
        self->ended = true;
        return;
      }
      self->got.push_back(text_of(self->read_));
      if (self->then) self->then();
      self->read_all();
    });
  }

  Changes changes;
  std::vector<std::string> got;
  bool ended = false;
  std::function<void()> then;  // what it does with each; null: nothing

 private:
  ChangeOf read_;
};

class MergedStreams : public StreamTown {
 protected:
  // From each server what comes behind the position, which is that of `behind` at its turn, or 0.
  Changes open(std::vector<std::int64_t> behind = {}, CallOptions call_options = CallOptions()) {
    auto turn = std::make_shared<std::size_t>(0);
    Changes changes = call_each(cluster(), [=](Channel& server) {
      feed::Since since;
      if (*turn < behind.size()) since.position = behind[*turn];
      ++*turn;
      return feed::FeedStub(server).Tail(since, call_options);
    });
    loop.settle();
    return changes;
  }
  // What is here.
  std::vector<std::string> take(Changes& changes) {
    std::vector<std::string> taken;
    ChangeOf read;
    loop.settle();
    while (changes.try_read(read)) {
      taken.push_back(text_of(read));
      if (taken.size() % 100 == 0) loop.settle();
    }
    loop.settle();
    return taken;
  }
  std::uint64_t open_at(const std::string& name) {
    return server(name).server->stats().streams_open;
  }
};

TEST_F(MergedStreams, BringTheMessagesOfEachServerWithItsName) {
  list({"a", "b"});
  publish(2);
  Changes changes = open();
  EXPECT_THAT(take(changes), ElementsAre("a 1", "b 1", "a 2", "b 2"));
  publish();
  EXPECT_THAT(take(changes), UnorderedElementsAre("a 3", "b 3"));
}

TEST_F(MergedStreams, GiveEachItsTurnThoughOneHasMuchToSay) {
  list({"a", "b"});
  publish(100);
  Changes changes = open({0, 98});
  std::vector<std::string> taken = take(changes);
  ASSERT_EQ(taken.size(), 102u);
  taken.resize(5);
  EXPECT_THAT(taken, ElementsAre("a 1", "b 99", "a 2", "b 100", "a 3"));
}

TEST_F(MergedStreams, TellTheEndOfEachServerAndEndWithTheLast) {
  list({"a", "b"});
  publish();
  Changes changes = open();
  EXPECT_THAT(take(changes), ElementsAre("a 1", "b 1"));
  kill("a");
  EXPECT_THAT(take(changes), ElementsAre("a ends unavailable"));
  publish();
  EXPECT_THAT(take(changes), ElementsAre("b 2"));
  streams("b").finish(Status());
  EXPECT_THAT(take(changes), ElementsAre("b ends ok"));
  ChangeOf read;
  EXPECT_FALSE(changes.try_read(read));
  EXPECT_TRUE(changes.status().ok()) << changes.status().to_string();
}

TEST_F(MergedStreams, TellWhatCameBeforeTheEndOfItsServer) {
  list({"a", "b"});
  publish(2);
  Changes changes = open();
  kill("a");
  EXPECT_THAT(take(changes), ElementsAre("a 1", "b 1", "a 2", "b 2", "a ends unavailable"));
}

TEST_F(MergedStreams, TellTheEndOfAServerThatCannotBeReached) {
  list({"a", "b"});
  publish();
  server("b").network = TownServer::Network::kRefuses;
  streams("a").refusal = Status(Code::kNotFound, "not here");
  auto follower = std::make_shared<Follower>(open());
  follower->read_all();
  loop.settle();
  EXPECT_THAT(follower->got, UnorderedElementsAre("a ends not_found", "b ends unavailable"));
  EXPECT_TRUE(follower->ended);
  EXPECT_TRUE(follower->changes.status().ok());
}

TEST_F(MergedStreams, HoldAServerThatNobodyReadsByItsWindow) {
  list({"a", "b"});
  Changes changes = open();
  constexpr int kMany = 10000;
  publish(kMany);
  std::vector<std::string> all = take(changes);
  EXPECT_THAT(all, Not(IsEmpty()));
  EXPECT_LT(all.size(), 2u * kMany);
  for (int i = 0; i < 100 && all.size() < 2u * kMany; ++i) {
    publish(0);
    for (std::string& one : take(changes)) all.push_back(std::move(one));
  }
  EXPECT_EQ(all.size(), 2u * kMany);
  EXPECT_EQ(std::count(all.begin(), all.end(), "a 10000"), 1);
  EXPECT_EQ(std::count(all.begin(), all.end(), "b 10000"), 1);
}

TEST_F(MergedStreams, AreCancelledAtEachServer) {
  list({"a", "b"});
  Changes changes = open();
  EXPECT_EQ(open_at("a") + open_at("b"), 2u);
  changes.cancel();
  loop.settle();
  EXPECT_EQ(open_at("a") + open_at("b"), 0u);
  ChangeOf read;
  EXPECT_FALSE(changes.try_read(read));
  EXPECT_EQ(changes.status().code(), Code::kCancelled);
  EXPECT_EQ(changes.status().message(), "cancelled by the caller");
  EXPECT_EQ(cluster().stats().calls_pending, 0u);
}

TEST_F(MergedStreams, LeaveNothingWhenTheyAreDroppedWithMessagesUnread) {
  list({"a", "b"});
  publish(100);
  {
    Changes changes = open();
    EXPECT_EQ(cluster().stats().calls_pending, 2u);
  }
  loop.settle();
  EXPECT_EQ(open_at("a") + open_at("b"), 0u);
  EXPECT_EQ(cluster().stats().calls_pending, 0u);
}

TEST_F(MergedStreams, AreReadByCallbacks) {
  list({"a", "b"});
  publish();
  auto follower = std::make_shared<Follower>(open());
  follower->read_all();
  loop.settle();
  EXPECT_THAT(follower->got, ElementsAre("a 1", "b 1"));
  publish();
  EXPECT_THAT(follower->got, UnorderedElementsAre("a 1", "b 1", "a 2", "b 2"));
  streams("a").finish(Status());
  streams("b").finish(Status(Code::kAborted, "no more"));
  loop.settle();
  follower->got.erase(follower->got.begin(), follower->got.begin() + 4);
  EXPECT_THAT(follower->got, UnorderedElementsAre("a ends ok", "b ends aborted"));
  EXPECT_TRUE(follower->ended);
}

TEST_F(MergedStreams, EndWithACancelInsideTheCallback) {
  list({"a", "b"});
  publish(3);
  auto follower = std::make_shared<Follower>(open());
  follower->then = [&] { follower->changes.cancel(); };
  follower->read_all();
  loop.settle();
  EXPECT_THAT(follower->got, ElementsAre("a 1"));
  EXPECT_TRUE(follower->ended);
  EXPECT_EQ(follower->changes.status().code(), Code::kCancelled);
  EXPECT_EQ(cluster().stats().calls_pending, 0u);
  follower->then = nullptr;
}

TEST_F(MergedStreams, TellTheLogOfAnExceptionOfTheCallback) {
  std::vector<std::string> lines;
  options.client.log = [&lines](std::string_view line) { lines.emplace_back(line); };
  list({"a"});
  Changes changes = open();
  ChangeOf read;
  changes.then(read, [](bool) { throw std::runtime_error("no more"); });
  publish();
  EXPECT_THAT(lines, ElementsAre("tern: arith: the callback of call_each() threw: no more"));
  publish();
  EXPECT_THAT(take(changes), ElementsAre("a 2"));
}

TEST_F(MergedStreams, AreAwaitedOneByOneAndInBatches) {
  struct Reads {
    static asio::awaitable<void> all(Changes& from, std::vector<std::string>& to) {
      ChangeOf read;
      if (co_await from.read(read)) to.push_back(text_of(read));
      std::vector<ChangeOf> batch;
      while (co_await from.read_batch(batch, 3)) {
        to.push_back("batch of " + std::to_string(batch.size()));
        for (const ChangeOf& one : batch) to.push_back(text_of(one));
      }
      to.push_back("end");
    }
  };
  list({"a", "b"});
  publish(2);
  Changes changes = open();
  std::vector<std::string> got;
  asio::co_spawn(loop.io(), Reads::all(changes, got), asio::detached);
  loop.settle();
  EXPECT_THAT(got, ElementsAre("a 1", "batch of 3", "b 1", "a 2", "b 2"));
  got.clear();
  publish();
  streams("a").finish(Status());
  streams("b").finish(Status());
  loop.settle();
  EXPECT_EQ(got.back(), "end");
  got.pop_back();
  std::erase_if(got, [](const std::string& one) { return one.rfind("batch", 0) == 0; });
  EXPECT_THAT(got, UnorderedElementsAre("a 3", "b 3", "a ends ok", "b ends ok"));
}

TEST_F(MergedStreams, AreReadByAThreadThatBlocks) {
  list({"a", "b"});
  Changes changes = open();
  std::vector<std::string> got;
  std::atomic<bool> done = false;
  std::thread reader([&] {
    ChangeOf read;
    while (changes.get(read)) got.push_back(text_of(read));
    done = true;
  });
  publish();
  streams("a").finish(Status());
  streams("b").finish(Status());
  while (!done) loop.settle();
  reader.join();
  EXPECT_THAT(got, UnorderedElementsAre("a 1", "b 1", "a ends ok", "b ends ok"));
  EXPECT_TRUE(changes.status().ok());
}

TEST_F(MergedStreams, TwoReadsAtATimeEndThem) {
  list({"a"});
  Changes changes = open();
  ChangeOf first;
  ChangeOf second;
  std::vector<bool> outcomes;
  changes.then(first, [&](bool more) { outcomes.push_back(more); });
  changes.then(second, [&](bool more) { outcomes.push_back(more); });
  loop.settle();
  EXPECT_THAT(outcomes, ElementsAre(false, false));
  EXPECT_EQ(changes.status().code(), Code::kFailedPrecondition);
  EXPECT_EQ(open_at("a"), 0u);
}

// --- Opening ---

TEST_F(MergedStreams, FailWithoutServersAsCallsDo) {
  list({});
  Call<std::vector<ServerResult<std::int64_t>>> calls = call_each(cluster(), [](Channel& channel) {
    return arith::ArithStub(channel).Multiply({6, 7});
  });
  auto ended = test::watch(calls);
  auto follower = std::make_shared<Follower>(open());
  follower->read_all();
  loop.settle();
  EXPECT_TRUE(follower->ended);
  EXPECT_THAT(follower->got, IsEmpty());
  EXPECT_EQ(follower->changes.status().to_string(), ended->result->status().to_string());
  EXPECT_EQ(follower->changes.status().code(), Code::kUnavailable);
}

TEST_F(MergedStreams, WaitUntilTheServersAreKnown) {
  auto follower = std::make_shared<Follower>(open());
  follower->read_all();
  loop.settle();
  EXPECT_FALSE(follower->ended);
  list({"a", "b"});
  publish();
  EXPECT_THAT(follower->got, UnorderedElementsAre("a 1", "b 1"));
}

TEST_F(MergedStreams, AreCancelledWhileTheyWaitForTheServers) {
  auto follower = std::make_shared<Follower>(open());
  follower->read_all();
  follower->changes.cancel();
  loop.settle();
  EXPECT_TRUE(follower->ended);
  EXPECT_EQ(follower->changes.status().code(), Code::kCancelled);
  list({"a"});
  loop.settle();
  EXPECT_THAT(streams("a").asked, IsEmpty());
}

TEST_F(MergedStreams, FailWhenOneCannotBeOpenedAndCancelTheOthers) {
  list({"a", "b"});
  int starts = 0;
  Changes changes = call_each(cluster(), [&](Channel& server) {
    if (++starts == 2) throw std::runtime_error("no more");
    return feed::FeedStub(server).Tail(feed::Since());
  });
  loop.settle();
  EXPECT_EQ(changes.status().code(), Code::kInternal);
  EXPECT_EQ(changes.status().message(), "call_each: to open a stream threw: no more");
  EXPECT_EQ(open_at("a"), 0u);
  EXPECT_EQ(cluster().stats().calls_pending, 0u);
}

TEST_F(MergedStreams, DoNotGoToServersThatAreListedLater) {
  list({"a"});
  Changes changes = open();
  list({"a", "b"});
  publish();
  EXPECT_THAT(take(changes), ElementsAre("a 1"));
  EXPECT_THAT(streams("b").asked, IsEmpty());
}

// --- Time ---

TEST_F(MergedStreams, KeepToTheDeadlineOfEach) {
  list({"a", "b"});
  publish();
  Changes changes = open({}, within(3s));
  EXPECT_THAT(take(changes), ElementsAre("a 1", "b 1"));
  loop.advance(3s);
  EXPECT_THAT(take(changes),
              UnorderedElementsAre("a ends deadline_exceeded", "b ends deadline_exceeded"));
  EXPECT_TRUE(changes.status().ok());
}

TEST_F(MergedStreams, EndTheOneThatIsSilentForTooLong) {
  list({"a", "b"});
  CallOptions silent;
  silent.message_timeout = 3s;
  Changes changes = open({}, silent);
  loop.advance(2s);
  publish();
  streams("b").finish(Status());
  loop.settle();
  EXPECT_THAT(take(changes), UnorderedElementsAre("a 1", "b 1", "b ends ok"));
  loop.advance(3s);
  EXPECT_THAT(take(changes), ElementsAre("a ends deadline_exceeded"));
}

}  // namespace
}  // namespace tern::test
