#include "registry/etcd/etcd_server.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <future>

#include "etcd/etcd_messages.h"
#include "net/dial.h"
#include "net/loop.h"
#include "registry/http_exchange.h"
#include "registry/loop_task.h"
#include "support/free_port.h"

namespace tern::test {

EtcdServer::EtcdServer(std::size_t members) : members_(members) {
  // Somebody may take a port between its choice and the start.
  bool all_ready = false;
  for (int attempt = 0; attempt < 5 && !all_ready; ++attempt) {
    choose_ports();
    for (std::size_t i = 0; i < members_.size(); ++i) {
      std::filesystem::remove_all(directory(i));
      start(i);
    }
    all_ready = true;
    for (std::size_t i = 0; i < members_.size(); ++i) all_ready = all_ready && ready(i);
  }
  EXPECT_TRUE(all_ready) << "etcd does not start";
}

std::string EtcdServer::at(std::size_t member) const {
  return fmt::format("127.0.0.1:{}", members_[member].port);
}

std::string EtcdServer::everywhere() const {
  std::string all;
  for (std::size_t i = 0; i < members_.size(); ++i) all += (i > 0 ? "," : "") + at(i);
  return all;
}

void EtcdServer::stop(std::size_t member) {
  members_[member].process->signal(SIGSTOP);
}

void EtcdServer::go_on(std::size_t member) {
  members_[member].process->signal(SIGCONT);
}

void EtcdServer::restart(std::size_t member) {
  start(member);
  EXPECT_TRUE(ready(member));
}

void EtcdServer::restart_empty(std::size_t member) {
  std::filesystem::remove_all(directory(member));
  restart(member);
}

std::string EtcdServer::post(const std::string& path, const std::string& body, std::size_t member,
                             const std::string& token) {
  net::SocketDialer dialer;
  registry::HttpExchangeRequest request;
  request.endpoint = *parse_endpoint("tcp@" + at(member));
  request.host = at(member);
  request.method = "POST";
  request.target = path;
  request.body = body;
  if (!token.empty()) request.headers.emplace_back("Authorization", token);
  registry::HttpExchangeLimits limits;
  limits.whole = std::chrono::seconds(5);
  std::promise<std::string> answer;
  std::unique_ptr<registry::HttpExchange> exchange;
  registry::run_on_loop(pool_, pool_.loop(0), [&] {
    exchange = registry::HttpExchange::start(
        pool_.loop(0), dialer, request, limits,
        [&](auto response) { answer.set_value(response.ok() ? response->body : ""); });
  });
  std::string text = answer.get_future().get();
  registry::run_on_loop(pool_, pool_.loop(0), [&] { exchange.reset(); });
  return text;
}

std::vector<std::string> EtcdServer::keys(const std::string& prefix) {
  Result<etcd::Range> range =
      etcd::parse_range(post("/v3/kv/range", etcd::range_body(prefix, 1000)));
  std::vector<std::string> keys;
  if (!range.ok()) return {range.status().to_string()};
  for (const etcd::Entry& entry : range->entries) keys.push_back(entry.key);
  return keys;
}

// curl prints each answer of a watch on a line of its own; the first says that it has begun.
bool EtcdServer::comes_to_keys(const std::string& prefix, std::size_t count) {
  ChildProcess watch({"curl", "--silent", "--no-buffer", "--data", etcd::watch_body(prefix, 0),
                      fmt::format("http://{}/v3/watch", at())});
  while (watch.next_line()) {
    if (keys(prefix).size() == count) return true;
  }
  return false;
}

void EtcdServer::put(const std::string& key, const std::string& value) {
  post("/v3/kv/put", etcd::put_body(key, value, 0));
}

void EtcdServer::remove(const std::string& key) {
  post("/v3/kv/deleterange", etcd::get_body(key));
}

void EtcdServer::compact() {
  Result<etcd::Range> range = etcd::parse_range(post("/v3/kv/range", etcd::get_body("any")));
  ASSERT_TRUE(range.ok()) << range.status().to_string();
  post("/v3/kv/compaction", fmt::format(R"({{"revision":"{}","physical":true}})", range->revision));
}

std::filesystem::path EtcdServer::directory(std::size_t member) const {
  return directory_.path() / fmt::format("member{}", member);
}

void EtcdServer::choose_ports() {
  for (Member& member : members_) {
    member.process.reset();
    member.port = free_port();
    member.peer_port = free_port();
  }
}

void EtcdServer::start(std::size_t member) {
  std::string cluster;
  for (std::size_t i = 0; i < members_.size(); ++i) {
    cluster +=
        fmt::format("{}member{}=http://127.0.0.1:{}", i > 0 ? "," : "", i, members_[i].peer_port);
  }
  Member& one = members_[member];
  std::string client = fmt::format("http://127.0.0.1:{}", one.port);
  std::string peer = fmt::format("http://127.0.0.1:{}", one.peer_port);
  one.process =
      std::make_unique<ChildProcess>(std::vector<std::string>{"etcd",
                                                              "--name",
                                                              fmt::format("member{}", member),
                                                              "--data-dir",
                                                              directory(member),
                                                              "--listen-client-urls",
                                                              client,
                                                              "--advertise-client-urls",
                                                              client,
                                                              "--listen-peer-urls",
                                                              peer,
                                                              "--initial-advertise-peer-urls",
                                                              peer,
                                                              "--initial-cluster",
                                                              cluster,
                                                              "--heartbeat-interval",
                                                              "50",
                                                              "--election-timeout",
                                                              "500",
                                                              "--logger",
                                                              "zap"},
                                     ChildProcess::Reads::kOutputAndErrors);
}

// It says so in its log.
bool EtcdServer::ready(std::size_t member) {
  return members_[member].process->next_line_with("serving client traffic").has_value();
}

}  // namespace tern::test
