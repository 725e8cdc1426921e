#include "zookeeper/zk_session.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/duration_text.h"
#include "registry/loop_task.h"

namespace tern {

ZkSession::ZkSession(Loop& loop, std::shared_ptr<const ZkSetup> setup)
    : loop_(loop),
      setup_(std::move(setup)),
      backoff_(setup_->options.backoff, setup_->options.random),
      give_up_timer_([this] { on_give_up(); }),
      open_timer_([this] { open(); }),
      timeout_(setup_->options.session_timeout) {}

void ZkSession::stop() {
  stopped_ = true;
  connected_ = false;
  handle_.reset();
  give_up_timer_.cancel();
  open_timer_.cancel();
  users_.clear();
}

void ZkSession::add(std::shared_ptr<ZkUser> user) {
  if (stopped_) return;
  users_.push_back(user);
  if (connected_) user->on_connected();
}

void ZkSession::remove(const ZkUser& user) {
  std::erase_if(users_, [&user](const auto& one) { return one.get() == &user; });
}

void ZkSession::open() {
  if (stopped_) return;
  ZkHandleUser& user = *this;
  handle_ = std::make_unique<ZkHandle>(loop_, setup_->servers, setup_->options.session_timeout,
                                       setup_->options.library_log, user);
  loop_.start_timer(give_up_timer_, timeout_);
}

// The library would try for ever, with the number of a session that has ended by now; and servers
// that have lost their memory refuse those who have seen more than they know.
void ZkSession::on_give_up() {
  std::shared_ptr<ZkSession> alive = shared_from_this();
  lose(Status(Code::kUnavailable,
              fmt::format("zookeeper at {}: no connection for {}, the session's timeout",
                          setup_->servers, milliseconds_text(timeout_)),
              HandlerRan::kNo));
  open();
}

void ZkSession::on_open_failed(const std::string& why) {
  std::shared_ptr<ZkSession> alive = shared_from_this();
  lose(Status(Code::kUnavailable, fmt::format("zookeeper at {}: {}", setup_->servers, why),
              HandlerRan::kNo));
  open_later();
}

void ZkSession::open_later() {
  if (!stopped_) loop_.start_timer(open_timer_, backoff_.next());
}

void ZkSession::on_connected(std::int64_t session, std::chrono::milliseconds timeout) {
  std::shared_ptr<ZkSession> alive = shared_from_this();
  backoff_.reset();
  give_up_timer_.cancel();
  id_ = session;
  timeout_ = std::max(timeout, std::chrono::milliseconds(1));
  connected_ = true;
  tell_all([](ZkUser& user) { user.on_connected(); });
}

void ZkSession::on_disconnected() {
  std::shared_ptr<ZkSession> alive = shared_from_this();
  if (connected_) loop_.start_timer(give_up_timer_, timeout_);
  connected_ = false;
  Status why(Code::kUnavailable,
             fmt::format("zookeeper at {}: the connection is lost", setup_->servers),
             HandlerRan::kUnknown);
  tell_all([&why](ZkUser& user) { user.on_disconnected(why); });
}

void ZkSession::on_expired() {
  std::shared_ptr<ZkSession> alive = shared_from_this();
  lose(Status(Code::kUnavailable,
              fmt::format("zookeeper at {}: the session has expired", setup_->servers),
              HandlerRan::kNo));
  open_later();
}

void ZkSession::on_node_changed(const std::string& path) {
  std::shared_ptr<ZkSession> alive = shared_from_this();
  tell_all([&path](ZkUser& user) { user.on_node_changed(path); });
}

// Lets go of the session, which the server forgets when it can.
void ZkSession::lose(const Status& why) {
  connected_ = false;
  handle_.reset();
  give_up_timer_.cancel();
  tell_all([&why](ZkUser& user) { user.on_disconnected(why); });
}

// Users may be removed by what they are told.
template <typename Tell>
void ZkSession::tell_all(Tell tell) {
  std::vector<std::shared_ptr<ZkUser>> users = users_;
  for (const std::shared_ptr<ZkUser>& user : users) tell(*user);
}

ZkSessionOwner::ZkSessionOwner(IoPool& pool, std::shared_ptr<const ZkSetup> setup)
    : pool_(pool),
      loop_(pool.next()),
      session_(std::make_shared<ZkSession>(loop_, std::move(setup))) {
  loop_.post([session = session_] { session->start(); });
}

ZkSessionOwner::~ZkSessionOwner() {
  registry::run_on_loop(pool_, loop_, [session = session_] { session->stop(); });
}

}  // namespace tern
