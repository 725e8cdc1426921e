#include "cluster/stream_town.h"

#include <algorithm>
#include <utility>

namespace tern::test {

// --- A server ---

Reply<void> FeedServer::Watch(ServerContext&, feed::Since since, Writer<feed::Change> out) {
  asked.push_back(since.position);
  if (!refusal.ok()) return refusal;
  if (since.position > 0 && since.position + 1 < log_.oldest) {
    return Status(Code::kOutOfRange, "the oldest is " + std::to_string(log_.oldest));
  }
  const auto from = std::upper_bound(log_.positions.begin(), log_.positions.end(), since.position);
  auto next = static_cast<std::size_t>(from - log_.positions.begin());
  next -= std::min(next, static_cast<std::size_t>(repeats));
  Reply<void> reply = kept(out);
  watchers_.push_back(Watcher{std::move(out), next});
  pump();
  return reply;
}

Reply<feed::Total> FeedServer::Upload(ServerContext&, Reader<feed::Change> in) {
  asked.push_back(-1);
  if (!refusal.ok()) return refusal;
  struct Count {
    static asio::awaitable<Result<feed::Total>> all(Reader<feed::Change> from) {
      feed::Total total;
      feed::Change change;
      while (co_await from.read(change)) ++total.messages;
      if (!from.status().ok()) co_return from.status();
      co_return total;
    }
  };
  return Count::all(std::move(in));
}

Reply<void> FeedServer::Chat(ServerContext&, Reader<feed::Change> in, Writer<feed::Change> out) {
  asked.push_back(-1);
  if (!refusal.ok()) return refusal;
  struct Echo {
    static asio::awaitable<Result<void>> all(Reader<feed::Change> from, Writer<feed::Change> to) {
      feed::Change change;
      while (co_await from.read(change)) {
        if (!co_await to.write(change)) co_return to.status();
      }
      co_return Result<void>();
    }
  };
  return Echo::all(std::move(in), std::move(out));
}

void FeedServer::pump() {
  for (Watcher& one : watchers_) {
    while (one.next < log_.positions.size()) {
      feed::Change change;
      change.position = log_.positions[one.next];
      if (!one.out.try_write(change)) break;
      ++one.next;
    }
  }
  std::erase_if(watchers_, [](const Watcher& one) { return !one.out.status().ok(); });
}

void FeedServer::finish(const Status& outcome) {
  for (Watcher& one : watchers_) one.out.finish(outcome);
  watchers_.clear();
}

// --- A watcher ---

void Watching::read_all() {
  stream_.then(*message_, [weak = weak_from_this(), message = message_](bool more) {
    std::shared_ptr<Watching> self = weak.lock();
    if (!self) return;
    if (!more) {
      self->ended_ = true;
      return;
    }
    self->got_.push_back(message->position);
    self->read_all();
  });
}

std::int64_t Watching::take() {
  return stream_.try_read(*message_) ? message_->position : 0;
}

// --- The town ---

StreamTown::StreamTown() {
  server_options.blocking_executor = loop.io().get_executor();
  server_options.page_executor = loop.io().get_executor();
}

StreamTown::~StreamTown() {
  for (auto& [service, streams] : feeds_) streams->finish(Status());
  loop.settle();
}

void StreamTown::add_services(Server& server, TownServer& service) {
  auto& streams = feeds_[&service];
  if (!streams) streams = std::make_shared<FeedServer>(log);
  EXPECT_TRUE(server.add(streams).ok());
}

FeedServer& StreamTown::streams(const std::string& name) {
  return *feeds_.at(&server(name));
}

std::shared_ptr<Watching> StreamTown::watch(CallOptions call_options, std::int64_t position) {
  feed::Since since;
  since.position = position;
  auto watching = std::make_shared<Watching>(feed().Watch(since, std::move(call_options)));
  watching->read_all();
  loop.settle();
  return watching;
}

void StreamTown::publish(int count) {
  for (int i = 0; i < count; ++i) {
    log.positions.push_back(static_cast<std::int64_t>(log.positions.size()) + 1);
  }
  for (auto& [service, streams] : feeds_) streams->pump();
  loop.settle();
}

void StreamTown::begin_drain(const std::string& name, std::chrono::nanoseconds time) {
  TownServer& there = server(name);
  there.network = TownServer::Network::kRefuses;
  there.server->async_stop(time, [] {});
  loop.settle();
}

void StreamTown::restart(const std::string& name) {
  TownServer& there = server(name);
  streams(name).forget();
  there.server->async_stop(std::chrono::nanoseconds(0), [] {});
  loop.settle();
  there.server = make_server(town->servers.at(name));
  bring_back(name);
}

}  // namespace tern::test
