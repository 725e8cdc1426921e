// A listener whose connections the test makes.
#pragma once

#include <deque>
#include <memory>
#include <string>
#include <utility>

#include "net/loop.h"
#include "support/memory_stream.h"
#include "tern/listener.h"

namespace tern::test {

// The test's hold on a listener that somebody else owns. On the thread of its loop.
class FakeListening {
 public:
  // The listener, to be given away: once.
  std::unique_ptr<Listener> make(const Endpoint& endpoint) {
    return std::make_unique<Fake>(state_, endpoint);
  }

  // The far side of `end` connects. Refused, it is closed.
  void connect(MemoryEnd& end) {
    auto connection = std::make_unique<Connection>(end, *state_);
    if (state_->ended) return;
    state_->waiting.push_back(std::move(connection));
    if (state_->loop) state_->loop->post([state = state_] { state->hand_over(); });
  }
  // From now on connections cannot be put on a loop.
  void fail_to_open() { state_->opens = false; }

  bool started() const { return state_->loop != nullptr; }
  bool ended() const { return state_->ended; }
  bool destroyed() const { return state_->destroyed; }

 private:
  struct State {
    void hand_over() {
      while (!waiting.empty() && on_incoming) {
        std::unique_ptr<Listener::Incoming> first = std::move(waiting.front());
        waiting.pop_front();
        on_incoming(std::move(first));
      }
    }

    Loop* loop = nullptr;
    Listener::OnIncoming on_incoming;
    std::deque<std::unique_ptr<Listener::Incoming>> waiting;
    bool opens = true;
    bool ended = false;
    bool destroyed = false;
  };

  class Connection final : public Listener::Incoming {
   public:
    Connection(MemoryEnd& end, const State& state) : end_(end), opens_(state.opens) {}
    ~Connection() override {
      if (!opened_) end_.close();
    }
    Result<std::unique_ptr<ByteStream>> open(Loop& loop) override {
      if (!opens_) return Status(Code::kUnavailable, "no room on the loop");
      opened_ = true;
      return end_.open(loop, "the test");
    }

   private:
    MemoryEnd& end_;
    const bool opens_;
    bool opened_ = false;
  };

  class Fake final : public Listener {
   public:
    Fake(std::shared_ptr<State> state, const Endpoint& endpoint)
        : state_(std::move(state)), endpoint_(endpoint) {}
    ~Fake() override {
      state_->ended = true;
      state_->destroyed = true;
      state_->on_incoming.reset();
      state_->waiting.clear();
    }

    Endpoint endpoint() const override { return endpoint_; }
    void start(Loop& loop, OnIncoming on_incoming) override {
      state_->loop = &loop;
      state_->on_incoming = std::move(on_incoming);
      loop.post([state = state_] { state->hand_over(); });
    }
    void finish() override {
      state_->hand_over();
      state_->ended = true;
    }

   private:
    const std::shared_ptr<State> state_;
    const Endpoint endpoint_;
  };

  std::shared_ptr<State> state_ = std::make_shared<State>();
};

}  // namespace tern::test
