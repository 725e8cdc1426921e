// The reply of a handler: at once, or later.
#pragma once

#include <asio/awaitable.hpp>
#include <type_traits>
#include <utility>
#include <variant>

#include "tern/coroutines.h"
#include "tern/field.h"
#include "tern/result.h"

namespace tern {

// Made from a T, a Status, a Result<T>, an error that the IDL declares, or a coroutine that returns
// a Result<T>. All but the last cost no coroutine and no allocation.
template <typename T>
class [[nodiscard]] Reply {
 public:
  using Value = T;
  using Later = asio::awaitable<Result<T>>;

  Reply(T value) : state_(std::in_place_index<0>, std::move(value)) {}         // NOLINT
  Reply(Status status) : state_(std::in_place_index<1>, std::move(status)) {}  // NOLINT
  Reply(Result<T> result) {  // NOLINT(google-explicit-constructor)
    if (result.ok()) {
      state_.template emplace<0>(std::move(*result));
    } else {
      state_.template emplace<1>(result.take_status());
    }
  }
  Reply(Later later) : state_(std::in_place_index<2>, std::move(later)) {}  // NOLINT
  template <DeclaredError E>
  Reply(const E& error) : state_(std::in_place_index<1>, error.to_status()) {}  // NOLINT

  // One of the three is there; each is asked for at most once. Used by generated code.
  T* value() noexcept { return std::get_if<0>(&state_); }
  Status* status() noexcept { return std::get_if<1>(&state_); }
  Later* later() noexcept { return std::get_if<2>(&state_); }

 private:
  std::variant<T, Status, Later> state_;
};

// What a handler returns whose stream stays open behind it: see tern::kept() in tern/stream.h.
struct KeptReply {};

// The reply of a method without a result: `return {};` is success.
template <>
class [[nodiscard]] Reply<void> {
 public:
  using Value = Nothing;
  using Later = asio::awaitable<Result<void>>;

  Reply() noexcept = default;
  Reply(Status status) {  // NOLINT(google-explicit-constructor)
    if (!status.ok()) state_.emplace<1>(std::move(status));
  }
  Reply(Result<void> result)
      : Reply(result.take_status()) {}  // NOLINT(google-explicit-constructor)
  Reply(Later later) : state_(std::in_place_index<2>, std::move(later)) {}  // NOLINT
  template <DeclaredError E>
  Reply(const E& error) : state_(std::in_place_index<1>, error.to_status()) {}  // NOLINT
  explicit Reply(KeptReply) noexcept : state_(std::in_place_index<3>) {}

  Nothing* value() noexcept { return std::get_if<0>(&state_); }
  Status* status() noexcept { return std::get_if<1>(&state_); }
  Later* later() noexcept { return std::get_if<2>(&state_); }
  bool kept() const noexcept { return state_.index() == 3; }

 private:
  std::variant<Nothing, Status, Later, KeptReply> state_;
};

}  // namespace tern
