// Servers of a cluster's test whose methods stream, and who watches them.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "cluster/cluster_fixture.h"
#include "feed.service.h"
#include "tern/stream.h"

namespace tern::test {

// What all servers have, as if each had a copy.
struct FeedLog {
  std::vector<std::int64_t> positions;
  std::int64_t oldest = 1;  // what is before that is forgotten
};

// The streams of one server. A watcher gets what the log has behind its position, and what comes.
class FeedServer final : public feed::FeedService {
 public:
  explicit FeedServer(const FeedLog& log) : log_(log) {}

  Reply<void> Watch(ServerContext& context, feed::Since since, Writer<feed::Change> out) override;
  Reply<void> Tail(ServerContext& context, feed::Since since, Writer<feed::Change> out) override {
    return Watch(context, since, std::move(out));
  }
  Reply<void> List(ServerContext& context, feed::Since since, Writer<feed::Change> out) override {
    return Watch(context, since, std::move(out));
  }
  Reply<feed::Total> Upload(ServerContext& context, Reader<feed::Change> in) override;
  Reply<void> Chat(ServerContext& context, Reader<feed::Change> in,
                   Writer<feed::Change> out) override;

  // Sends what the log has got. As much as there is room for.
  void pump();
  // Ends all streams.
  void finish(const Status& outcome);
  void forget() { watchers_.clear(); }

  std::vector<std::int64_t> asked;  // the position of each request
  Status refusal;                   // what streams are answered with, if it is a failure
  int repeats = 0;                  // of what is before the position is sent again

 private:
  struct Watcher {
    Writer<feed::Change> out;
    std::size_t next;  // in the log
  };

  const FeedLog& log_;
  std::vector<Watcher> watchers_;
};

// Reads a stream to its end.
class Watching : public std::enable_shared_from_this<Watching> {
 public:
  explicit Watching(ServerStream<feed::Change> stream) : stream_(std::move(stream)) {}
  Watching(const Watching&) = delete;
  Watching& operator=(const Watching&) = delete;

  // Each message when it comes; without it, take() takes them.
  void read_all();
  // Takes one that is here; 0: there is none.
  std::int64_t take();

  ServerStream<feed::Change>& stream() { return stream_; }
  const std::vector<std::int64_t>& got() const { return got_; }
  bool ended() const { return ended_; }
  Status status() const { return stream_.status(); }

 private:
  // A read that waits may outlive this.
  std::shared_ptr<feed::Change> message_ = std::make_shared<feed::Change>();
  std::vector<std::int64_t> got_;
  bool ended_ = false;
  ServerStream<feed::Change> stream_;
};

class StreamTown : public ClusterTest {
 protected:
  StreamTown();
  ~StreamTown() override;

  feed::FeedStub feed() { return feed::FeedStub(cluster()); }
  FeedServer& streams(const std::string& name);
  // Opens Watch behind `position`, and reads all that comes.
  std::shared_ptr<Watching> watch(CallOptions call_options = CallOptions(),
                                  std::int64_t position = 0);
  // So many new changes, which the servers send.
  void publish(int count = 1);
  // Begins to stop the server, which has so long for its streams; nobody reaches it meanwhile.
  void begin_drain(const std::string& name, std::chrono::nanoseconds time);
  // A new server, at the same address, in the place of one that was stopped or killed.
  void restart(const std::string& name);

  FeedLog log;

 private:
  void add_services(Server& server, TownServer& service) override;

  std::map<const TownServer*, std::shared_ptr<FeedServer>> feeds_;
};

}  // namespace tern::test
