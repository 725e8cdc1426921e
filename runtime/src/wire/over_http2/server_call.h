// One request on a connection of HTTP/2, and its answer.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

#include "http2/send_window.h"
#include "http2/server_session.h"
#include "tern/codec.h"
#include "tern/codegen/method.h"
#include "tern/compression.h"
#include "tern/limits.h"
#include "wire/over_http/request.h"
#include "wire/over_http2/events.h"
#include "wire/server_protocol.h"

namespace tern::wire::over_http2 {

// What the calls of a connection share. It outlives them.
struct CallSetup {
  const Limits& limits;
  const over_http::Rules rules;
  const Compression compression;  // of gRPC's answers to calls that say nothing else
  http2::ServerSession& session;
  Events& events;
};

// How a stream that has been opened is read and written: see ServerProtocol.
struct StreamTerms {
  std::uint64_t window = 0;
  const Codec* codec = nullptr;
  std::shared_ptr<const void> codec_owner;
  std::uint8_t message_cost = 0;
  std::uint8_t message_envelope = 0;
};

// gRPC's, or what else is asked for over HTTP. A request whose client sends one message, or none,
// is told of when it is whole; one whose client streams at once, and its messages as they come.
// What it writes goes to the session, which its connection then writes.
class ServerCall {
 public:
  // How far it is.
  enum class Stage : std::uint8_t {
    kComing,    // the request is not whole
    kTold,      // it waits to be taken, or the server has it
    kBegun,     // the same, and the head of the answer has been written
    kAnswered,  // the answer is on its way
  };

  ServerCall(const CallSetup& setup, StreamId stream)
      : setup_(setup), stream_(stream), window_(setup.session.initial_window()) {}
  ServerCall(const ServerCall&) = delete;
  ServerCall& operator=(const ServerCall&) = delete;
  virtual ~ServerCall() = default;

  Stage stage() const noexcept { return stage_; }
  // The server has it, or will have it, and has not answered.
  bool open() const noexcept { return stage_ == Stage::kTold || stage_ == Stage::kBegun; }

  // --- The request ---

  // The client's side is a stream of messages, whose windows write_credit() gives back.
  virtual bool reads_messages() const noexcept = 0;
  // A part of the body, of a request that is coming or reads messages. The frames that it adds to
  // the events have no id: see first_id().
  virtual void add(ByteView bytes) = 0;
  virtual void end_body() = 0;
  // There is nothing more to wait for. Not if it reads messages.
  virtual bool complete() const noexcept = 0;
  // How many bytes are kept until it is.
  virtual std::size_t gathered() const noexcept = 0;
  // How many more belong to the message that is coming. Nothing: that is not known.
  virtual std::optional<std::size_t> to_come() const noexcept = 0;
  // It is complete, or reads messages: makes it an event, or answers it.
  virtual void tell() { tell_request(); }

  enum class Taken : std::uint8_t { kNothing, kMore, kLast };
  // Sets `frame` to what is asked for: several calls may be in one request. kNothing: there is
  // none, or none more.
  virtual Taken take_request(Frame& frame) = 0;
  // The frame that was taken last is of no use any more.
  virtual void release_request() noexcept {}
  virtual Status read_body(const Frame& frame, const TypeOps& type, void* argument) = 0;
  virtual Status read_metadata(const Frame& frame, Metadata& metadata) = 0;
  virtual Status unknown_method(std::string_view name, UnknownMethod why) = 0;
  virtual Code unreadable() const noexcept = 0;
  // Of a request that has opened a stream.
  virtual StreamTerms stream_terms() = 0;

  // --- Windows ---

  // The client takes so much more, or less.
  void on_window(std::uint64_t bytes) {
    const std::uint64_t made_good = std::min(untold_, bytes);
    untold_ -= made_good;
    const std::uint64_t more = window_.grow(bytes - made_good);
    if (more == 0 || stage_ == Stage::kAnswered) return;
    Frame credit;
    credit.kind = FrameKind::kReplyCredit;
    credit.credit = more;
    setup_.events.add(stream_, credit);
  }
  void shrink_window(std::uint64_t bytes) noexcept { window_.shrink(bytes); }

  // --- The answer, while it is open: each as ServerProtocol has it ---

  // `end`: for write_stream_end(), with ReplyHead::ends_stream. Else nothing is appended to it.
  virtual Status write_reply(const ReplyHead& head, const TypeOps& type, const void* value,
                             Buffer& end) = 0;
  virtual void write_error(const ReplyHead& head, const Status& status, Buffer& end) = 0;
  virtual void write_page(const Page&) {}
  virtual void set_compression(Compression) noexcept {}
  virtual void write_initial_metadata(const Metadata& metadata) = 0;
  virtual void write_stream_data(const StreamPiece& piece) = 0;
  virtual void write_stream_end(ByteView end) = 0;
  virtual bool wants_heartbeats() const noexcept { return false; }
  virtual void write_heartbeat() {}
  // In the words of HTTP/2, which every client knows for a proof that nothing has run.
  void refuse() {
    stage_ = Stage::kAnswered;
    setup_.session.reset(stream_, http2::ErrorCode::kRefusedStream);
  }

  // --- Ids of frames: those of several calls are next to each other ---

  static StreamId stream_of(std::uint64_t id) noexcept {
    return static_cast<StreamId>(id & 0xffffffff);
  }
  // Of the first frame that was taken.
  std::uint64_t first_id() const noexcept { return first_id_; }
  // Each id of those that were taken, from the first one.
  std::uint64_t taken() const noexcept { return taken_; }
  std::uint64_t taken_id(std::uint64_t index) const noexcept { return first_id_ + (index << 32); }

 protected:
  StreamId stream() const noexcept { return stream_; }
  const Limits& limits() const noexcept { return setup_.limits; }
  http2::ServerSession& session() noexcept { return setup_.session; }
  Events& events() noexcept { return setup_.events; }

  void set_stage(Stage stage) noexcept { stage_ = stage; }
  void tell_request() {
    stage_ = Stage::kTold;
    events().add_request(stream_);
  }
  // One of several has a number from 1.
  std::uint64_t id_of(std::uint64_t number) const noexcept {
    return static_cast<std::uint64_t>(stream_) | number << 32;
  }
  static std::uint64_t number_of(std::uint64_t id) noexcept { return id >> 32; }
  void note_taken(std::uint64_t id) noexcept {
    if (taken_++ == 0) first_id_ = id;
  }
  // What the client takes of a stream that opens now. From then on it is told of more.
  std::uint64_t tell_window() noexcept { return window_.tell(); }
  // So much of the window is taken by what the server's streams do not know of.
  void take_untold(std::size_t bytes) noexcept { untold_ += bytes; }

 private:
  const CallSetup& setup_;
  const StreamId stream_;
  Stage stage_ = Stage::kComing;
  http2::SendWindow window_;
  std::uint64_t untold_ = 0;
  std::uint64_t first_id_ = 0;
  std::uint64_t taken_ = 0;
};

}  // namespace tern::wire::over_http2
