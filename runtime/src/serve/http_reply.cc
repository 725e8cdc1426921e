#include "serve/http_reply.h"

#include <utility>

#include "serve/session.h"

namespace tern::serve {

void WayToLoop::post(UniqueFunction<void()> task) {
  std::lock_guard lock(mutex_);
  if (loop_) loop_->post(std::move(task));
}

void WayToLoop::close() {
  std::lock_guard lock(mutex_);
  loop_ = nullptr;
}

HttpReply::HttpReply(std::weak_ptr<Session> session, std::shared_ptr<WayToLoop> way,
                     std::uint64_t request)
    : session_(std::move(session)),
      way_(std::move(way)),
      request_(request),
      loop_thread_(std::this_thread::get_id()) {}

HttpReply::~HttpReply() {
  if (!answered_) answer(HttpHandler::Answer(500));
}

void HttpReply::answer(HttpHandler::Answer answer) {
  if (answered_.exchange(true)) return;
  if (std::this_thread::get_id() == loop_thread_ && within_) {
    answer_ = std::move(answer);
    return;
  }
  way_->post([session = session_, request = request_, answer = std::move(answer)] {
    if (auto alive = session.lock()) alive->http_requests().on_answer(request, answer);
  });
}

std::optional<HttpHandler::Answer> HttpReply::take_answer() {
  within_ = false;
  return std::exchange(answer_, std::nullopt);
}

}  // namespace tern::serve
