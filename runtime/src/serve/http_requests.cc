#include "serve/http_requests.h"

#include <algorithm>
#include <exception>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "http/head.h"
#include "http/query.h"
#include "http/response.h"
#include "serve/server_core.h"
#include "serve/session.h"

namespace tern::serve {

void HttpRequests::ask(const wire::Frame& frame) {
  HttpHandler& handler = session_.core().http_handlers().find(http::path_of(frame.method_name));
  Metadata headers;
  Status unread = session_.protocol().read_metadata(frame, headers);
  static_cast<void>(unread);  // HTTP's headers have been read already
  HttpHandler::Request request;
  request.verb = frame.verb;
  request.path = http::path_of(frame.method_name);
  request.query = http::query_of(frame.method_name);
  request.headers = &headers;
  request.body = as_text(frame.body);
  request.peer = session_.peer();
  request.peer_is_local = session_.peer_is_local();
  if (!way_) way_ = std::make_shared<WayToLoop>(session_.loop());
  const std::uint64_t number = ++asked_;
  auto reply = std::make_shared<HttpReply>(session_.weak_from_this(), way_, number);
  awaited_[number].id = frame.id;
  std::unique_ptr<HttpHandler::Pending> pending;
  try {
    pending = handler.handle(
        request, [reply](HttpHandler::Answer answer) { reply->answer(std::move(answer)); });
  } catch (const std::exception& e) {
    session_.core().log_exception_of_http(request.path, e.what());
    reply->answer(HttpHandler::Answer(500));
  } catch (...) {
    session_.core().log_exception_of_http(request.path, "something that is not a std::exception");
    reply->answer(HttpHandler::Answer(500));
  }
  if (std::optional<HttpHandler::Answer> answer = reply->take_answer()) {
    awaited_.erase(number);
    write(frame.id, *answer);
    return;
  }
  auto awaited = awaited_.find(number);
  if (awaited == awaited_.end() || !pending) return;
  awaited->second.pending = std::move(pending);
  if (session_.draining() && !session_.closing()) awaited->second.pending->on_shutdown();
}

bool HttpRequests::asking() const noexcept {
  return std::any_of(awaited_.begin(), awaited_.end(),
                     [](const auto& one) { return one.second.pending != nullptr; });
}

void HttpRequests::on_answer(std::uint64_t request, const HttpHandler::Answer& answer) {
  auto awaited = awaited_.extract(request);
  if (!awaited || session_.closing()) return;
  write(awaited.mapped().id, answer);
  session_.schedule_after_turn();
}

bool HttpRequests::cancel(std::uint64_t id) noexcept {
  auto found = std::find_if(awaited_.begin(), awaited_.end(),
                            [id](const auto& one) { return one.second.id == id; });
  if (found == awaited_.end()) return false;
  awaited_.erase(found);
  return true;
}

void HttpRequests::tell_shutdown() {
  for (auto& [number, awaited] : awaited_) {
    if (awaited.pending) awaited.pending->on_shutdown();
  }
}

void HttpRequests::give_up() {
  for (auto next = awaited_.begin(); next != awaited_.end();) {
    const auto& [number, awaited] = *next++;
    if (awaited.pending) on_answer(number, HttpHandler::Answer(503));
  }
}

void HttpRequests::close() {
  awaited_.clear();
  if (way_) way_->close();
}

void HttpRequests::write(std::uint64_t id, const HttpHandler::Answer& answer) {
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
  session_.protocol().write_page(id, page, session_.outbox().messages());
}

}  // namespace tern::serve
