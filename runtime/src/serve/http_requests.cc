#include "serve/http_requests.h"

#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "http/head.h"
#include "http/query.h"
#include "http/response.h"
#include "serve/http_reply.h"
#include "serve/server_core.h"
#include "serve/session.h"
#include "serve/waiting_bytes.h"
#include "wire/connect/codes.h"

namespace tern::serve {

namespace {

// Whoever is accepted at all may see a page; the rules of the pages themselves come then.
constexpr Access kPages{Access::Kind::kAuthenticated};

}  // namespace

// What a handler is to be asked, kept until the authenticator has answered.
class HttpRequests::Waiting {
 public:
  // Throws std::bad_alloc. Null: there is no room.
  static std::unique_ptr<Waiting> keep(Session& session, Questions::Ticket ticket,
                                       const HttpHandler::Request& request,
                                       const Metadata& headers) {
    std::unique_ptr<Waiting> kept(new Waiting(session, request, headers));
    kept->ticket_ = std::move(ticket);
    const std::size_t bytes = sizeof(Waiting) + request.body.size();
    return kept->bytes_.take(bytes) ? std::move(kept) : nullptr;
  }

  HttpHandler::Request request() const {
    HttpHandler::Request request;
    request.verb = verb_;
    request.path = path_;
    request.query = query_;
    request.headers = &headers_;
    request.body = body_;
    request.peer = bytes_.session().peer();
    request.peer_is_local = bytes_.session().peer_is_local();
    return request;
  }

 private:
  Waiting(Session& session, const HttpHandler::Request& request, const Metadata& headers)
      : verb_(request.verb),
        path_(request.path),
        query_(request.query),
        headers_(headers),
        body_(request.body),
        bytes_(session) {}

  Questions::Ticket ticket_;
  const std::string verb_, path_, query_;
  const Metadata headers_;
  const std::string body_;
  WaitingBytes bytes_;
};

HttpRequests::HttpRequests(Session& session) noexcept : session_(session) {}

HttpRequests::~HttpRequests() = default;

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
  const std::uint64_t number = ++asked_;
  awaited_[number].id = frame.id;
  std::optional<Admitted> open = session_.core().gate().accept_unasked(handler, request);
  if (open) {
    hand_over(*std::move(open), number, request, handler);
  } else {
    authenticate(number, request, headers);
  }
}

// --- The authenticator ---

void HttpRequests::authenticate(std::uint64_t number, const HttpHandler::Request& request,
                                const Metadata& headers) {
  Credentials credentials = session_.credentials(headers);
  credentials.page = request.path;
  Questions::Asked asked = session_.questions().ask(
      credentials, kPages,
      [this, number](Result<Admitted> admitted) { on_admission(number, std::move(admitted)); });
  auto awaited = awaited_.find(number);
  if (awaited == awaited_.end()) return;
  if (auto* ticket = std::get_if<Questions::Ticket>(&asked)) {
    awaited->second.waiting = Waiting::keep(session_, std::move(*ticket), request, headers);
    if (awaited->second.waiting) return;
    session_.serve_loop().counters().refuse(Refusal::kTooManyCalls);
    write_at_once(number, HttpHandler::Answer(503));
    return;
  }
  auto& answer = std::get<Result<Admitted>>(asked);
  if (!answer.ok()) {
    refuse(number, answer.status());
    return;
  }
  HttpHandler::Request admitted = request;
  admit(*std::move(answer), number, admitted);
}

void HttpRequests::admit(Admitted admitted, std::uint64_t number, HttpHandler::Request& request) {
  HttpHandler& handler = session_.core().http_handlers().find(request.path);
  Result<Admitted> sees =
      ServerGate::let_see(std::move(admitted), request.path, handler.roles(request));
  if (sees.ok()) {
    hand_over(*std::move(sees), number, request, handler);
  } else {
    refuse(number, sees.status());
  }
}

void HttpRequests::on_admission(std::uint64_t number, Result<Admitted> admitted) {
  auto awaited = awaited_.find(number);
  if (awaited == awaited_.end()) return;
  const std::unique_ptr<Waiting> waiting = std::move(awaited->second.waiting);
  if (admitted.ok()) {
    HttpHandler::Request request = waiting->request();
    admit(*std::move(admitted), number, request);
  } else {
    refuse(number, admitted.status());
  }
  session_.schedule_after_turn();
}

void HttpRequests::refuse(std::uint64_t number, const Status& refused) {
  session_.serve_loop().counters().refuse(refusal_of(refused));
  HttpHandler::Answer answer(wire::connect::http_status_of(refused.code()));
  answer.content_type = http::kText;
  answer.headers = {{"Cache-Control", "no-store"}};
  answer.body = fmt::format("{} {}\n", answer.status, refused.message());
  write_at_once(number, answer);
}

// --- The handler ---

void HttpRequests::hand_over(Admitted admitted, std::uint64_t number, HttpHandler::Request& request,
                             HttpHandler& handler) {
  const std::unique_ptr<const Identity> identity = std::move(admitted).take_identity();
  request.identity = identity.get();
  auto reply =
      std::make_shared<HttpReply>(session_.weak_from_this(), session_.way_to_loop(), number);
  std::unique_ptr<HttpHandler::Pending> pending;
  try {
    pending = handler.handle(
        request, [reply](HttpHandler::Answer answer) { reply->answer(std::move(answer)); });
  } catch (const std::exception& e) {
    session_.core().log().exception_of_http(request.path, e.what());
    reply->answer(HttpHandler::Answer(500));
  } catch (...) {
    session_.core().log().exception_of_http(request.path, "something that is not a std::exception");
    reply->answer(HttpHandler::Answer(500));
  }
  if (std::optional<HttpHandler::Answer> answer = reply->take_answer()) {
    write_at_once(number, *answer);
    return;
  }
  auto awaited = awaited_.find(number);
  if (awaited == awaited_.end() || !pending) return;
  awaited->second.pending = std::move(pending);
  if (session_.draining() && !session_.closing()) awaited->second.pending->on_shutdown();
}

bool HttpRequests::asking() const noexcept {
  return std::any_of(awaited_.begin(), awaited_.end(),
                     [](const auto& one) { return one.second.answers_later(); });
}

void HttpRequests::on_answer(std::uint64_t request, const HttpHandler::Answer& answer) {
  write_at_once(request, answer);
  session_.schedule_after_turn();
}

void HttpRequests::write_at_once(std::uint64_t number, const HttpHandler::Answer& answer) {
  auto awaited = awaited_.extract(number);
  if (awaited && !session_.closing()) write(awaited.mapped().id, answer);
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
    if (awaited.answers_later()) on_answer(number, HttpHandler::Answer(503));
  }
}

void HttpRequests::forget() noexcept {
  awaited_.clear();
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
