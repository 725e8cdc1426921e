// A value, or the Status that says why there is none.
#pragma once

#include <concepts>
#include <optional>
#include <utility>

#include "tern/status.h"

namespace tern {

// An error that the IDL declares: generated code gives each one this member.
template <typename E>
concept DeclaredError = requires(const E& error) {
  { error.to_status() } -> std::same_as<Status>;
};

// Either a T or a failed Status. `value()` of a failure is undefined, as `*` of an empty
// std::optional is: look at ok() first.
template <typename T>
class [[nodiscard]] Result {
 public:
  // Implicit, so that a function can return either. A Status that is ok is turned into kInternal:
  // there is no value to go with it.
  Result(T value) : value_(std::move(value)) {}         // NOLINT(google-explicit-constructor)
  Result(Status status) : status_(std::move(status)) {  // NOLINT(google-explicit-constructor)
    if (status_.ok()) status_ = Status(Code::kInternal, "a result has neither value nor failure");
  }
  template <DeclaredError E>
  Result(const E& error) : status_(error.to_status()) {}  // NOLINT(google-explicit-constructor)

  bool ok() const noexcept { return status_.ok(); }
  explicit operator bool() const noexcept { return ok(); }

  T& value() & { return *value_; }
  const T& value() const& { return *value_; }
  T&& value() && { return std::move(*value_); }
  T& operator*() & { return *value_; }
  const T& operator*() const& { return *value_; }
  T&& operator*() && { return std::move(*value_); }
  T* operator->() { return &*value_; }
  const T* operator->() const { return &*value_; }
  template <typename U>
  T value_or(U&& other) && {
    return ok() ? std::move(*value_) : static_cast<T>(std::forward<U>(other));
  }

  // Success is an empty Status.
  const Status& status() const noexcept { return status_; }
  Status take_status() noexcept { return std::move(status_); }

 private:
  std::optional<T> value_;
  Status status_;
};

// The outcome of a call without a result.
template <>
class [[nodiscard]] Result<void> {
 public:
  Result() noexcept = default;
  Result(Status status) noexcept : status_(std::move(status)) {}  // NOLINT
  template <DeclaredError E>
  Result(const E& error) : status_(error.to_status()) {}  // NOLINT(google-explicit-constructor)

  bool ok() const noexcept { return status_.ok(); }
  explicit operator bool() const noexcept { return ok(); }
  const Status& status() const noexcept { return status_; }
  Status take_status() noexcept { return std::move(status_); }

 private:
  Status status_;
};

}  // namespace tern
