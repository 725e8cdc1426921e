// Streams of a cluster whose connections are on several loops, and threads that read them.
#include <gtest/gtest.h>

#include <array>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "feed.service.h"
#include "tern/cluster.h"
#include "tern/in_process.h"
#include "tern/server.h"
#include "tern/server_list.h"
#include "tern/stream.h"

namespace tern::test {
namespace {

constexpr std::int64_t kLast = 2000;
constexpr std::int64_t kAtATime = 150;

// Sends some of what it is asked for, and is unavailable then.
class TiredFeed final : public feed::FeedService {
 public:
  Reply<void> Watch(ServerContext&, feed::Since since, Writer<feed::Change> out) override {
    return some(since.position, std::move(out));
  }
  Reply<void> Tail(ServerContext&, feed::Since, Writer<feed::Change>) override { return unused(); }
  Reply<void> List(ServerContext&, feed::Since, Writer<feed::Change>) override { return unused(); }
  Reply<feed::Total> Upload(ServerContext&, Reader<feed::Change>) override { return unused(); }
  Reply<void> Chat(ServerContext&, Reader<feed::Change>, Writer<feed::Change>) override {
    return unused();
  }

 private:
  static Status unused() { return Status(Code::kUnimplemented, "not in this test"); }
  static asio::awaitable<Result<void>> some(std::int64_t position, Writer<feed::Change> out) {
    feed::Change change;
    for (std::int64_t i = 1; i <= kAtATime && position + i <= kLast; ++i) {
      change.position = position + i;
      if (!co_await out.write(change)) co_return out.status();
    }
    if (position + kAtATime < kLast) co_return Status(Code::kUnavailable, "tired");
    co_return Result<void>();
  }
};

// Leads to each server by its host.
class HostDialer final : public Dialer {
 public:
  std::unique_ptr<Attempt> dial(Loop& loop, const Endpoint& endpoint,
                                std::chrono::nanoseconds timeout, Done done) override {
    return ways[endpoint.host == "a" ? 0 : 1]->dial(loop, endpoint, timeout, std::move(done));
  }
  std::array<std::shared_ptr<Dialer>, 2> ways;
};

TEST(ClusterStreamThreads, ReadEachMessageOnceInItsOrderThoughServersEndTheirStreams) {
  IoPool server_pool(2);
  Server a(server_pool);
  Server b(server_pool);
  ASSERT_TRUE(a.add(std::make_shared<TiredFeed>()).ok());
  ASSERT_TRUE(b.add(std::make_shared<TiredFeed>()).ok());
  auto dialer = std::make_shared<HostDialer>();
  dialer->ways = {in_process_dialer(a), in_process_dialer(b)};
  auto servers = std::make_shared<ServerList>();
  servers->update({Instance(*parse_endpoint("tcp@a:1")), Instance(*parse_endpoint("tcp@b:1"))});
  ClusterOptions options;
  options.client.dialer = dialer;
  options.outliers.consecutive_failures = 0;
  IoPool pool(3);
  Cluster cluster(servers, pool, options);
  feed::FeedStub stub(cluster);
  constexpr std::size_t kThreads = 8;
  std::array<std::int64_t, kThreads> reached{};
  std::array<Status, kThreads> ends;
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < kThreads; ++i) {
    threads.emplace_back([&, i] {
      auto watching = stub.Watch(feed::Since());
      feed::Change change;
      while (watching.get(change)) {
        if (change.position != reached[i] + 1) break;
        reached[i] = change.position;
      }
      ends[i] = watching.status();
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (std::size_t i = 0; i < kThreads; ++i) {
    EXPECT_EQ(reached[i], kLast);
    EXPECT_TRUE(ends[i].ok()) << ends[i].to_string();
  }
}

}  // namespace
}  // namespace tern::test
