// What has come on a client's connection, and is to be told.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>

#include "http2/client_session.h"
#include "http2/message_windows.h"
#include "tern/buffer.h"
#include "tern/limits.h"
#include "wire/client_protocol.h"
#include "wire/over_http2/client_calls.h"
#include "wire/over_http2/message_piece.h"

namespace tern::wire::over_http2 {

struct ClientEvent {
  FrameKind kind;
  http2::StreamId stream = 0;
  MessagePiece piece = {};  // without its bytes: see ClientEvents::bytes_of()
  std::size_t start = 0;
  std::size_t size = 0;
  bool initial_metadata = false;
  bool too_many_pings = false;
  std::uint64_t number = 0;  // of a pong, or the bytes of credit
};

// The user of a session: what that tells goes to the calls, and what the calls' owner is to know of
// it waits in here, in its order.
// Threads: any, one at a time.
class ClientEvents final : public http2::ClientSessionUser {
 public:
  // All of them outlive this. `session` may be made later. Throws std::bad_alloc.
  ClientEvents(const Limits& limits, ClientCalls& calls, http2::ClientSession& session)
      : calls_(calls), session_(session), windows_(session, limits.chunked_bytes) {}

  void set_time(Clock::TimePoint now) noexcept { now_ = now; }

  bool empty() const noexcept { return events_.empty(); }
  // The first of them.
  ClientEvent take();
  // Good until clear().
  ByteView bytes_of(const ClientEvent& event) const {
    return data_.view().subspan(event.start, event.size);
  }
  // All events have been told of.
  void clear() noexcept;

  // Why the server goes away, once it has said that.
  const std::string& going_away() const noexcept { return going_away_; }
  // The connection is to be followed by another one, whoever says so. The first time, it is told.
  void tell_going_away(bool too_many_pings = false);
  // The next request that has left: see wire::ClientProtocol.
  std::optional<SentRequest> take_sent() noexcept;

 private:
  enum class GoingAway : std::uint8_t {
    kNo,
    kTold,
    kTooManyPings  // that has been told, too
  };

  void on_head(http2::StreamId stream, http2::Head head) override;
  void on_data(http2::StreamId stream, ByteView bytes) override;
  void on_end(http2::StreamId stream) override;
  void on_window(http2::StreamId stream, std::uint64_t bytes) override;
  void on_initial_window(std::int64_t change) override;
  void on_close(http2::StreamId stream, std::uint32_t code) override;
  void on_sent_head(http2::StreamId stream) override;
  void on_sent_end(http2::StreamId stream) override;
  void on_pong(std::uint64_t number) override;
  void on_going_away(std::uint32_t code, std::string_view text) override;

  // Behind what may have completed the response of the call; `was` says whether it was before.
  void tell_if_complete(const ClientCall& call, bool was);
  void grow_window(ClientCall& call, std::uint64_t bytes);

  ClientCalls& calls_;
  http2::ClientSession& session_;
  http2::MessageWindows windows_;  // of calls whose replies are one message
  std::deque<ClientEvent> events_;
  Buffer data_;  // the bytes of pieces in events_
  std::deque<SentRequest> sent_;
  Clock::TimePoint now_{};  // of what is read
  GoingAway phase_ = GoingAway::kNo;
  std::string going_away_;
};

}  // namespace tern::wire::over_http2
