// A client's side of gRPC over HTTP/2.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "http2/client_session.h"
#include "http2/send_window.h"
#include "tern/limits.h"
#include "wire/client_protocol.h"
#include "wire/grpc/message_codec.h"
#include "wire/grpc/message_prefix.h"
#include "wire/grpc/response.h"

namespace tern::wire::grpc {

// Each call has a stream of HTTP/2. All requests wait in here until write_answer(), and longer if
// the server's windows or its limit of streams do not take them. A call ends with its trailers, or
// with its stream.
class ClientProtocol final : public wire::ClientProtocol, private http2::ClientSessionUser {
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
  using StreamId = http2::StreamId;

  // What the server can know of a request.
  enum class Sent : std::uint8_t { kNothing, kHead, kAll };
  struct Call {
    explicit Call(const RequestHead& head) noexcept
        : id(head.id),
          kind(head.method->kind),
          compression(head.compression),
          deadline(head.deadline),
          response(server_streams(kind) ? Response::Body::kMessages : Response::Body::kOneMessage) {
    }

    std::uint64_t id;
    MethodKind kind;
    Compression compression;  // of what the client sends
    Clock::TimePoint deadline;
    Sent sent = Sent::kNothing;
    bool open = true;          // its stream
    http2::SendWindow window;  // for what the client sends
    Response response;
  };
  using Calls = std::map<StreamId, Call>;
  enum class Phase : std::uint8_t {
    kFresh,  // nothing has come
    kOpen,
    kGoingAway,  // next() gives or has given kGoingAway
    kEnded       // the server has ended the connection
  };
  // What next() is to give.
  struct Event {
    FrameKind kind;
    StreamId stream = 0;
    StreamReader::Piece piece = {};  // without its bytes, which are in data_
    std::size_t start = 0;
    std::size_t size = 0;
    bool initial_metadata = false;
    bool too_many_pings = false;
    std::uint64_t number = 0;  // of a pong, or the bytes of credit
  };

  void on_head(StreamId stream, http2::Head head) override;
  void on_data(StreamId stream, ByteView bytes) override;
  void on_end(StreamId stream) override;
  void on_window(StreamId stream, std::uint64_t bytes) override;
  void on_initial_window(std::int64_t change) override;
  void on_close(StreamId stream, std::uint32_t code) override;
  void on_sent_head(StreamId stream) override;
  void on_sent_end(StreamId stream) override;
  void on_pong(std::uint64_t number) override;
  void on_going_away(std::uint32_t code, std::string_view text) override;

  Call* find(StreamId stream) noexcept;
  // Null if the call has ended.
  Calls::iterator find_call(std::uint64_t id) noexcept;
  const Call* find_call(std::uint64_t id) const noexcept;
  Calls::node_type take_out(Calls::iterator at) noexcept;
  // Behind what may have completed the response of the call; `was` says whether it was before.
  void tell_if_complete(StreamId stream, const Call& call, bool was);
  void tell_going_away(bool too_many_pings = false);
  bool take(const Event& event, Frame& frame);
  void take_outcome(Calls::iterator at, Frame& frame);
  http2::Fields head_of(const RequestHead& head) const;
  void write(Buffer& out);

  const Limits& limits_;
  const std::string authority_;
  const std::string_view scheme_;
  // Of all streams that are not compressed, and of all others.
  const std::shared_ptr<const MessageCodec> codec_;
  const std::shared_ptr<const MessageCodec> gzip_codec_;

  // All of it. Requests are written on any thread, and responses are read on the loop's.
  mutable std::mutex mutex_;
  Calls calls_;                                // that have not ended
  std::map<std::uint64_t, StreamId> streams_;  // of the calls
  std::deque<SentRequest> sent_;               // see take_sent()
  std::deque<Event> events_;
  Clock::TimePoint now_{};  // of what is read
  Buffer data_;             // the bytes of pieces in events_
  std::size_t slice_ = 0;   // bytes that were read, and are consumed when events_ is empty
  Phase phase_ = Phase::kFresh;
  bool pings_less_ = false;  // the server has asked for that
  bool unusable_ = false;    // what is written is lost: there was no memory
  std::string going_away_;
  Status broken_;  // what came behind events_
  http2::ClientSession session_;

  // The call that next() has given the end of. For the thread that reads.
  Calls::node_type current_;
};

}  // namespace tern::wire::grpc
