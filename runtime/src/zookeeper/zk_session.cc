#include "zookeeper/zk_session.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/duration_text.h"
#include "registry/loop_task.h"

namespace tern::zookeeper {

Session::Session(Loop& loop, std::shared_ptr<const Setup> setup)
    : loop_(loop),
      setup_(std::move(setup)),
      backoff_(setup_->options.backoff, setup_->options.random),
      give_up_timer_([this] { on_give_up(); }),
      open_timer_([this] { open(); }),
      timeout_(setup_->options.session_timeout) {}

void Session::stop() {
  stopped_ = true;
  connected_ = false;
  handle_.reset();
  give_up_timer_.cancel();
  open_timer_.cancel();
  users_.clear();
}

void Session::add(std::shared_ptr<User> user) {
  if (stopped_) return;
  users_.push_back(user);
  if (connected_) user->on_connected();
}

void Session::remove(const User& user) {
  std::erase_if(users_, [&user](const auto& one) { return one.get() == &user; });
}

void Session::open() {
  if (stopped_) return;
  HandleUser& user = *this;
  handle_ = std::make_unique<Handle>(loop_, setup_->servers, setup_->options.session_timeout,
                                     setup_->options.library_log, user, setup_->options.digest);
  loop_.start_timer(give_up_timer_, timeout_);
}

// The library would retry for ever with the id of a session that has expired by now; and a server
// that has lost its data refuses clients that have seen a later state than its own.
void Session::on_give_up() {
  std::shared_ptr<Session> alive = shared_from_this();
  lose(Status(Code::kUnavailable,
              fmt::format("zookeeper at {}: no connection for {}, the session's timeout",
                          setup_->servers, base::duration_text(timeout_)),
              HandlerRan::kNo));
  open();
}

void Session::on_open_failed(const std::string& why) {
  std::shared_ptr<Session> alive = shared_from_this();
  lose(Status(Code::kUnavailable, fmt::format("zookeeper at {}: {}", setup_->servers, why),
              HandlerRan::kNo));
  open_later();
}

void Session::open_later() {
  if (!stopped_) loop_.start_timer(open_timer_, backoff_.next());
}

void Session::on_connected(std::int64_t session, std::chrono::milliseconds timeout) {
  std::shared_ptr<Session> alive = shared_from_this();
  backoff_.reset();
  give_up_timer_.cancel();
  id_ = session;
  timeout_ = std::max(timeout, std::chrono::milliseconds(1));
  connected_ = true;
  tell_all([](User& user) { user.on_connected(); });
}

void Session::on_disconnected() {
  std::shared_ptr<Session> alive = shared_from_this();
  if (connected_) loop_.start_timer(give_up_timer_, timeout_);
  connected_ = false;
  Status why(Code::kUnavailable,
             fmt::format("zookeeper at {}: the connection is lost", setup_->servers),
             HandlerRan::kUnknown);
  tell_all([&why](User& user) { user.on_disconnected(why); });
}

void Session::on_expired() {
  std::shared_ptr<Session> alive = shared_from_this();
  lose(Status(Code::kUnavailable,
              fmt::format("zookeeper at {}: the session has expired", setup_->servers),
              HandlerRan::kNo));
  open_later();
}

void Session::on_node_changed(const std::string& path) {
  std::shared_ptr<Session> alive = shared_from_this();
  tell_all([&path](User& user) { user.on_node_changed(path); });
}

// Lets go of the session, which the server forgets when it can.
void Session::lose(const Status& why) {
  connected_ = false;
  handle_.reset();
  give_up_timer_.cancel();
  tell_all([&why](User& user) { user.on_disconnected(why); });
}

// Users may be removed by what they are told.
template <typename Tell>
void Session::tell_all(Tell tell) {
  std::vector<std::shared_ptr<User>> users = users_;
  for (const std::shared_ptr<User>& user : users) tell(*user);
}

SessionOwner::SessionOwner(IoPool& pool, std::shared_ptr<const Setup> setup)
    : pool_(pool),
      loop_(pool.next()),
      session_(std::make_shared<Session>(loop_, std::move(setup))) {
  loop_.post([session = session_] { session->start(); });
}

SessionOwner::~SessionOwner() {
  registry::run_on_loop(pool_, loop_, [session = session_] { session->stop(); });
}

}  // namespace tern::zookeeper
