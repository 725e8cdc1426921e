// The ways to read and write a stream that are no plain co_await.
#pragma once

#include <asio/bind_cancellation_slot.hpp>
#include <asio/cancellation_signal.hpp>
#include <asio/co_spawn.hpp>
#include <asio/io_context.hpp>
#include <asio/steady_timer.hpp>
#include <asio/use_awaitable.hpp>
#include <chrono>
#include <exception>
#include <memory>
#include <system_error>
#include <type_traits>
#include <utility>

#include "bank.service.h"
#include "sim/agenda.h"
#include "sim/dice.h"
#include "sim/ledger.h"
#include "sim/stream_plan.h"
#include "sim/trace.h"

namespace tern::sim {

// Happens once, or not at all.
class Event {
 public:
  explicit Event(asio::io_context& io) : timer_(io, asio::steady_timer::time_point::max()) {}

  void set() {
    ++times_;
    timer_.cancel();
  }
  int times() const noexcept { return times_; }
  asio::awaitable<void> wait() {
    if (times_ > 0) co_return;
    try {
      co_await timer_.async_wait(asio::use_awaitable);
    } catch (const std::system_error&) {
      // It has happened.
    }
  }

 private:
  asio::steady_timer timer_;
  int times_ = 0;
};

class StreamWays {
 public:
  // All outlive this.
  StreamWays(asio::io_context& io, Agenda& agenda, Ledger& ledger, Trace& trace)
      : io_(io), agenda_(agenda), ledger_(ledger), trace_(trace) {}

  // Each is as the stream's own read() or write().
  template <typename S>
  asio::awaitable<bool> read_by_callback(S& stream, Item& item);
  // Several times, each but the last being cancelled soon.
  template <typename S>
  asio::awaitable<bool> read_with_cancels(S& stream, Item& item, Dice& dice);
  template <typename S>
  asio::awaitable<bool> write_by_callback(S& stream, const Item& item);

 private:
  asio::io_context& io_;
  Agenda& agenda_;
  Ledger& ledger_;
  Trace& trace_;
};

template <typename S>
asio::awaitable<bool> StreamWays::read_by_callback(S& stream, Item& item) {
  auto event = std::make_shared<Event>(io_);
  auto more = std::make_shared<bool>(false);
  auto done = [this, event, more](bool is_one) {
    *more = is_one;
    if (event->times() > 0) ledger_.violate("a callback of a read runs twice");
    event->set();
  };
  if constexpr (std::is_same_v<S, ServerStream<Item>>) {
    stream.then(item, std::move(done));
  } else {
    stream.read_then(item, std::move(done));
  }
  if (event->times() > 0) ledger_.violate("a callback runs within the call that leaves it");
  co_await event->wait();
  co_return *more;
}

template <typename S>
asio::awaitable<bool> StreamWays::read_with_cancels(S& stream, Item& item, Dice& dice) {
  for (int tries = 0; tries < 3; ++tries) {
    auto event = std::make_shared<Event>(io_);
    auto more = std::make_shared<bool>(false);
    auto signal = std::make_shared<asio::cancellation_signal>();
    auto done = [event, more](std::exception_ptr thrown, bool is_one) {
      *more = !thrown && is_one;
      event->set();
    };
    asio::co_spawn(io_, stream.read(item),
                   asio::bind_cancellation_slot(signal->slot(), std::move(done)));
    agenda_.after(dice.between(std::chrono::nanoseconds(0), std::chrono::milliseconds(3)),
                  [this, signal, event] {
                    if (event->times() > 0) return;
                    trace_.fault(Fault::kCancelledRead);
                    signal->emit(asio::cancellation_type::terminal);
                  });
    co_await event->wait();
    if (*more) co_return true;
    const Status status = stream.status();
    if (status.message() != "the read was cancelled; the stream goes on") co_return false;
  }
  co_return co_await stream.read(item);
}

template <typename S>
asio::awaitable<bool> StreamWays::write_by_callback(S& stream, const Item& item) {
  auto event = std::make_shared<Event>(io_);
  auto written = std::make_shared<bool>(false);
  auto done = [this, event, written](bool is_queued) {
    *written = is_queued;
    if (event->times() > 0) ledger_.violate("a callback of a write runs twice");
    event->set();
  };
  if constexpr (std::is_same_v<S, BidiStream<Item, Item>>) {
    stream.write_then(item, std::move(done));
  } else {
    stream.then(item, std::move(done));
  }
  co_await event->wait();
  co_return *written;
}

}  // namespace tern::sim
