#include "call/connection_reports.h"

#include <fmt/format.h>

#include "call/failure_text.h"

namespace tern::call {

void ConnectionReports::log(LogLevel level, std::string_view what) {
  if (!log_.takes(level)) return;
  log_.line(fmt::format("tern: {}: {}", address_, what), level);
}

void ConnectionReports::connect_failed(const Status& why, Clock::Duration wait) {
  log(LogLevel::kInfo, not_connected_text(why, wait));
  if (auto listener = listener_.lock()) listener->on_connect_failed(why, wait);
}

void ConnectionReports::log_connected() {
  log(LogLevel::kDebug, "connected");
}

void ConnectionReports::tell_connected() {
  if (auto listener = listener_.lock()) listener->on_connected();
}

void ConnectionReports::lost(const Status& why) {
  log(LogLevel::kInfo, fmt::format("connection lost: {}", why.message()));
  if (auto listener = listener_.lock()) listener->on_disconnected(why);
}

void ConnectionReports::going_away() {
  log(LogLevel::kInfo, "the server goes away");
  if (auto listener = listener_.lock()) {
    listener->on_going_away();
    listener->on_disconnected(Status(
        Code::kUnavailable, fmt::format("{}: the server goes away", address_), HandlerRan::kNo));
  }
}

void ConnectionReports::given_up() {
  const Status why(Code::kUnavailable,
                   fmt::format("{}: a stream was given up, which ends its connection", address_),
                   HandlerRan::kNo);
  log(LogLevel::kDebug, why.message());
  if (auto listener = listener_.lock()) listener->on_disconnected(why);
}

void ConnectionReports::too_many_pings() {
  log(LogLevel::kWarning,
      "the server has had too many pings; keepalive_interval is twice as long from now on");
}

}  // namespace tern::call
