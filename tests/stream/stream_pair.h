// Both ends of streams, without calls and sockets between them.
#pragma once

#include <gtest/gtest.h>
#include <asio/awaitable.hpp>

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "stream/streams.h"
#include "support/test_loop.h"
#include "tern/codegen/method.h"
#include "tern/codegen/type_ops_of.h"
#include "tern/limits.h"
#include "tern/stream.h"

namespace tern::test {

// What came and left on one end of a connection of streams.
class StreamEnd final : public stream::StreamsUser {
 public:
  // What travels.
  struct Sent {
    enum class Kind : std::uint8_t { kData, kHalfClose, kCredit, kCancel, kEnd };
    Kind kind = Kind::kData;
    std::uint64_t id = 0;
    std::uint64_t number = 0;  // of credit: bytes; of data: the length of the whole
    bool continues = false;
    std::string bytes;
    Status outcome;
  };

  StreamEnd(Loop& loop, std::uint64_t budget) : loop_(loop), streams(*this, loop, budget) {}

  // What has been sent since the last time.
  std::deque<Sent> take_sent();
  // A failure has ended the stream.
  void receive(const Sent& sent);
  // Ends a handler's stream behind its messages.
  void reply(std::uint64_t id, const Status& outcome);

  // What was wrong with what came, by streams.
  std::map<std::uint64_t, Status> faults;
  bool hold_data = false;  // no data leaves
  int probes = 0;          // that have been sent

 private:
  void on_streams_work() noexcept override;
  void write_piece(const wire::StreamPiece& piece, Buffer& out) override;
  void write_credit(std::uint64_t id, std::uint64_t bytes) override;
  void on_stream_given_up(stream::Stream& stream, const Status& why) override;
  void on_message_refused(stream::Stream& stream, const Status& why) override {
    on_stream_given_up(stream, why);
  }
  void on_stream_finished(stream::Stream& stream, const Status& outcome) override;
  bool send_probe() override {
    ++probes;
    return true;
  }
  void on_stream_sent(stream::Stream& stream) override;

  Loop& loop_;
  std::deque<Sent> control_;
  std::map<std::uint64_t, Status> outcomes_;
  bool caller_ends_ = false;

 public:
  stream::Streams streams;
  bool serves = false;
};

// A caller's end and a handler's. What one sends reaches the other in settle().
class StreamPair : public testing::Test {
 protected:
  struct Opened {
    std::shared_ptr<stream::Stream> caller;
    std::shared_ptr<stream::Stream> handler;
  };

  StreamPair();
  ~StreamPair() override;

  Opened open(MethodKind kind);
  // One turn of each end: what was sent arrives, callbacks run.
  void turn();
  // Turns until nothing moves.
  void settle();
  void advance(Clock::Duration by) { loop_.advance(by); }
  // Runs the coroutine until it waits.
  void spawn(std::function<asio::awaitable<void>()> body);

  Limits limits_;
  TestLoop loop_;
  StreamEnd caller_;
  StreamEnd handler_;
  std::uint64_t next_id_ = 1;
};

}  // namespace tern::test
