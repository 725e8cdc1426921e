// What a session tells about itself, and how it answers requests for pages.
#include <algorithm>
#include <optional>
#include <utility>

#include "serve/server_core.h"
#include "serve/session.h"

namespace tern {

ConnectionSnapshot Session::describe(Clock::TimePoint now) const {
  ConnectionSnapshot seen;
  seen.peer = connection_->peer();
  if (has_frames_.load(std::memory_order_acquire)) {
    seen.protocol = frames_->protocol();
    seen.codec = frames_->codec();
  }
  seen.open_for = std::max(now - opened_at_, Clock::Duration::zero());
  seen.bytes_in = connection_->bytes_read();
  seen.bytes_out = connection_->bytes_written();
  seen.calls_running = slots_.get();
  return seen;
}

void Session::answer_page(const Frame& frame) {
  pages::Request request;
  request.verb = frame.verb;
  request.target = frame.method_name;
  request.host = frame.host;
  request.forwarded = frame.forwarded;
  request.peer_is_local = connection_->peer_is_local();
  auto later = [self = shared_from_this()](pages::Answer answer) mutable {
    Loop& loop = self->loop();
    loop.post([self = std::move(self), answer = std::move(answer)] { self->page_made(answer); });
  };
  std::optional<pages::Answer> answer = core_->page(request, std::move(later));
  if (answer) {
    frames_->write_page(answer->page, outgoing());
  } else {
    page_awaited_ = true;
  }
}

void Session::page_made(const pages::Answer& answer) {
  page_awaited_ = false;
  if (closing_ || state_ == State::kClosed) return;
  frames_->write_page(answer.page, outgoing());
  schedule_after_turn();
}

}  // namespace tern
