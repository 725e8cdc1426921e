// What a session tells about itself, and how it answers requests over HTTP that are no calls.
#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "http/head.h"
#include "http/query.h"
#include "http/response.h"
#include "serve/http_reply.h"
#include "serve/server_core.h"
#include "serve/session.h"

namespace tern::serve {

namespace {

// A page lists so many of one connection; it says how many there are.
constexpr std::size_t kStreamsOfAConnection = 100;

}  // namespace

debug_pages::ConnectionSnapshot Session::describe(Clock::TimePoint now) const {
  debug_pages::ConnectionSnapshot seen;
  seen.peer = connection_->peer();
  if (described_.load(std::memory_order_acquire)) {
    seen.protocol = protocol_name_;
    seen.codec = protocol_->codec();
  }
  seen.open_for = std::max(now - opened_at_, Clock::Duration::zero());
  seen.bytes_in = connection_->bytes_read();
  seen.bytes_out = connection_->bytes_written();
  seen.calls_running = slots_.get();
  if (streams_described_.load(std::memory_order_acquire)) {
    seen.calls_running += streams_->taken();
    seen.streams_open = streams_->describe(now, kStreamsOfAConnection, seen.streams);
  }
  return seen;
}

void Session::answer_page(const wire::Frame& frame) {
  HttpHandler& handler = core_->http_handlers().find(http::path_of(frame.method_name));
  Metadata headers;
  Status unread = protocol_->read_metadata(frame, headers);
  static_cast<void>(unread);  // HTTP's headers have been read already
  HttpHandler::Request request;
  request.verb = frame.verb;
  request.path = http::path_of(frame.method_name);
  request.query = http::query_of(frame.method_name);
  request.headers = &headers;
  request.body = as_text(frame.body);
  request.peer = peer();
  request.peer_is_local = connection_->peer_is_local();
  if (!way_) way_ = std::make_shared<WayToLoop>(loop());
  auto reply = std::make_shared<HttpReply>(weak_from_this(), way_, ++asked_);
  awaited_.emplace();
  std::unique_ptr<HttpHandler::Pending> pending;
  try {
    pending = handler.handle(
        request, [reply](HttpHandler::Answer answer) { reply->answer(std::move(answer)); });
  } catch (const std::exception& e) {
    core_->log_exception_of_http(request.path, e.what());
    reply->answer(HttpHandler::Answer(500));
  } catch (...) {
    core_->log_exception_of_http(request.path, "something that is not a std::exception");
    reply->answer(HttpHandler::Answer(500));
  }
  if (std::optional<HttpHandler::Answer> answer = reply->take_answer()) {
    awaited_.reset();
    write_answer_of_handler(*answer);
  } else if (awaited_ && pending) {
    awaited_->pending = std::move(pending);
    if (phase_ == Phase::kDraining) awaited_->pending->on_shutdown();
  }
}

void Session::handler_answered(std::uint64_t request, const HttpHandler::Answer& answer) {
  if (request != asked_ || !awaited_ || phase_ == Phase::kClosed) return;
  awaited_.reset();
  if (phase_ == Phase::kClosing) return;
  write_answer_of_handler(answer);
  schedule_after_turn();
}

void Session::write_answer_of_handler(const HttpHandler::Answer& answer) {
  std::vector<std::pair<std::string_view, std::string_view>> headers;
  bool fit = http::is_field_value(answer.content_type);
  for (const auto& [name, value] : answer.headers) {
    fit = fit && http::is_token(name) && http::is_field_value(value);
    headers.emplace_back(name, value);
  }
  wire::Page page;
  page.status = answer.status;
  page.content_type = answer.content_type;
  page.headers = headers;
  page.body = answer.body;
  if (!fit) {
    page = wire::Page();
    page.status = 500;
    page.content_type = http::kText;
    page.body = "500 the answer has a header that HTTP cannot carry\n";
  }
  protocol_->write_page(page, outbox_.messages());
}

}  // namespace tern::serve
