#include "wire/over_http2/client_events.h"

#include <fmt/format.h>

#include <utility>

#include "base/peer_text.h"

namespace tern::wire::over_http2 {

namespace {

using http2::StreamId;

// Memory for the bytes of more events is given back.
constexpr std::size_t kKept = 16 * 1024;
// What a server says then, with ENHANCE_YOUR_CALM.
constexpr std::string_view kTooManyPings = "too_many_pings";

}  // namespace

ClientEvent ClientEvents::take() {
  ClientEvent event = std::move(events_.front());
  events_.pop_front();
  return event;
}

void ClientEvents::clear() noexcept {
  data_.clear();
  if (data_.capacity() > kKept) data_.release();
}

std::optional<SentRequest> ClientEvents::take_sent() noexcept {
  if (sent_.empty()) return std::nullopt;
  const SentRequest sent = sent_.front();
  sent_.pop_front();
  return sent;
}

// --- Responses ---

void ClientEvents::on_head(StreamId stream, http2::Head head) {
  ClientCall* call = calls_.on_stream(stream);
  if (!call || call->response->complete()) return;
  const bool told = !call->response->initial_metadata().empty();
  call->response->add_head(head);
  if (!told && !call->response->initial_metadata().empty()) {
    ClientEvent event{FrameKind::kReplyStreamData, stream};
    event.initial_metadata = true;
    events_.push_back(std::move(event));
  }
  tell_if_complete(*call, false);
}

void ClientEvents::on_data(StreamId stream, ByteView bytes) {
  ClientCall* call = calls_.on_stream(stream);
  const bool streams = call && server_streams(call->kind);
  const std::size_t size = bytes.size();
  if (!call || call->response->complete()) {
    if (!streams) session_.consume(stream, size);
    return;
  }
  ClientEvent event{FrameKind::kReplyStreamData, stream};
  while (call->response->next(bytes, event.piece)) {
    event.start = data_.size();
    data_.append(event.piece.envelope);
    data_.append(event.piece.bytes);
    event.size = data_.size() - event.start;
    event.piece.envelope = event.piece.bytes = {};
    events_.push_back(event);
  }
  const ClientResponse& response = *call->response;
  // What a program reads is granted when it has read it.
  if (!streams) {
    windows_.add(stream, size, response.gathered(), response.to_come());
  } else if (const std::size_t own = call->response->take_own_bytes(); own > 0) {
    session_.consume(stream, own);
  }
  tell_if_complete(*call, false);
}

void ClientEvents::on_end(StreamId stream) {
  ClientCall* call = calls_.on_stream(stream);
  if (!call) return;
  const bool was = call->response->complete();
  call->response->end_body();
  tell_if_complete(*call, was);
}

void ClientEvents::on_close(StreamId stream, std::uint32_t code) {
  windows_.end(stream);
  ClientCall* call = calls_.on_stream(stream);
  if (!call) return;
  call->open = false;
  const bool was = call->response->complete();
  // A server that has ended its side before this has completed the response.
  call->response->reset({code, now_ >= call->deadline, going_away_});
  tell_if_complete(*call, was);
}

void ClientEvents::tell_if_complete(const ClientCall& call, bool was) {
  if (was || !call.response->complete()) return;
  events_.push_back({FrameKind::kReply, call.stream});
  windows_.end(call.stream);
}

// --- Requests ---

void ClientEvents::on_window(StreamId stream, std::uint64_t bytes) {
  ClientCall* call = calls_.on_stream(stream);
  if (call) grow_window(*call, bytes);
}

void ClientEvents::grow_window(ClientCall& call, std::uint64_t bytes) {
  if (!client_streams(call.kind)) return;
  const std::uint64_t more = call.window.grow(bytes);
  if (more == 0) return;
  ClientEvent event{FrameKind::kRequestCredit, call.stream};
  event.number = more;
  events_.push_back(std::move(event));
}

void ClientEvents::on_initial_window(std::int64_t change) {
  calls_.for_each([this, change](ClientCall& call) {
    if (change > 0) {
      grow_window(call, static_cast<std::uint64_t>(change));
    } else {
      call.window.shrink(static_cast<std::uint64_t>(-change));
    }
  });
}

void ClientEvents::on_sent_head(StreamId stream) {
  ClientCall* call = calls_.on_stream(stream);
  if (!call) return;
  call->sent = ClientCall::Sent::kHead;
  if (client_streams(call->kind)) sent_.push_back({call->id, session_.written_bytes()});
}

void ClientEvents::on_sent_end(StreamId stream) {
  ClientCall* call = calls_.on_stream(stream);
  if (!call) return;
  call->sent = ClientCall::Sent::kAll;
  if (!client_streams(call->kind)) sent_.push_back({call->id, session_.written_bytes()});
}

// --- The connection ---

void ClientEvents::on_pong(std::uint64_t number) {
  ClientEvent event{FrameKind::kPong};
  event.number = number;
  events_.push_back(std::move(event));
}

void ClientEvents::on_going_away(std::uint32_t code, std::string_view text) {
  going_away_ = fmt::format("the server is going away ({}{}{})", http2::error_name(code),
                            text.empty() ? "" : ": ", base::peer_text(text));
  tell_going_away(code == static_cast<std::uint32_t>(http2::ErrorCode::kEnhanceYourCalm) &&
                  text == kTooManyPings);
}

// A server may say more than once that it goes away, and why at last.
void ClientEvents::tell_going_away(bool too_many_pings) {
  const GoingAway now = too_many_pings ? GoingAway::kTooManyPings : GoingAway::kTold;
  if (now <= phase_) return;
  phase_ = now;
  ClientEvent event{FrameKind::kGoingAway};
  event.too_many_pings = too_many_pings;
  events_.push_back(std::move(event));
}

}  // namespace tern::wire::over_http2
