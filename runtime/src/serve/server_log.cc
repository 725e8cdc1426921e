#include "serve/server_log.h"

#include <fmt/format.h>

#include "base/duration_text.h"
#include "tern/codegen/method.h"
#include "tern/server.h"

namespace tern::serve {

ServerLog::ServerLog(Clock& clock, const ServerOptions& options)
    : lines_(clock, options.log, options.log_level) {}

void ServerLog::warning(std::string_view line) {
  lines_.line(std::string(line), LogLevel::kWarning);
}

void ServerLog::listening(const Endpoint& local) {
  if (!lines_.takes(LogLevel::kInfo)) return;
  lines_.line(fmt::format("tern: server: listening on {}", local.to_string()), LogLevel::kInfo);
}

void ServerLog::stopping(std::chrono::nanoseconds drain) {
  if (!lines_.takes(LogLevel::kInfo)) return;
  lines_.line(
      fmt::format("tern: server: stopping; calls that run have {}", base::duration_text(drain)),
      LogLevel::kInfo);
}

void ServerLog::exception(std::string_view thrower, std::string_view what) {
  lines_.line(fmt::format("tern: {} threw: {}", thrower, what));
}

void ServerLog::exception(std::string_view thrower, const Method& method, std::string_view what) {
  lines_.line(
      fmt::format("tern: {} of {}.{} threw: {}", thrower, method.service, method.name, what));
}

void ServerLog::unknown_exception(std::string_view thrower) {
  lines_.line(fmt::format("tern: {} threw something that is no std::exception", thrower));
}

void ServerLog::exception_of_http(std::string_view path, std::string_view what) {
  lines_.line(fmt::format("tern: the handler of {} threw: {}", path, what));
}

void ServerLog::refusal(const std::string& peer, const Status& why) {
  lines_.line(fmt::format("tern: {}: {}", peer, why.message()), LogLevel::kWarning);
}

}  // namespace tern::serve
