// What a server tells its operator.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "base/log_throttle.h"
#include "tern/clock.h"
#include "tern/endpoint.h"
#include "tern/status.h"

namespace tern {
struct Method;
struct ServerOptions;
}  // namespace tern

namespace tern::serve {

// One line each, unless there was one a moment ago. Threads: any.
class ServerLog {
 public:
  ServerLog(Clock& clock, const ServerOptions& options);

  void warning(std::string_view line);
  void listening(const Endpoint& local);
  void stopping(std::chrono::nanoseconds drain);
  // Code of the program's has thrown.
  void exception(std::string_view thrower, std::string_view what);
  void exception(std::string_view thrower, const Method& method, std::string_view what);
  // It is no std::exception.
  void unknown_exception(std::string_view thrower);
  void exception_of_http(std::string_view path, std::string_view what);
  void refusal(const std::string& peer, const Status& why);

 private:
  base::LogThrottle lines_;
};

}  // namespace tern::serve
