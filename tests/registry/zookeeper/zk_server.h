// A real ZooKeeper, alone, on a port of its own and in a directory of its own; and a session to
// look into it with.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "support/child_process.h"
#include "support/temporary_directory.h"
#include "tern/io_pool.h"
#include "zookeeper/zk_handle.h"

namespace tern::test {

class ZkServer {
 public:
  // Ready when this returns.
  ZkServer();

  std::uint16_t port() const noexcept { return port_; }
  std::string at() const { return "127.0.0.1:" + std::to_string(port_); }

  void kill() { process_.reset(); }
  void stop();
  void go_on();
  // After kill(): with what it had stored, or with nothing. Ready when they return.
  void restart();
  void restart_empty();

 private:
  void start();
  bool ready();

  TemporaryDirectory directory_;
  std::uint16_t port_ = 0;
  std::unique_ptr<ChildProcess> process_;
};

// A session of the test's own, which waits for every answer.
class ZkClient final : private zookeeper::HandleUser {
 public:
  explicit ZkClient(const ZkServer& server);
  ~ZkClient();

  std::int64_t session() const noexcept { return session_; }
  zookeeper::Outcome get(const std::string& path);
  std::vector<std::string> children(const std::string& path);
  bool create(const std::string& path, std::string_view value, bool ephemeral);
  // With all parents.
  void create_all(const std::string& path, std::string_view value);
  bool remove(const std::string& path);
  // Waits until the node is there, or is not; until it has so many children. False if that takes
  // more than a minute.
  bool comes_to(const std::string& path, bool there);
  bool comes_to_children(const std::string& path, std::size_t count);

 private:
  using Start = std::function<void(zookeeper::Handle&, zookeeper::Handle::Done)>;
  zookeeper::Outcome wait_for(const Start& start);
  // Looks, which leaves a watch, until what it sees is wanted.
  bool look_until(const Start& look, const std::function<bool(const zookeeper::Outcome&)>& wanted);

  void on_open_failed(const std::string&) override {}
  void on_connected(std::int64_t session, std::chrono::milliseconds) override;
  void on_disconnected() override {}
  void on_expired() override {}
  void on_node_changed(const std::string&) override;

  IoPool pool_;
  std::promise<void> connected_;
  std::atomic<std::int64_t> session_ = 0;

  std::mutex mutex_;  // guards the following
  std::condition_variable changed_;
  std::size_t changes_ = 0;

  std::unique_ptr<zookeeper::Handle> handle_;
};

}  // namespace tern::test
