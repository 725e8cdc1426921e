#include "tern/in_process.h"

#include <asio/io_context.hpp>
#include <atomic>
#include <barrier>
#include <cstddef>
#include <latch>
#include <string>
#include <utility>

#include "net/loop.h"
#include "net/memory_pipe.h"

namespace tern {

namespace {

class InProcessDialer final : public Dialer {
 public:
  explicit InProcessDialer(Server& server) : server_(server) {}

  std::unique_ptr<Attempt> dial(Loop& loop, const Endpoint& endpoint,
                                std::chrono::nanoseconds /*timeout*/, Done done) override {
    auto dialing = std::make_unique<Dialing>(std::move(done));
    Loop& there = server_.pool().next();
    auto [near_end, far_end] =
        net::make_pipe(net::PipeEnd(loop, "in-process"), net::PipeEnd(there, endpoint.to_string()));
    server_.serve(there, std::move(far_end));
    loop.post([state = dialing->state, client = std::move(near_end)]() mutable {
      Done waiting = std::move(*state);
      if (waiting) waiting(std::move(client));
    });
    return dialing;
  }
  bool secures() const noexcept override { return true; }

 private:
  struct Dialing final : Attempt {
    explicit Dialing(Done done) : state(std::make_shared<Done>(std::move(done))) {}
    ~Dialing() override { state->reset(); }

    std::shared_ptr<Done> state;
  };

  Server& server_;
};

// All loops of a pool in one task each, so that none runs anything that is not counted here.
class Settling {
 public:
  explicit Settling(std::ptrdiff_t loops) : done(loops), rounds_(loops, EndOfRound{this}) {}

  // What one loop gives to another makes one more round.
  void run(asio::io_context& io) {
    rounds_.arrive_and_wait();
    do {
      while (std::size_t count = io.poll()) ran_ += count;
      rounds_.arrive_and_wait();
    } while (!idle_);
    done.count_down();
  }

  std::latch done;

 private:
  struct EndOfRound {
    Settling* self;
    void operator()() noexcept { self->idle_ = self->ran_.exchange(0) == 0; }
  };

  std::atomic<std::size_t> ran_ = 0;
  bool idle_ = false;  // written while all wait
  std::barrier<EndOfRound> rounds_;
};

}  // namespace

std::shared_ptr<Dialer> in_process_dialer(Server& server) {
  return std::make_shared<InProcessDialer>(server);
}

void settle(IoPool& pool) {
  auto settling = std::make_shared<Settling>(static_cast<std::ptrdiff_t>(pool.size()));
  for (std::size_t i = 0; i < pool.size(); ++i) {
    pool.loop(i).post([&io = pool.loop(i).io(), settling] { settling->run(io); });
  }
  settling->done.wait();
}

}  // namespace tern
