#include "registry/zookeeper/zk_server.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <zookeeper/zookeeper.h>

#include <fstream>
#include <utility>

#include "registry/loop_task.h"
#include "support/free_port.h"
#include "zookeeper/zk_names.h"

#ifdef __SANITIZE_THREAD__
// libzookeeper writes the server's address, for its log, into one place from every session's
// threads, by sprintf(), which nothing of ours calls.
extern "C" const char* __tsan_default_suppressions();
extern "C" const char* __tsan_default_suppressions() {
  return "race_top:vsprintf\n";
}
#endif

namespace tern::test {

ZkServer::ZkServer() {
  // Somebody may take the port between its choice and the start.
  for (int attempt = 0; attempt < 5; ++attempt) {
    port_ = free_port();
    start();
    if (ready()) return;
  }
  ADD_FAILURE() << "ZooKeeper does not start";
}

void ZkServer::stop() {
  process_->signal(SIGSTOP);
}

void ZkServer::go_on() {
  process_->signal(SIGCONT);
}

void ZkServer::restart() {
  start();
  EXPECT_TRUE(ready());
}

void ZkServer::restart_empty() {
  std::filesystem::remove_all(directory_.path() / "data");
  restart();
}

void ZkServer::start() {
  std::filesystem::path config = directory_.path() / "zoo.cfg";
  std::ofstream(config) << "tickTime=200\nminSessionTimeout=400\nmaxSessionTimeout=60000\n"
                        << "dataDir=" << (directory_.path() / "data").string() << "\n"
                        << "clientPort=" << port_ << "\nclientPortAddress=127.0.0.1\n"
                        << "maxClientCnxns=0\nadmin.enableServer=false\n"
                        << "forceSync=no\npreAllocSize=64\n";
  process_ = std::make_unique<ChildProcess>(
      std::vector<std::string>{"java", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx64m",
                               "-cp", TERN_ZOOKEEPER_CLASSES,
                               "org.apache.zookeeper.server.quorum.QuorumPeerMain", config},
      ChildProcess::Reads::kOutputAndErrors);
}

// What it starts last, once it answers, says so in its log.
bool ZkServer::ready() {
  return process_->next_line_with("ContainerManager - Using checkIntervalMs").has_value();
}

ZkClient::ZkClient(const ZkServer& server) {
  registry::run_on_loop(pool_, pool_.loop(0), [&] {
    zookeeper::HandleUser& user = *this;
    handle_ = std::make_unique<zookeeper::Handle>(pool_.loop(0), server.at(),
                                                  std::chrono::seconds(30), false, user);
  });
  connected_.get_future().wait();
}

ZkClient::~ZkClient() {
  registry::run_on_loop(pool_, pool_.loop(0), [this] { handle_.reset(); });
}

void ZkClient::on_connected(std::int64_t session, std::chrono::milliseconds) {
  if (session_.exchange(session) == 0) connected_.set_value();
}

void ZkClient::on_node_changed(const std::string&) {
  std::lock_guard lock(mutex_);
  ++changes_;
  changed_.notify_all();
}

zookeeper::Outcome ZkClient::wait_for(const Start& start) {
  auto promise = std::make_shared<std::promise<zookeeper::Outcome>>();
  std::future<zookeeper::Outcome> outcome = promise->get_future();
  registry::run_on_loop(pool_, pool_.loop(0), [&] {
    start(*handle_, [promise](zookeeper::Outcome one) { promise->set_value(std::move(one)); });
  });
  return outcome.get();
}

bool ZkClient::look_until(const Start& look,
                          const std::function<bool(const zookeeper::Outcome&)>& wanted) {
  std::size_t seen = 0;
  while (true) {
    {
      std::lock_guard lock(mutex_);
      seen = changes_;
    }
    if (wanted(wait_for(look))) return true;
    std::unique_lock lock(mutex_);
    if (!changed_.wait_for(lock, std::chrono::minutes(1), [&] { return changes_ != seen; })) {
      return false;
    }
  }
}

bool ZkClient::comes_to(const std::string& path, bool there) {
  return look_until(
      [&](zookeeper::Handle& handle, zookeeper::Handle::Done done) {
        handle.exists(path, std::move(done));
      },
      [&](const zookeeper::Outcome& outcome) { return outcome.code == (there ? ZOK : ZNONODE); });
}

bool ZkClient::comes_to_children(const std::string& path, std::size_t count) {
  return comes_to(path, true) &&
         look_until(
             [&](zookeeper::Handle& handle, zookeeper::Handle::Done done) {
               handle.children(path, std::move(done));
             },
             [&](const zookeeper::Outcome& outcome) { return outcome.names.size() == count; });
}

zookeeper::Outcome ZkClient::get(const std::string& path) {
  return wait_for([&](zookeeper::Handle& handle, zookeeper::Handle::Done done) {
    handle.get(path, std::move(done));
  });
}

std::vector<std::string> ZkClient::children(const std::string& path) {
  return wait_for([&](zookeeper::Handle& handle, zookeeper::Handle::Done done) {
           handle.children(path, std::move(done));
         })
      .names;
}

bool ZkClient::create(const std::string& path, std::string_view value, bool ephemeral) {
  return wait_for([&](zookeeper::Handle& handle, zookeeper::Handle::Done done) {
           handle.create(path, value, ephemeral, std::move(done));
         }).code == ZOK;
}

void ZkClient::create_all(const std::string& path, std::string_view value) {
  for (const std::string& parent : zookeeper::zk_parents(path)) create(parent, "", false);
  EXPECT_TRUE(create(path, value, false)) << path;
}

bool ZkClient::remove(const std::string& path) {
  return wait_for([&](zookeeper::Handle& handle, zookeeper::Handle::Done done) {
           handle.remove(path, -1, std::move(done));
         }).code == ZOK;
}

}  // namespace tern::test
