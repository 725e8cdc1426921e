// A server's side of HTTP/2: gRPC's calls, and whatever else is asked for over HTTP.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string_view>

#include "http2/message_windows.h"
#include "http2/server_session.h"
#include "tern/compression.h"
#include "tern/limits.h"
#include "wire/over_http/request.h"
#include "wire/over_http2/events.h"
#include "wire/over_http2/server_call.h"
#include "wire/server_protocol.h"
#include "wire/server_setup.h"

namespace tern::wire::over_http2 {

// Messages that are coming for calls whose clients send one have Limits::chunked_bytes together, or
// there is one of them: see http2::MessageWindows.
class ServerProtocol final : public wire::ServerProtocol, private http2::SessionUser {
 public:
  // Throws std::bad_alloc.
  explicit ServerProtocol(const ServerSetup& setup);

  std::string_view codec() const noexcept override { return "proto"; }
  bool has_metadata() const noexcept override { return true; }
  bool has_control_frames() const noexcept override { return true; }
  // Header compression has a memory, SETTINGS come first, and DATA before its trailers.
  bool keeps_order() const noexcept override { return true; }

  void set_time(Clock::TimePoint now) noexcept override { session_.set_time(now); }
  Progress next(ByteView in, Frame& frame, Status& why) override;
  bool in_frame() const noexcept override { return session_.in_frame() || gathered_ > 0; }
  bool finished() const noexcept override {
    return session_.ended() && events_.empty() && slice_ == 0;
  }
  Status read_body(const Frame& frame, const TypeOps& type, void* argument) override;
  Status read_metadata(const Frame& frame, Metadata& metadata) override;

  Status write_reply(const ReplyHead& head, const TypeOps& type, const void* value,
                     Buffer& out) override;
  void write_error(const ReplyHead& head, const Status& status, Buffer& out) override;
  void write_answer(Buffer& out) override { write(out); }
  void write_page(std::uint64_t id, const Page& page, Buffer& out) override;
  void write_broken(const Status&, Buffer& out) override { write(out); }
  bool moves_clients() const noexcept override { return true; }
  void write_going_away(std::string_view why, Buffer& out) override;
  Status unknown_method(std::uint64_t id, std::string_view name, UnknownMethod why) override;
  Code unreadable(std::uint64_t id) const noexcept override;
  void set_compression(std::uint64_t id, Compression how) noexcept override;

  // --- Streams: of the request that next() has given last ---

  bool has_streams() const noexcept override { return true; }
  std::uint64_t stream_window() const noexcept override { return last_terms_.window; }
  std::uint64_t own_window() const noexcept override;
  const Codec& message_codec() const noexcept override { return *last_terms_.codec; }
  std::shared_ptr<const void> codec_owner() const noexcept override {
    return last_terms_.codec_owner;
  }
  std::uint8_t message_cost() const noexcept override { return last_terms_.message_cost; }
  std::uint8_t message_envelope() const noexcept override { return last_terms_.message_envelope; }

  // --- Streams: of all ---

  bool takes_stream_data() const noexcept override { return session_.has_room_for_streams(); }
  void write_initial_metadata(std::uint64_t id, const Metadata& metadata, Buffer& out) override;
  void write_stream_data(const StreamPiece& piece, Buffer& out) override;
  void end_stream_data(Buffer& out) override { write(out); }
  void write_stream_end(std::uint64_t id, ByteView end, Buffer& out) override;
  void write_credit(std::uint64_t id, std::uint64_t bytes, Buffer& out) override;
  bool wants_heartbeats(std::uint64_t id) const noexcept override;
  void write_heartbeat(std::uint64_t id, Buffer& out) override;

 private:
  void on_head(StreamId stream, http2::Head head) override;
  void on_data(StreamId stream, ByteView bytes) override;
  void on_end(StreamId stream) override;
  void on_window(StreamId stream, std::uint64_t bytes) override;
  void on_initial_window(std::int64_t change) override;
  void on_close(StreamId stream, std::uint32_t code) override;

  ServerCall* find_stream(StreamId stream) const noexcept;
  ServerCall* find(std::uint64_t id) const noexcept {
    return find_stream(ServerCall::stream_of(id));
  }
  // The same, if the server has it and has not answered.
  ServerCall* find_open(std::uint64_t id) const noexcept;
  // Has the call do something that changes what it has gathered.
  template <typename F>
  void gather(ServerCall& call, F work);
  // Takes the first event. False: it asked for nothing.
  bool take_event(Frame& frame);
  // Whatever may leave.
  void write(Buffer& out);

  const Limits& limits_;
  const CallSetup call_setup_;
  Events events_;
  std::map<StreamId, std::unique_ptr<ServerCall>> calls_;  // whose streams are open
  std::size_t gathered_ = 0;                               // the sum of those that are coming
  std::size_t slice_ = 0;  // bytes that were read, and are consumed when events_ is empty
  StreamId taken_ = 0;     // of the request that next() has given last; 0: none
  StreamTerms last_terms_;
  bool going_away_ = false;
  http2::ServerSession session_;
  http2::MessageWindows windows_{session_, limits_.chunked_bytes};
};

}  // namespace tern::wire::over_http2
