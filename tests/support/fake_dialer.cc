#include "support/fake_dialer.h"

#include <utility>

#include "net/loop.h"

namespace tern::test {

class FakeDialer::Dialing final : public Attempt {
 public:
  struct State {
    Done done;
  };

  Dialing(FakeDialer& dialer, Done done) : dialer_(dialer), state_(std::make_shared<State>()) {
    state_->done = std::move(done);
  }
  ~Dialing() override {
    if (!state_->done) return;
    state_->done.reset();
    std::lock_guard lock(dialer_.mutex_);
    ++dialer_.given_up_;
  }

  void come_to(Loop& loop, Result<std::unique_ptr<ByteStream>> result) {
    loop.post([state = state_, result = std::move(result)]() mutable {
      Done done = std::move(state->done);
      if (done) done(std::move(result));
    });
  }

 private:
  FakeDialer& dialer_;
  std::shared_ptr<State> state_;
};

std::unique_ptr<Dialer::Attempt> FakeDialer::dial(Loop& loop, const Endpoint& endpoint,
                                                  std::chrono::nanoseconds timeout, Done done) {
  auto attempt = std::make_unique<Dialing>(*this, std::move(done));
  std::lock_guard lock(mutex_);
  times_.push_back(loop.now());
  endpoints_.push_back(endpoint);
  timeouts_.push_back(timeout);
  Plan plan;
  if (!plans_.empty()) {
    plan = std::move(plans_.front());
    plans_.pop_front();
  }
  if (plan.hang) return attempt;
  if (!plan.failure.ok()) {
    attempt->come_to(loop, plan.failure);
    return attempt;
  }
  MemoryLink& link = *links_.emplace_back(std::make_unique<MemoryLink>());
  link.left().set_faults(faults_);
  attempt->come_to(loop, link.left().open(loop, endpoint.to_string()));
  return attempt;
}

void FakeDialer::fail_next(Status why) {
  std::lock_guard lock(mutex_);
  plans_.push_back({false, std::move(why)});
}

void FakeDialer::hang_next() {
  std::lock_guard lock(mutex_);
  plans_.push_back({true, Status()});
}

void FakeDialer::set_faults(StreamFaults faults) {
  std::lock_guard lock(mutex_);
  faults_ = std::move(faults);
}

std::size_t FakeDialer::attempts() const {
  std::lock_guard lock(mutex_);
  return times_.size();
}

std::vector<Clock::TimePoint> FakeDialer::attempt_times() const {
  std::lock_guard lock(mutex_);
  return times_;
}

std::vector<Endpoint> FakeDialer::endpoints() const {
  std::lock_guard lock(mutex_);
  return endpoints_;
}

std::vector<std::chrono::nanoseconds> FakeDialer::timeouts() const {
  std::lock_guard lock(mutex_);
  return timeouts_;
}

std::size_t FakeDialer::given_up() const {
  std::lock_guard lock(mutex_);
  return given_up_;
}

MemoryEnd& FakeDialer::server(std::size_t index) {
  std::lock_guard lock(mutex_);
  return links_.at(index)->right();
}

MemoryEnd& FakeDialer::client(std::size_t index) {
  std::lock_guard lock(mutex_);
  return links_.at(index)->left();
}

std::size_t FakeDialer::streams() const {
  std::lock_guard lock(mutex_);
  return links_.size();
}

}  // namespace tern::test
