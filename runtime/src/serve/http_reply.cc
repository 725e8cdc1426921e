#include "serve/http_reply.h"

#include <utility>

#include "serve/session.h"

namespace tern {

HttpReply::HttpReply(std::weak_ptr<Session> session, Loop& loop, std::uint64_t request)
    : session_(std::move(session)), loop_(loop), request_(request) {}

HttpReply::~HttpReply() {
  if (!answered_) answer(HttpHandler::Answer(500));
}

void HttpReply::answer(HttpHandler::Answer answer) {
  // A session that is gone may have taken its loop along.
  if (answered_.exchange(true) || session_.expired()) return;
  if (loop_.in_this_thread() && within_) {
    answer_ = std::move(answer);
    return;
  }
  loop_.post([session = session_, request = request_, answer = std::move(answer)] {
    if (auto alive = session.lock()) alive->handler_answered(request, answer);
  });
}

std::optional<HttpHandler::Answer> HttpReply::take_answer() {
  within_ = false;
  return std::exchange(answer_, std::nullopt);
}

}  // namespace tern
