// A server's side of gRPC over HTTP/2, for unary calls.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <string_view>

#include "http2/session.h"
#include "tern/limits.h"
#include "wire/grpc/request.h"
#include "wire/server_protocol.h"

namespace tern::wire::grpc {

// Requests come as frames when their message is complete. Messages that are coming have
// Limits::chunked_bytes together, or there is one of them: the windows of the others wait.
class ServerProtocol final : public wire::ServerProtocol, private http2::SessionUser {
 public:
  // `limits` outlive this. Throws std::bad_alloc.
  explicit ServerProtocol(const Limits& limits);

  std::string_view codec() const noexcept override { return "proto"; }
  bool has_metadata() const noexcept override { return true; }
  bool has_control_frames() const noexcept override { return true; }

  Progress next(ByteView in, Frame& frame, Status& why) override;
  bool in_frame() const noexcept override { return session_.in_frame() || coming_bytes_ > 0; }
  bool finished() const noexcept override {
    return session_.ended() && events_.empty() && slice_ == 0;
  }
  Status read_body(const Frame& frame, const TypeOps& type, void* argument) override;
  Status read_metadata(const Frame& frame, Metadata& metadata) override;

  Status write_reply(const ReplyHead& head, const TypeOps& type, const void* value,
                     Buffer& out) override;
  void write_error(const ReplyHead& head, const Status& status, Buffer& out) override;
  void write_answer(Buffer& out) override { session_.write(out); }
  void write_broken(const Status& why, Buffer& out) override;
  void write_going_away(std::string_view why, Buffer& out) override;
  Status unknown_method(std::string_view name, UnknownMethod why) override;

 private:
  using StreamId = http2::StreamId;

  enum class Stage : std::uint8_t {
    kComing,    // its message is not complete
    kTold,      // it waits for next(), or the server has it
    kAnswered,  // the answer is on its way
  };
  struct Call {
    Request request;
    Stage stage = Stage::kComing;
    std::size_t owed = 0;  // of its window: what has come and was not given back
  };
  struct Event {
    FrameKind kind;  // a request or a cancel
    StreamId stream;
  };

  void on_request(StreamId stream, http2::Fields fields, bool ends) override;
  void on_data(StreamId stream, ByteView bytes) override;
  void on_request_end(StreamId stream) override;
  void on_close(StreamId stream, std::uint32_t code) override;

  Call* find(std::uint64_t id) noexcept;
  void tell_if_complete(StreamId stream, Call& call);
  // Gives windows back while there is room for what they let come.
  void give_windows_back();
  void take(const Event& event, Frame& frame);

  const Limits& limits_;
  std::map<StreamId, Call> calls_;  // whose streams are open
  std::deque<Event> events_;
  std::size_t coming_bytes_ = 0;  // of messages that are not complete
  std::size_t slice_ = 0;         // bytes that were read, and are consumed when events_ is empty
  StreamId taken_ = 0;            // the request that next() has given last; 0: none
  bool going_away_ = false;
  http2::Session session_;
};

}  // namespace tern::wire::grpc
