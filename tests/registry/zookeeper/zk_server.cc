#include "registry/zookeeper/zk_server.h"

#include <gtest/gtest.h>
#include <zookeeper/zookeeper.h>

#include <fstream>
#include <future>

#include "registry/loop_task.h"
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
                        << "4lw.commands.whitelist=ruok\nforceSync=no\npreAllocSize=64\n";
  process_.start({"java", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx64m", "-cp",
                  TERN_ZOOKEEPER_JAR, "org.apache.zookeeper.server.quorum.QuorumPeerMain", config},
                 directory_.path() / "log");
}

bool ZkServer::ready() {
  return eventually([this] { return process_.has_ended() || ask(port_, "ruok") == "imok"; }) &&
         process_.started();
}

ZkClient::ZkClient(const ZkServer& server) {
  registry::run_on_loop(pool_, pool_.loop(0), [&] {
    ZkHandleUser& user = *this;
    handle_ = std::make_unique<ZkHandle>(pool_.loop(0), server.at(), std::chrono::seconds(30),
                                         false, user);
  });
  EXPECT_TRUE(eventually([this] { return session_ != 0; }));
}

ZkClient::~ZkClient() {
  registry::run_on_loop(pool_, pool_.loop(0), [this] { handle_.reset(); });
}

void ZkClient::on_connected(std::int64_t session, std::chrono::milliseconds) {
  session_ = session;
}

ZkOutcome ZkClient::wait_for(const Start& start) {
  auto promise = std::make_shared<std::promise<ZkOutcome>>();
  std::future<ZkOutcome> outcome = promise->get_future();
  registry::run_on_loop(pool_, pool_.loop(0), [&] {
    start(*handle_, [promise](ZkOutcome one) { promise->set_value(std::move(one)); });
  });
  return outcome.get();
}

ZkOutcome ZkClient::get(const std::string& path) {
  return wait_for(
      [&](ZkHandle& handle, ZkHandle::Done done) { handle.get(path, std::move(done)); });
}

std::vector<std::string> ZkClient::children(const std::string& path) {
  return wait_for(
             [&](ZkHandle& handle, ZkHandle::Done done) { handle.children(path, std::move(done)); })
      .names;
}

bool ZkClient::create(const std::string& path, std::string_view value, bool ephemeral) {
  return wait_for([&](ZkHandle& handle, ZkHandle::Done done) {
           handle.create(path, value, ephemeral, std::move(done));
         }).code == ZOK;
}

void ZkClient::create_all(const std::string& path, std::string_view value) {
  for (const std::string& parent : zk_parents(path)) create(parent, "", false);
  EXPECT_TRUE(create(path, value, false)) << path;
}

bool ZkClient::remove(const std::string& path) {
  return wait_for([&](ZkHandle& handle, ZkHandle::Done done) {
           handle.remove(path, -1, std::move(done));
         }).code == ZOK;
}

}  // namespace tern::test
