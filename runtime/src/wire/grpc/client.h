// A client's side of gRPC over HTTP/2.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "http2/client_session.h"
#include "tern/limits.h"
#include "wire/client_protocol.h"
#include "wire/grpc/client_calls.h"
#include "wire/grpc/client_events.h"
#include "wire/grpc/message_codec.h"
#include "wire/grpc/message_prefix.h"

namespace tern::wire::grpc {

// Each call has a stream of HTTP/2. All requests wait in here until write_answer(), and longer if
// the server's windows or its limit of streams do not take them. A call ends with its trailers, or
// with its stream.
class ClientProtocol final : public wire::ClientProtocol {
 public:
  // `limits` outlives this. `authority`: the server's host and port. `scheme`: "http", or
  // "https" over TLS. Throws std::bad_alloc.
  ClientProtocol(const Limits& limits, std::string authority, std::string_view scheme = "http");

  void set_time(Clock::TimePoint now) override;
  Progress next(ByteView in, Frame& frame, Status& why) override;
  bool has_last_words() const override;
  bool finished() const noexcept override;
  Status read_body(const Frame& frame, const TypeOps& type, void* result) override;
  Status read_detail(const Frame& frame, const TypeOps& type, void* detail) override;
  Status read_metadata(const Frame& frame, Metadata& metadata) override;

  Status write_request(const RequestHead& head, const TypeOps& type, const void* argument,
                       Buffer& out) override;
  bool holds_requests() const noexcept override { return true; }
  std::optional<SentRequest> take_sent() noexcept override;
  bool holds(std::uint64_t id) const override;
  void write_answer(Buffer& out) override;

  bool has_streams() const noexcept override { return true; }
  std::uint64_t begin_stream_window(std::uint64_t id) override;
  std::shared_ptr<const Codec> codec_of_stream(std::uint64_t id) const override;
  std::uint8_t message_cost() const noexcept override {
    return MessagePrefix::kSize - MessageCodec::kFlagBytes;
  }
  std::uint8_t message_envelope() const noexcept override { return MessageCodec::kFlagBytes; }
  bool takes_stream_data() const noexcept override;
  void write_stream_data(const StreamPiece& piece, Buffer& out) override;
  void end_stream_data(Buffer& out) override { write_answer(out); }
  void write_stream_end(std::uint64_t id, ByteView end, Buffer& out) override;
  void write_credit(std::uint64_t id, std::uint64_t bytes, Buffer& out) override;

  bool has_pings() const noexcept override { return true; }
  std::chrono::nanoseconds least_ping_interval() const noexcept override;
  void write_cancel(std::uint64_t id, Buffer& out) override;
  void write_ping(std::uint64_t number, Buffer& out) override;

 private:
  enum class Phase : std::uint8_t {
    kFresh,  // nothing has come
    kOpen,
    kEnded  // the server has ended the connection
  };

  bool take(const ClientEvent& event, Frame& frame);
  void take_outcome(const ClientCall& call, Frame& frame);
  void write(Buffer& out);

  const Limits& limits_;
  const std::string authority_;
  const std::string_view scheme_;
  // Of all streams that are not compressed, and of all others.
  const std::shared_ptr<const MessageCodec> codec_;
  const std::shared_ptr<const MessageCodec> gzip_codec_;

  // All of it. Requests are written on any thread, and responses are read on the loop's.
  mutable std::mutex mutex_;
  ClientCalls calls_;
  ClientEvents events_;    // what next() is to give
  std::size_t slice_ = 0;  // bytes that were read, and are consumed when events_ is empty
  Phase phase_ = Phase::kFresh;
  bool unusable_ = false;  // what is written is lost: there was no memory
  Status broken_;          // what came behind events_
  http2::ClientSession session_;

  // The call that next() has given the end of. For the thread that reads.
  ClientCalls::Taken current_;
};

}  // namespace tern::wire::grpc
