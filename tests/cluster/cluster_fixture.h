// A cluster on one loop that the test turns, and servers that it brings up, takes down and makes
// slow: real ones, on streams in memory.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "arith.service.h"
#include "serve/gate.h"
#include "support/memory_stream.h"
#include "support/test_loop.h"
#include "tern/cluster.h"
#include "tern/dialer.h"
#include "tern/server.h"
#include "tern/server_list.h"

namespace tern::test {

using namespace std::chrono_literals;

// What became of a call, and how often.
template <typename T>
struct Ended {
  int ends = 0;
  std::optional<Result<T>> result;

  bool done() const { return ends > 0; }
  bool ok() const { return result && result->ok(); }
  Code code() const { return result ? result->status().code() : Code::kOk; }
  std::string message() const {
    return result ? std::string(result->status().message()) : "it has not ended";
  }
};

template <typename T>
std::shared_ptr<Ended<T>> watch(Call<T>& call) {
  auto ended = std::make_shared<Ended<T>>();
  call.then([ended](Result<T> result) {
    ++ended->ends;
    ended->result.emplace(std::move(result));
  });
  return ended;
}

using EndedPtr = std::shared_ptr<Ended<std::int64_t>>;

// One server, at "tcp@NAME:1".
class TownServer final : public arith::ArithService {
 public:
  using Handler = std::function<Reply<std::int64_t>(ServerContext&, arith::Args)>;

  Reply<std::int64_t> Multiply(ServerContext& context, arith::Args args) override {
    ++calls;
    if (Status refusal = begin(args); !refusal.ok()) return refusal;
    if (gate) return behind_gate(*gate, args.A * args.B);
    if (handler) return handler(context, args);
    return args.A * args.B;
  }
  Reply<arith::Quotient> Divide(ServerContext&, arith::Args args) override {
    ++calls;
    if (Status refusal = begin(args); !refusal.ok()) return refusal;
    if (gate) return divide_behind_gate(*gate, args);
    if (args.B == 0) return arith::DivideByZero(args.A);
    return arith::Quotient(args.A / args.B, args.A % args.B);
  }
  Reply<void> Sleep(ServerContext&, Duration) override { return {}; }

  int calls = 0;
  int dials = 0;
  std::function<Status(arith::Args)> begins;  // told of every call; a failure is the answer
  Handler handler;                            // null: it multiplies
  std::shared_ptr<Gate> gate;                 // handlers wait behind it; outlives them

  enum class Network { kUp, kRefuses, kSilent } network = Network::kUp;
  std::unique_ptr<Server> server;
  std::vector<std::unique_ptr<MemoryLink>> links;

 private:
  Status begin(arith::Args args) const { return begins ? begins(args) : Status(); }
  static asio::awaitable<Result<std::int64_t>> behind_gate(Gate& gate, std::int64_t value) {
    co_await gate.wait();
    co_return value;
  }
  static asio::awaitable<Result<arith::Quotient>> divide_behind_gate(Gate& gate, arith::Args args) {
    co_await gate.wait();
    co_return arith::Quotient(args.A / args.B, args.A % args.B);
  }
};

// The handler of a server whose calls fail with kUnavailable.
Reply<std::int64_t> unavailable(ServerContext&, arith::Args);

// Leads to the servers of a test by their names.
class TownDialer final : public Dialer {
 public:
  std::unique_ptr<Attempt> dial(Loop& loop, const Endpoint& endpoint, std::chrono::nanoseconds,
                                Done done) override;

  std::map<std::string, std::shared_ptr<TownServer>> servers;
  std::vector<std::pair<std::string, Clock::TimePoint>> dials;

 private:
  class Dialing;
};

class ClusterTest : public testing::Test {
 protected:
  ClusterTest();
  ~ClusterTest() override;

  static std::string address(const std::string& name) { return "tcp@" + name + ":1"; }
  static Instance instance(const std::string& name, std::uint32_t weight = 1,
                           const std::string& zone = "");

  // Makes servers that are not there yet, and lists exactly these.
  void list(const std::vector<std::string>& names);
  TownServer& server(const std::string& name);
  Cluster& cluster();
  arith::ArithStub stub() { return arith::ArithStub(cluster()); }

  // Idempotent.
  EndedPtr multiply(CallOptions options = CallOptions());
  // Not idempotent.
  std::shared_ptr<Ended<arith::Quotient>> divide(CallOptions options = CallOptions());
  // Makes so many calls, one after the other, and returns how many have failed.
  int multiply_times(int times);
  static CallOptions within(std::chrono::nanoseconds timeout);
  static CallOptions wait_for_ready();
  // How many calls each of the listed servers has had.
  std::vector<int> calls();
  ClusterServerStats stats_of(const std::string& name);

  // Kills the server: its connections break, and it is not reached any more.
  void kill(const std::string& name);
  void bring_back(const std::string& name);
  // Stops the server as Server::stop() does, while the loop runs.
  void drain(const std::string& name);
  std::unique_ptr<Server> make_server(const std::shared_ptr<TownServer>& service);
  // What a test's servers have beside `service`.
  virtual void add_services(Server& /*server*/, TownServer& /*service*/) {}

  TestLoop loop;
  std::shared_ptr<TownDialer> town = std::make_shared<TownDialer>();
  std::shared_ptr<ServerList> servers = std::make_shared<ServerList>();
  ClusterOptions options;
  ServerOptions server_options;  // of servers that are made from now on

 private:
  std::vector<std::string> listed_;
  std::unique_ptr<Cluster> cluster_;
};

}  // namespace tern::test
