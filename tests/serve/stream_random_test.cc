// Whatever a client that keeps to the rules does with its streams, in whatever order: nothing is
// left of them at the end, and its connection lives.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "serve/stream_fixture.h"

namespace tern::test {
namespace {

using namespace std::chrono_literals;

// What the client knows of a stream that it has opened.
struct Known {
  FeedService::Position method = FeedService::kWatch;
  std::uint64_t granted = 0;  // by the server, and not used
  bool writes = false;
};

class StreamChance : public StreamServer {
 protected:
  static constexpr std::uint64_t kServerWindow = 4096;

  StreamChance() {
    options().limits.stream_window = kServerWindow;
    options().limits.streams = 20;
    feed().chat = [](ServerContext&, Reader<std::string> in, Writer<std::string> out) {
      return Reply<void>(echo(std::move(in), std::move(out)));
    };
    feed().upload = [](ServerContext&, Reader<std::string> in) { return join(std::move(in)); };
    feed().watch = [this](ServerContext&, std::string, Writer<std::string> out) -> Reply<void> {
      if (below(3) > 0) return write_many(std::move(out), below(60), below(3000));
      Reply<void> reply = kept(out);
      kept_.push_back(std::move(out));
      return reply;
    };
  }
  int below(int limit) {
    return static_cast<int>(random_() % static_cast<std::uint32_t>(std::max(limit, 1)));
  }

  std::string open(StreamPeer& peer) {
    const FeedService::Position methods[] = {FeedService::kWatch, FeedService::kUpload,
                                             FeedService::kChat};
    Known fresh;
    fresh.method = methods[below(3)];
    fresh.writes = fresh.method != FeedService::kWatch;
    fresh.granted = kServerWindow;
    const std::uint64_t id = ++last_id_;
    known_[id] = fresh;
    return peer.open(
        id, fresh.method, "x",
        below(4) == 0 ? std::chrono::nanoseconds(below(1000) * 1ms) : std::chrono::nanoseconds(0));
  }
  // One thing that a client may do with one of its streams.
  std::string act(StreamPeer& peer) {
    if (known_.empty()) return open(peer);
    auto at = known_.begin();
    std::advance(at, below(static_cast<int>(known_.size())));
    auto& [id, known] = *at;
    switch (below(6)) {
      case 0:
        return open(peer);
      case 1: {
        std::string cancel = peer.cancel(id);
        known_.erase(at);
        return cancel;
      }
      case 2:
        return peer.credit(id, static_cast<std::uint64_t>(1 + below(5000)));
      case 3:
        if (!known.writes || below(3) > 0) return {};
        known.writes = false;
        return peer.half_close(id);
      default: {
        const auto size = static_cast<std::uint64_t>(1 + below(900));
        if (!known.writes || known.granted < size + 32) return {};
        known.granted -= size + 32;
        return peer.message(id, std::string(size, 'm'));
      }
    }
  }
  void take(StreamPeer& peer) {
    for (const Got& one : peer.got()) {
      ASSERT_NE(one.kind, wire::FrameKind::kGoingAway) << one.text;
      auto at = known_.find(one.id);
      if (at == known_.end()) continue;
      if (one.kind == wire::FrameKind::kRequestCredit) at->second.granted += one.credit;
      if (one.kind == wire::FrameKind::kError) {
        ASSERT_TRUE(one.code == Code::kDeadlineExceeded || one.code == Code::kResourceExhausted)
            << one.text;
      }
      if (one.kind == wire::FrameKind::kReply || one.kind == wire::FrameKind::kError) {
        known_.erase(at);
      }
    }
  }
  // What hubs do.
  void use_kept() {
    for (Writer<std::string>& one : kept_) {
      if (below(4) == 0) one.try_write(std::string(static_cast<std::size_t>(below(2000)), 'k'));
      if (below(20) == 0) one.finish();
    }
    if (kept_.size() > 30) kept_.erase(kept_.begin(), kept_.begin() + 10);
  }

  std::mt19937 random_{11};
  std::uint64_t last_id_ = 0;
  std::map<std::uint64_t, Known> known_;
  std::vector<Writer<std::string>> kept_;
};

TEST_F(StreamChance, LeavesNothingBehindAndEndsNoConnection) {
  auto peer = connect_streams(2048);
  for (int turn = 0; turn < 15'000; ++turn) {
    std::string bytes;
    for (int i = below(8); i > 0; --i) bytes += act(*peer);
    peer->send(bytes);
    if (below(10) == 0) {
      advance(below(200) * 1ms);
    } else {
      settle();
    }
    use_kept();
    ASSERT_NO_FATAL_FAILURE(take(*peer));
    ASSERT_LE(streams_open(), 20u);
  }
  kept_.clear();
  settle();
  // Those that wait for credit, or for a message, are given up.
  std::string bytes;
  for (const auto& [id, known] : known_) bytes += peer->cancel(id);
  say(*peer, bytes + peer->ping(1));
  EXPECT_EQ(streams_open(), 0u);
  EXPECT_EQ(server().stats().calls_running, 0u);
  EXPECT_EQ(server().stats().unsent_bytes, 0u);
  EXPECT_EQ(say(*peer, peer->request(last_id_ + 1, "still here")),
            "reply " + std::to_string(last_id_ + 1) + " 'still here'");
  EXPECT_GT(stats("Chat").calls, 1000u);
}

}  // namespace
}  // namespace tern::test
