// Lines for an operator, and their levels.
#pragma once

#include <concepts>
#include <cstdint>
#include <functional>
#include <string_view>
#include <type_traits>
#include <utility>

#include "tern/version.h"

namespace tern {

// kDebug: what happens all the time. kInfo: what an operator may want to know later: connections
// that are lost, a server that stops. kWarning: what needs attention: peers that are refused, a
// loop that is blocked. kError: what is wrong in the program: exceptions of handlers and callbacks.
enum class LogLevel : std::uint8_t { kDebug, kInfo, kWarning, kError, kOff };

// "debug", "info", "warning", "error", "off".
std::string_view log_level_name(LogLevel level) noexcept;

// Takes lines: a callable as void(LogLevel, std::string_view) or, without the level, as
// void(std::string_view). It is called on any thread, several at the same time; the text has no
// line break at its end, and is good during the call.
class LogSink {
 public:
  // Empty: lines go to standard error.
  LogSink() = default;
  LogSink(std::nullptr_t) {}  // NOLINT(google-explicit-constructor)
  template <typename F>
  requires std::invocable<F&, LogLevel, std::string_view> &&
      (!std::same_as<std::remove_cvref_t<F>, LogSink>)LogSink(F&& sink)
      : sink_(std::forward<F>(sink)) {}  // NOLINT(google-explicit-constructor)
  template <typename F>
  requires std::invocable<F&, std::string_view> &&
      (!std::invocable<F&, LogLevel, std::string_view>)&&(
          !std::same_as<std::remove_cvref_t<F>, LogSink>)
          LogSink(F&& sink) {  // NOLINT(google-explicit-constructor)
    if constexpr (std::is_constructible_v<bool, F&> &&
                  !std::is_function_v<std::remove_reference_t<F>>) {
      if (!static_cast<bool>(sink)) return;
    }
    sink_ = [sink = std::forward<F>(sink)](LogLevel, std::string_view line) mutable { sink(line); };
  }

  explicit operator bool() const noexcept { return static_cast<bool>(sink_); }
  void operator()(LogLevel level, std::string_view line) const { sink_(level, line); }

 private:
  std::function<void(LogLevel, std::string_view)> sink_;
};

}  // namespace tern
