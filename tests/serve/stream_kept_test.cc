// Streams that stay open behind their handlers: what they cost, and how they end.
#include <gtest/gtest.h>

#include <chrono>
#include <iostream>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "codec/hostile.h"
#include "serve/stream_fixture.h"

namespace tern::test {
namespace {

using namespace std::chrono_literals;

class StreamKept : public StreamServer {
 protected:
  StreamKept() {
    feed().watch = [this](ServerContext& context, std::string topic,
                          Writer<std::string> out) -> Reply<void> {
      if (topic == "named") context.initial_metadata().add("who", "hub");
      if (topic == "drain") context.on_drain([this] { ++drains_; });
      if (topic == "cancel") context.on_cancel([this] { ++cancels_; });
      Reply<void> reply = kept(out);
      watchers_.push_back(std::move(out));
      return reply;
    };
  }

  std::vector<Writer<std::string>> watchers_;
  int drains_ = 0;
  int cancels_ = 0;
};

TEST_F(StreamKept, GoesOnBehindItsHandlerUntilItIsFinished) {
  auto peer = connect_streams();
  EXPECT_EQ(say(*peer, peer->open(1, FeedService::kWatch)), "");
  EXPECT_TRUE(watchers_[0].try_write("one"));
  EXPECT_EQ(say(*peer, ""), "data 1 'one'");
  EXPECT_EQ(stats("Watch").running, 1u);
  EXPECT_TRUE(watchers_[0].try_write("two"));
  watchers_[0].finish();
  EXPECT_FALSE(watchers_[0].try_write("three"));
  EXPECT_EQ(say(*peer, ""), "data 1 'two'; reply 1");
  EXPECT_EQ(streams_open(), 0u);
  EXPECT_EQ(stats("Watch").running, 0u);
  EXPECT_EQ(stats("Watch").errors, 0u);
}

TEST_F(StreamKept, EndsWithTheStatusThatItIsFinishedWith) {
  auto peer = connect_streams();
  say(*peer, peer->open(1, FeedService::kWatch));
  watchers_[0].finish(Status(Code::kNotFound, "the topic is gone"));
  EXPECT_EQ(say(*peer, ""), "error 1 not_found 'the topic is gone'");
  EXPECT_EQ(stats("Watch").errors, 1u);
}

TEST_F(StreamKept, EndsWithAnErrorIfItsWriterIsDropped) {
  auto peer = connect_streams();
  say(*peer, peer->open(1, FeedService::kWatch));
  watchers_.clear();
  EXPECT_EQ(say(*peer, ""), "error 1 internal 'the handler let go of its Writer without finish()'");
}

TEST_F(StreamKept, IsWrittenFromOtherThreads) {
  auto peer = connect_streams();
  say(*peer, peer->open(1, FeedService::kWatch));
  std::thread hub([this] {
    EXPECT_TRUE(watchers_[0].try_write("one"));
    watchers_[0].finish();
  });
  hub.join();
  EXPECT_EQ(say(*peer, ""), "data 1 'one'; reply 1");
}

TEST_F(StreamKept, EndsByItsDeadline) {
  auto peer = connect_streams();
  say(*peer, peer->open(1, FeedService::kWatch, "", 1s));
  advance(1s);
  EXPECT_EQ(peer->seen().substr(0, 25), "error 1 deadline_exceeded");
  EXPECT_FALSE(watchers_[0].try_write("late"));
  EXPECT_EQ(watchers_[0].status().code(), Code::kDeadlineExceeded);
  watchers_[0].finish();
  EXPECT_EQ(say(*peer, ""), "");
}

TEST_F(StreamKept, EndsByACancelOrTheLossOfItsConnection) {
  auto peer = connect_streams();
  say(*peer, peer->open(1, FeedService::kWatch) + peer->open(2, FeedService::kWatch, "cancel"));
  EXPECT_EQ(say(*peer, peer->cancel(1) + peer->cancel(2)), "");
  EXPECT_EQ(watchers_[0].status().code(), Code::kCancelled);
  EXPECT_EQ(watchers_[1].status().code(), Code::kCancelled);
  EXPECT_EQ(cancels_, 1);
  say(*peer, peer->open(3, FeedService::kWatch));
  peer->end().close();
  settle();
  EXPECT_EQ(watchers_[2].status().code(), Code::kUnavailable);
  EXPECT_EQ(streams_open(), 0u);
  EXPECT_EQ(stats("Watch").running, 0u);
}

TEST_F(StreamKept, SendsItsInitialMetadata) {
  auto peer = connect_streams();
  EXPECT_EQ(say(*peer, peer->open(1, FeedService::kWatch, "named")), "initial 1");
  EXPECT_TRUE(watchers_[0].try_write("one"));
  EXPECT_EQ(say(*peer, ""), "data 1 'one'");
}

TEST_F(StreamKept, IsToldOfADrainAndHoldsItUp) {
  auto peer = connect_streams();
  say(*peer, peer->open(1, FeedService::kWatch, "drain"));
  begin_drain(1h);
  settle();
  EXPECT_EQ(drains_, 1);
  EXPECT_FALSE(stopped());
  EXPECT_EQ(peer->seen().substr(0, 10), "going away");
  watchers_[0].finish();
  EXPECT_EQ(say(*peer, ""), "reply 1");
  peer->end().close();
  finish_stop();
}

TEST_F(StreamKept, IsGivenUpByAServerThatStops) {
  auto peer = connect_streams();
  say(*peer, peer->open(1, FeedService::kWatch));
  begin_stop(0s);
  while (!stopped()) {
    settle();
    advance(10ms);
  }
  finish_stop();
  EXPECT_NE(peer->seen().find("error 1 unavailable"), std::string::npos);
  EXPECT_EQ(watchers_[0].status().code(), Code::kUnavailable);
}

TEST_F(StreamKept, EndsBySilence) {
  feed().pause = [this](ServerContext&, std::string, Writer<std::string> out) -> Reply<void> {
    Reply<void> reply = kept(out);
    watchers_.push_back(std::move(out));
    return reply;
  };
  auto peer = connect_streams();
  say(*peer, peer->open(1, FeedService::kPause));
  advance(20s);
  EXPECT_TRUE(watchers_[0].try_write("one"));
  EXPECT_EQ(say(*peer, ""), "data 1 'one'");
  advance(29s);
  EXPECT_EQ(peer->seen(), "");
  advance(1s);
  EXPECT_EQ(peer->seen(), "error 1 deadline_exceeded 'no message for 30s'");
}

TEST_F(StreamKept, CostsLittleAndNothingIsLeftOfTenThousand) {
  constexpr std::uint64_t kMany = 10'000;
  options().limits.streams = kMany;
  auto peer = connect_streams();
  // What the first ones need for all, such as the pool of calls, is there.
  say(*peer, peer->open(1, FeedService::kWatch));
  watchers_[0].finish();
  EXPECT_EQ(say(*peer, ""), "reply 1");
  watchers_.clear();
  watchers_.reserve(kMany);
  std::vector<std::string> requests;
  for (std::uint64_t id = 2; id < kMany + 2; ++id) {
    requests.push_back(peer->open(id, FeedService::kWatch));
  }
  sample::HeapGrowth growth;
  for (const std::string& request : requests) {
    peer->send(request);
    settle();
  }
  ASSERT_EQ(streams_open(), kMany);
  const std::size_t each = growth.left() / kMany;
  std::cout << "a kept stream has " << each << " bytes\n";
  EXPECT_LT(each, 1200u);
  for (Writer<std::string>& one : watchers_) EXPECT_TRUE(one.try_write("news"));
  settle();
  EXPECT_EQ(peer->got().size(), kMany);
  for (Writer<std::string>& one : watchers_) one.finish();
  settle();
  EXPECT_EQ(peer->got().size(), kMany);
  EXPECT_EQ(streams_open(), 0u);
  EXPECT_EQ(stats("Watch").running, 0u);
}

}  // namespace
}  // namespace tern::test
