// A session with ZooKeeper that is opened again when it has ended.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/backoff.h"
#include "base/timer_queue.h"
#include "tern/io_pool.h"
#include "tern/zookeeper.h"
#include "zookeeper/zk_handle.h"

namespace tern::zookeeper {

struct Setup {
  std::string servers;  // "host:port,host:port"
  std::string prefix;
  ZooKeeperOptions options;
};

// An entry or a list that lives in the session. Told on the loop's thread.
class User {
 public:
  virtual ~User() = default;

  // Operations are of use from now on. What was under way before is over without an answer that
  // counts, watches may be gone, and so may be ephemeral nodes: the session may be another.
  virtual void on_connected() = 0;
  virtual void on_disconnected(const Status& why) = 0;
  virtual void on_node_changed(const std::string& path) = 0;
};

// Threads: the loop's.
class Session final : private HandleUser, public std::enable_shared_from_this<Session> {
 public:
  Session(Loop& loop, std::shared_ptr<const Setup> setup);

  void start() { open(); }
  // For good.
  void stop();

  // Tells it at once if there is a connection.
  void add(std::shared_ptr<User> user);
  void remove(const User& user);

  bool connected() const noexcept { return connected_; }
  // Who owns ephemeral nodes. While connected.
  std::int64_t id() const noexcept { return id_; }
  // While connected.
  Handle& zookeeper() noexcept { return *handle_; }

  Loop& loop() noexcept { return loop_; }
  const Setup& setup() const noexcept { return *setup_; }

 private:
  void open();
  void open_later();
  void lose(const Status& why);
  void on_give_up();
  template <typename Tell>
  void tell_all(Tell tell);

  void on_open_failed(const std::string& why) override;
  void on_connected(std::int64_t session, std::chrono::milliseconds timeout) override;
  void on_disconnected() override;
  void on_expired() override;
  void on_node_changed(const std::string& path) override;

  Loop& loop_;
  std::shared_ptr<const Setup> setup_;
  std::unique_ptr<Handle> handle_;
  base::BackoffSchedule backoff_;
  base::Timer give_up_timer_;
  base::Timer open_timer_;
  std::vector<std::shared_ptr<User>> users_;
  std::int64_t id_ = 0;
  std::chrono::milliseconds timeout_;
  bool connected_ = false;
  bool stopped_ = false;
};

// Keeps a session for all that a registry has handed out. Threads: any.
class SessionOwner {
 public:
  SessionOwner(IoPool& pool, std::shared_ptr<const Setup> setup);
  SessionOwner(const SessionOwner&) = delete;
  SessionOwner& operator=(const SessionOwner&) = delete;
  ~SessionOwner();

  IoPool& pool() noexcept { return pool_; }
  Loop& loop() noexcept { return loop_; }
  const std::shared_ptr<Session>& session() noexcept { return session_; }

 private:
  IoPool& pool_;
  Loop& loop_;
  std::shared_ptr<Session> session_;
};

}  // namespace tern::zookeeper
