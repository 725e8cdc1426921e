// A server at three times what it can do, with its adaptive limit and with the fixed limits alone:
//   tern_overload [--secs S] [--times T] [--workers W] [--handler-ms MS] [--within-ms MS]
// One process: the server's loop and workers, and a client with four connections on a loop of its
// own. The handler holds a worker for 5 ms. Each of the two servers first shows its peak, with as
// many calls in flight as there are workers twice over; then calls come at T times that rate, by
// chance, whatever becomes of them; then at half of it. A call is good if it is answered within
// 100 ms, which is its deadline, too. Prints a line of each server: the peak, the goodput in the
// overload, what a refusal takes, and how long after the overload the last call was not good.
#include <asio/executor_work_guard.hpp>
#include <asio/io_context.hpp>
#include <asio/steady_timer.hpp>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "command_line.h"
#include "echo_service.h"
#include "histogram.h"
#include "measure.h"
#include "tern/blocking.h"
#include "tern/client.h"
#include "tern/server.h"

namespace {

using tern::bench::Histogram;
using tern::bench::now_ns;
using tern::bench::parse_command_line;

struct Options {
  double seconds = 10;
  double times = 3;
  int workers = 2;
  int handler_ms = 5;
  int within_ms = 100;
};

Options parse(int argc, char** argv) {
  Options options;
  parse_command_line(argc, argv,
                     {{"--secs", options.seconds},
                      {"--times", options.times},
                      {"--workers", options.workers},
                      {"--handler-ms", options.handler_ms},
                      {"--within-ms", options.within_ms}});
  return options;
}

class Slow final : public tern::bench::EchoService {
 public:
  explicit Slow(int handler_ms) : takes_(handler_ms) {}

  tern::Reply<std::vector<std::byte>> Blob(tern::ServerContext& context,
                                           std::vector<std::byte> blob) override {
    return tern::blocking(context, [takes = takes_, blob = std::move(blob)] {
      std::this_thread::sleep_for(takes);
      return blob;
    });
  }

 private:
  std::chrono::milliseconds takes_;
};

// What became of the calls of one phase.
struct Seen {
  std::uint64_t good = 0;
  std::uint64_t refused = 0;
  std::uint64_t late = 0;
  std::uint64_t last_bad_ns = 0;  // when that call was made
  Histogram good_ns;
  Histogram refused_ns;
};

// Makes calls on its own thread: the one that runs `io`.
class Caller {
 public:
  Caller(const Options& options, const tern::Endpoint& server)
      : options_(options), pool_(io_), timer_(io_) {
    tern::ClientOptions client_options;
    client_options.limits.calls_in_flight = 100'000;
    for (int i = 0; i < 4; ++i) {
      clients_.push_back(std::make_unique<tern::Client>(server.to_string(), pool_, client_options));
      stubs_.emplace_back(*clients_.back());
    }
  }

  // Keeps so many calls in flight for so long.
  Seen keep(int in_flight, double seconds) {
    begin(seconds);
    for (int i = 0; i < in_flight; ++i) call(true);
    run(seconds);
    return seen_;
  }
  // So many a second, by chance.
  Seen flood(double rate, double seconds) {
    begin(seconds);
    rate_ = rate;
    next_ns_ = static_cast<double>(now_ns());
    flood_on();
    run(seconds);
    return seen_;
  }

 private:
  void begin(double seconds) {
    seen_ = Seen();
    until_ns_ = now_ns() + static_cast<std::uint64_t>(seconds * 1e9);
  }

  // Returns when the last call of the phase has ended, which is at its deadline at the latest.
  void run(double seconds) {
    io_.restart();
    io_.run_for(std::chrono::duration_cast<std::chrono::nanoseconds>(
        std::chrono::duration<double>(seconds)));
    while (pending_ > 0) io_.run_one();
  }

  void call(bool again) {
    std::uint64_t start = now_ns();
    tern::CallOptions call_options;
    call_options.timeout = std::chrono::milliseconds(options_.within_ms);
    bench::EchoStub& stub = stubs_[turn_++ % stubs_.size()];
    ++pending_;
    stub.Blob({}, call_options).then([this, start, again](auto reply) {
      --pending_;
      std::uint64_t now = now_ns();
      note(reply.status(), start, now - start);
      if (again && now < until_ns_) call(true);
    });
  }

  void note(const tern::Status& status, std::uint64_t start, std::uint64_t took) {
    if (status.ok()) {
      ++seen_.good;
      seen_.good_ns.add(took);
      return;
    }
    seen_.last_bad_ns = std::max(seen_.last_bad_ns, start);
    if (status.code() == tern::Code::kResourceExhausted) {
      ++seen_.refused;
      seen_.refused_ns.add(took);
    } else {
      ++seen_.late;
    }
  }

  void flood_on() {
    std::uint64_t now = now_ns();
    if (now >= until_ns_) return;
    while (next_ns_ <= static_cast<double>(now)) {
      call(false);
      double chance = std::uniform_real_distribution<double>()(random_);
      next_ns_ -= std::log1p(-chance) / rate_ * 1e9;
    }
    timer_.expires_after(
        std::chrono::nanoseconds(static_cast<std::int64_t>(next_ns_ - static_cast<double>(now))));
    timer_.async_wait([this](auto error) {
      if (!error) flood_on();
    });
  }

  const Options& options_;
  asio::io_context io_{1};
  asio::executor_work_guard<asio::io_context::executor_type> work_ = asio::make_work_guard(io_);
  tern::IoPool pool_;
  asio::steady_timer timer_;
  std::vector<std::unique_ptr<tern::Client>> clients_;
  std::vector<bench::EchoStub> stubs_;
  std::size_t turn_ = 0;
  std::size_t pending_ = 0;
  std::mt19937_64 random_{1};
  double rate_ = 0;
  double next_ns_ = 0;
  std::uint64_t until_ns_ = 0;
  Seen seen_;
};

void measure(const char* name, const Options& options, bool adaptive) {
  tern::ServerOptions server_options;
  server_options.worker_threads = static_cast<std::size_t>(options.workers);
  server_options.adaptive_concurrency.enabled = adaptive;
  server_options.log_level = tern::LogLevel::kError;
  tern::Server server(server_options);
  tern::Status added = server.add(std::make_shared<Slow>(options.handler_ms));
  tern::Result<tern::Endpoint> at = server.listen("tcp@127.0.0.1:0");
  if (!added.ok() || !at.ok()) {
    std::fprintf(stderr, "overload: %s\n", (added.ok() ? at.status() : added).to_string().c_str());
    std::exit(1);
  }
  Caller caller(options, *at);
  caller.keep(1, 0.5);
  double peak = static_cast<double>(caller.keep(2 * options.workers, 2).good) / 2;
  Seen over = caller.flood(options.times * peak, options.seconds);
  std::uint64_t limit = server.stats().concurrency_limit;
  std::uint64_t over_ns = now_ns();
  Seen after = caller.flood(0.5 * peak, 5);
  double goodput = static_cast<double>(over.good) / options.seconds;
  double recovery =
      after.last_bad_ns > over_ns ? static_cast<double>(after.last_bad_ns - over_ns) * 1e-9 : 0;
  std::printf(
      "%-9s peak %6.1f/s   at %.1fx: good %6.1f/s = %3.0f %%, refused %6.1f/s, late %6.1f/s, "
      "good p99 %6.1f ms, refusal p50 %5.2f p99 %5.2f ms, limit %llu   recovery %.2f s\n",
      name, peak, options.times, goodput, 100 * goodput / peak,
      static_cast<double>(over.refused) / options.seconds,
      static_cast<double>(over.late) / options.seconds, over.good_ns.quantile(0.99) * 1e-6,
      over.refused_ns.quantile(0.5) * 1e-6, over.refused_ns.quantile(0.99) * 1e-6,
      static_cast<unsigned long long>(limit), recovery);
  std::fflush(stdout);
}

}  // namespace

int main(int argc, char** argv) {
  Options options = parse(argc, argv);
  measure("adaptive", options, true);
  measure("fixed", options, false);
  return 0;
}
