#include "serve/questions.h"

#include <fmt/format.h>

#include <exception>
#include <string>
#include <utility>

#include "serve/server_core.h"
#include "serve/session.h"

namespace tern::serve {

Questions::Asked Questions::ask(const Credentials& credentials, const Access& access, Later later) {
  const std::uint64_t number = ++last_;
  auto reply = std::make_shared<Reply>(session_.weak_from_this(), session_.way_to_loop(), number);
  // Before the answer can come.
  awaited_.emplace(number, Awaited{&access, credentials.method, std::move(later)});
  std::string thrown;
  try {
    session_.core().gate().authenticator().authenticate(
        credentials, [reply](Result<Identity> answer) { reply->answer(std::move(answer)); });
  } catch (const std::exception& e) {
    thrown = e.what();
    if (thrown.empty()) thrown = "an exception without a text";
  } catch (...) {
    thrown = "something that is not a std::exception";
  }
  if (!thrown.empty()) {
    session_.core().log().warning(fmt::format("the authenticator threw: {}", thrown));
    reply->answer(Status(Code::kInternal, "the authenticator threw an exception"));
  }
  std::optional<Result<Identity>> now = reply->take_answer();
  if (!now) return Ticket(*this, number);
  awaited_.erase(number);
  return ServerGate::judge(*std::move(now), access, credentials.method);
}

void Questions::on_answer(std::uint64_t number, Result<Identity> answer) {
  auto awaited = awaited_.extract(number);
  if (!awaited) return;
  Awaited& one = awaited.mapped();
  one.later(ServerGate::judge(std::move(answer), *one.access, one.method));
}

Questions::Reply::Reply(std::weak_ptr<Session> session, std::shared_ptr<WayToLoop> way,
                        std::uint64_t number)
    : session_(std::move(session)),
      way_(std::move(way)),
      number_(number),
      loop_thread_(std::this_thread::get_id()) {}

Questions::Reply::~Reply() {
  if (!answered_) answer(Status(Code::kInternal, "the authenticator gave no answer"));
}

void Questions::Reply::answer(Result<Identity> answer) {
  if (answered_.exchange(true)) return;
  if (std::this_thread::get_id() == loop_thread_ && within_) {
    answer_ = std::move(answer);
    return;
  }
  way_->post([session = session_, number = number_, answer = std::move(answer)]() mutable {
    if (auto alive = session.lock()) alive->questions().on_answer(number, std::move(answer));
  });
}

std::optional<Result<Identity>> Questions::Reply::take_answer() {
  within_ = false;
  return std::exchange(answer_, std::nullopt);
}

}  // namespace tern::serve
