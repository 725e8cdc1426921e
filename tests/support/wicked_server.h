// The server's side of one connection by hand, frame by frame, as rude as the test likes.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "support/memory_stream.h"
#include "tern/codegen/type_ops.h"
#include "tern/limits.h"
#include "tern/metadata.h"
#include "tern/status.h"
#include "wire/frame.h"
#include "wire/handshake.h"
#include "wire/native/server.h"

namespace tern::test {

// A frame that a client has sent, with what it refers to.
struct SentFrame {
  wire::FrameKind kind = wire::FrameKind::kRequest;
  std::uint64_t id = 0;
  std::uint32_t method_id = 0;
  std::chrono::nanoseconds timeout{0};
  Metadata metadata;
  std::string body;
  bool opens_stream = false;
  bool continues = false;
  bool ends_side = false;
  std::uint64_t whole = 0;
  std::uint64_t credit = 0;
};

// Reads what the client has sent so far, and sends what the test says. Does nothing on its own.
class WickedServer {
 public:
  explicit WickedServer(MemoryEnd& end) : end_(end), frames_(native_codec(), Limits()) {}

  // The Option line; "" if it is not there yet.
  std::string read_option();
  void accept(std::size_t max_message_bytes = 0, std::size_t max_calls_in_flight = 0);
  // The same, with the keys of streams and requests in chunks.
  void accept(const wire::PeerTerms& terms);
  void refuse(std::string_view reason, bool going_away = false);

  // The frames that have come since, without the Option. Of a request in chunks each of them.
  std::vector<SentFrame> read();
  // Only those of one kind.
  std::vector<SentFrame> read(wire::FrameKind kind);

  void reply(std::uint64_t id, const TypeOps& type, const void* value,
             const Metadata& metadata = Metadata());
  void reply(std::uint64_t id, std::int64_t value);
  void fail(std::uint64_t id, const Status& status);
  // Of streams.
  void message(std::uint64_t id, const std::string& text);
  void data(const wire::StreamPiece& piece);
  void credit(std::uint64_t id, std::uint64_t bytes);
  void initial_metadata(std::uint64_t id, const Metadata& metadata);
  void end(std::uint64_t id, const Metadata& metadata = Metadata());
  void ping(std::uint64_t id);
  void pong(std::uint64_t id);
  void going_away(std::string_view message);
  void send(std::string_view bytes) { end_.send(bytes); }

  // The same frames as bytes, to be sent in pieces, or damaged.
  static std::string reply_bytes(std::uint64_t id, std::int64_t value);
  static std::string accept_line(std::size_t max_message_bytes = 0,
                                 std::size_t max_calls_in_flight = 0);

 private:
  void take_in();
  void send(const Buffer& frame) { end_.send(as_text(frame.view())); }

  MemoryEnd& end_;
  wire::native::ServerProtocol frames_;
  std::string received_;
  bool option_read_ = false;
};

}  // namespace tern::test
