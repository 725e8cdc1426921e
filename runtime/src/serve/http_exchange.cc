#include "serve/http_exchange.h"

#include <exception>
#include <string_view>
#include <utility>
#include <vector>

#include "http/head.h"
#include "http/query.h"
#include "http/response.h"
#include "serve/server_core.h"
#include "serve/session.h"

namespace tern::serve {

void HttpExchange::ask(const wire::Frame& frame) {
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
  auto reply = std::make_shared<HttpReply>(session_.weak_from_this(), way_, ++asked_);
  awaited_.emplace();
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
    awaited_.reset();
    write(*answer);
  } else if (awaited_ && pending) {
    awaited_->pending = std::move(pending);
    if (session_.draining() && !session_.closing()) awaited_->pending->on_shutdown();
  }
}

void HttpExchange::on_answer(std::uint64_t request, const HttpHandler::Answer& answer) {
  if (request != asked_ || !awaited_) return;
  awaited_.reset();
  if (session_.closing()) return;
  write(answer);
  session_.schedule_after_turn();
}

void HttpExchange::tell_shutdown() {
  if (asking()) awaited_->pending->on_shutdown();
}

void HttpExchange::close() {
  awaited_.reset();
  if (way_) way_->close();
}

void HttpExchange::write(const HttpHandler::Answer& answer) {
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
  session_.protocol().write_page(page, session_.outbox().messages());
}

}  // namespace tern::serve
