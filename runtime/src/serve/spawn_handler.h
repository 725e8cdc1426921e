// The start of a handler that is a coroutine.
#pragma once

#include <array>
#include <asio/any_io_executor.hpp>
#include <asio/awaitable.hpp>
#include <asio/bind_cancellation_slot.hpp>
#include <asio/cancellation_signal.hpp>
#include <asio/co_spawn.hpp>
#include <asio/dispatch.hpp>
#include <cstddef>
#include <exception>
#include <utility>

namespace tern::serve {

// Asio begins a coroutine with a dispatch, and ends the process if that finds no memory. Each
// thread of its loops keeps the memory of its last ones: here it gets so much if it has not, or
// this throws std::bad_alloc.
inline void reserve_memory_to_start(const asio::any_io_executor& where) {
  std::array<std::byte, 128> as_large_as_that{};
  asio::dispatch(where, [as_large_as_that] { (void)as_large_as_that; });
}

// After reserve_memory_to_start(). Nothing is thrown out of `handler`.
inline void spawn_handler(asio::any_io_executor where, asio::awaitable<void> handler,
                          asio::cancellation_slot cancellation) {
  auto done = [](std::exception_ptr) {};
  asio::co_spawn(std::move(where), std::move(handler),
                 asio::bind_cancellation_slot(cancellation, std::move(done)));
}

}  // namespace tern::serve
