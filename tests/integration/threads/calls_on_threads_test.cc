// Calls and streams on several threads, over every protocol, on sockets, with and without TLS,
// while connections are cut.
#include <gtest/gtest.h>

#include <atomic>
#include <cctype>
#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <ostream>
#include <random>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "bank.service.h"
#include "integration/threads/ways.h"
#include "support/cutting_proxy.h"
#include "tern/client.h"
#include "tern/io_pool.h"
#include "tern/server.h"
#include "tern/sleep.h"
#include "tern/stream.h"

namespace tern::test {
namespace {

using namespace std::chrono_literals;
using bank::Ask;
using bank::Item;
using bank::Ticket;
using bank::Total;

constexpr int kThreads = 4;
constexpr int kCallsOfAThread = 120;
constexpr int kCallsBetweenCuts = 30;
constexpr std::int64_t kMessages = 20;
constexpr std::int64_t kLoad = 3000;

// What ran, and what callers were told. Threads: any.
class Ledger {
 public:
  void run(std::int64_t nonce) {
    std::lock_guard lock(mutex_);
    ++calls_[nonce].runs;
  }
  void end(std::int64_t nonce, const Status& status) {
    std::lock_guard lock(mutex_);
    Entry& entry = calls_[nonce];
    ++entry.ends;
    entry.answered = status.ok();
    entry.has_not_run = !status.ok() && status.handler_ran() == HandlerRan::kNo;
    entry.said = status.to_string();
  }
  // Once no handler runs.
  void check() const {
    std::lock_guard lock(mutex_);
    int answered = 0;
    for (const auto& [nonce, entry] : calls_) {
      EXPECT_EQ(entry.ends, 1) << nonce << ": " << entry.said;
      EXPECT_LE(entry.runs, 1) << nonce << ": " << entry.said;
      if (entry.answered) {
        EXPECT_EQ(entry.runs, 1) << nonce;
      }
      if (entry.has_not_run) {
        EXPECT_EQ(entry.runs, 0) << nonce << ": " << entry.said;
      }
      if (entry.answered) ++answered;
    }
    EXPECT_GT(answered, 0);
  }

 private:
  struct Entry {
    int runs = 0;
    int ends = 0;
    bool answered = false;
    bool has_not_run = false;
    std::string said;
  };

  mutable std::mutex mutex_;  // guards the following
  std::map<std::int64_t, Entry> calls_;
};

class Bank final : public bank::BankService {
 public:
  explicit Bank(Ledger& ledger) : ledger_(ledger) {}

  Reply<Ticket> Pay(ServerContext& context, Ticket ticket) override {
    ledger_.run(ticket.nonce);
    if (ticket.nonce % 3 == 0) return later(context, std::move(ticket));
    return ticket;
  }
  Reply<Ticket> Look(ServerContext&, Ticket ticket) override { return ticket; }

 private:
  static asio::awaitable<Result<Ticket>> later(ServerContext& context, Ticket ticket) {
    Result<void> slept = co_await tern::sleep(context, 200us);
    if (!slept.ok()) co_return slept.take_status();
    co_return std::move(ticket);
  }

  Ledger& ledger_;
};

class Flow final : public bank::FlowService {
 public:
  Reply<void> Count(ServerContext&, Ask ask, Writer<Item> out) override {
    return count(ask.position, std::move(out));
  }
  Reply<Total> Sum(ServerContext&, Reader<Item> in) override { return sum(std::move(in)); }
  Reply<void> Echo(ServerContext&, Reader<Item> in, Writer<Item> out) override {
    return echo(std::move(in), std::move(out));
  }

 private:
  static asio::awaitable<Result<void>> count(std::int64_t position, Writer<Item> out) {
    Item item;
    item.load.resize(kLoad);
    while (position < kMessages) {
      item.position = ++position;
      if (!co_await out.write(item)) co_return out.status();
    }
    co_return Result<void>();
  }
  static asio::awaitable<Result<Total>> sum(Reader<Item> in) {
    Total total;
    Item item;
    while (co_await in.read(item)) ++total.messages;
    if (!in.status().ok()) co_return in.status();
    co_return total;
  }
  static asio::awaitable<Result<void>> echo(Reader<Item> in, Writer<Item> out) {
    Item item;
    while (co_await in.read(item)) {
      if (!co_await out.write(item)) co_return out.status();
    }
    co_return in.status().ok() ? Result<void>() : Result<void>(in.status());
  }
};

// One thread that calls.
class Caller {
 public:
  Caller(Channel& channel, Ledger& ledger, int number, bool streams)
      : bank_(channel),
        flow_(channel),
        ledger_(ledger),
        random_(static_cast<unsigned>(number) + 1),
        next_(std::int64_t{number} * 1'000'000),
        streams_(streams) {}

  void call() {
    switch (random_() % (streams_ ? 9 : 4)) {
      case 0:
        return pay({});
      case 1:
        return pay(within(random_() % 2000));
      case 2:
        return pay_and_cancel();
      case 3:
        return pay_with_callback();
      case 4:
        return count_all();
      case 5:
        return count_some();
      case 6:
        return sum();
      case 7:
        return echo();
      default:
        return echo_some();
    }
  }

 private:
  static CallOptions within(std::uint64_t microseconds) {
    CallOptions options;
    options.timeout = std::chrono::microseconds(microseconds);
    return options;
  }
  Ticket ticket() {
    Ticket ticket;
    ticket.nonce = ++next_;
    ticket.load.resize(random_() % 5000);
    return ticket;
  }
  void end(std::int64_t nonce, const Result<Ticket>& result) {
    if (result.ok()) {
      EXPECT_EQ(result->nonce, nonce);
    }
    ledger_.end(nonce, result.status());
  }

  void pay(const CallOptions& options) {
    const Ticket sent = ticket();
    end(sent.nonce, bank_.Pay(sent, options).get());
  }
  void pay_and_cancel() {
    const Ticket sent = ticket();
    auto call = bank_.Pay(sent);
    call.then([this, nonce = sent.nonce](const auto& result) { end(nonce, result); });
    call.cancel();
  }
  void pay_with_callback() {
    const Ticket sent = ticket();
    bank_.Pay(sent).then([this, nonce = sent.nonce](const auto& result) { end(nonce, result); });
  }

  // Reads up to `most`, which come in their order; true: the stream has ended.
  template <typename Stream>
  static bool read(Stream& stream, std::int64_t most) {
    Item item;
    for (std::int64_t position = 1; position <= most; ++position) {
      if (!stream.get(item)) return true;
      EXPECT_EQ(item.position, position);
      EXPECT_EQ(item.load.size(), static_cast<std::size_t>(kLoad));
    }
    return false;
  }
  template <typename Stream>
  void write(Stream& stream, std::int64_t count) {
    Item item;
    item.load.resize(kLoad);
    for (item.position = 1; item.position <= count; ++item.position) {
      if (!stream.put(item)) return;
    }
  }

  void count_all() {
    ServerStream<Item> items = flow_.Count(Ask(0));
    const bool ended = read(items, kMessages);
    Item item;
    if (!ended) {
      EXPECT_FALSE(items.get(item));
    }
    if (ended) {
      EXPECT_FALSE(items.status().ok());
    }
  }
  void count_some() {
    ServerStream<Item> items = flow_.Count(Ask(0));
    read(items, static_cast<std::int64_t>(random_() % 3));
    if (random_() % 2 == 0) items.cancel();
  }
  void sum() {
    ClientStream<Item, Total> upload = flow_.Sum();
    const auto count = static_cast<std::int64_t>(random_() % kMessages);
    write(upload, count);
    if (random_() % 4 == 0) return;
    auto total = upload.finish_get();
    if (total.ok()) {
      EXPECT_EQ(total->messages, count);
    }
  }
  void echo() {
    BidiStream<Item, Item> chat = flow_.Echo();
    std::thread writer([&] {
      write(chat, kMessages);
      chat.end_writing();
    });
    read(chat, kMessages + 1);
    writer.join();
  }
  void echo_some() {
    BidiStream<Item, Item> chat = flow_.Echo();
    write(chat, 3);
    read(chat, static_cast<std::int64_t>(random_() % 3));
  }

  bank::BankStub bank_;
  bank::FlowStub flow_;
  Ledger& ledger_;
  std::minstd_rand random_;
  std::int64_t next_;
  const bool streams_;
};

class CallsOnThreads : public testing::TestWithParam<Way> {};

TEST_P(CallsOnThreads, EndOnceAndSayTrulyWhetherTheyRanThoughConnectionsAreCut) {
  const Way& way = GetParam();
  Ledger ledger;
  IoPool server_pool(2);
  ServerOptions server_options;
  server_options.log = [](std::string_view) {};
  secure(way, server_options);
  Server server(server_pool, server_options);
  ASSERT_TRUE(server.add(std::make_shared<Bank>(ledger)).ok());
  ASSERT_TRUE(server.add(std::make_shared<Flow>()).ok());
  Result<Endpoint> listening = server.listen(way.secure ? "tls@127.0.0.1:0" : "tcp@127.0.0.1:0");
  ASSERT_TRUE(listening.ok()) << listening.status().to_string();
  CuttingProxy proxy(listening->port);
  {
    IoPool pool(2);
    ClientOptions options;
    options.codec = way.codec;
    options.backoff.initial = 1ms;
    options.backoff.max = 1ms;
    secure(way, options);
    Client client(way.prefix + "@127.0.0.1:" + std::to_string(proxy.port()), pool, options);
    std::vector<std::unique_ptr<Caller>> callers;
    std::vector<std::thread> threads;
    for (int i = 0; i < kThreads; ++i) {
      callers.push_back(std::make_unique<Caller>(client, ledger, i, way.streams));
      threads.emplace_back([&proxy, &caller = *callers.back(), i] {
        for (int call = 1; call <= kCallsOfAThread; ++call) {
          caller.call();
          if (i == 0 && call % kCallsBetweenCuts == 0) proxy.cut_all();
        }
      });
    }
    for (std::thread& thread : threads) thread.join();
    client.close();
    const ClientStats stats = client.stats();
    EXPECT_EQ(stats.calls_pending, 0u);
    EXPECT_EQ(stats.streams, 0u);
  }
  server.stop(20s);
  EXPECT_EQ(server.stats().calls_running, 0u);
  EXPECT_EQ(server.stats().streams_open, 0u);
  ledger.check();
}

INSTANTIATE_TEST_SUITE_P(All, CallsOnThreads, testing::ValuesIn(ways()),
                         [](const testing::TestParamInfo<Way>& one) {
                           std::string name;
                           for (char c : one.param.prefix + one.param.codec) {
                             if (std::isalnum(static_cast<unsigned char>(c)) != 0) name += c;
                           }
                           return name;
                         });

}  // namespace
}  // namespace tern::test
