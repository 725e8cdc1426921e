// What is said of a channel's connection.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "base/log_throttle.h"
#include "call/connectivity_listener.h"
#include "tern/clock.h"
#include "tern/log.h"
#include "tern/status.h"

namespace tern::call {

// To the log, and to a listener if there is one. Threads: the loop's; without a lock, since a
// listener may call the channel.
class ConnectionReports {
 public:
  // Both outlive this.
  ConnectionReports(const std::string& address, base::LogThrottle& log) noexcept
      : address_(address), log_(log) {}
  ConnectionReports(const ConnectionReports&) = delete;
  ConnectionReports& operator=(const ConnectionReports&) = delete;

  // Before anything else.
  void set_listener(std::weak_ptr<ConnectivityListener> listener) {
    listener_ = std::move(listener);
  }
  bool has_listener() const noexcept { return !listener_.expired(); }

  // An attempt has failed; the next one may come after `wait`.
  void connect_failed(const Status& why, Clock::Duration wait);
  // The server has accepted the handshake: to the log; and to the listener, when the calls that
  // have waited for it are on their way.
  void log_connected();
  void tell_connected();
  void lost(const Status& why);
  // The server takes no more calls on the connection, or it is given up for one of its streams.
  void going_away();
  void given_up();
  void too_many_pings();

 private:
  void log(LogLevel level, std::string_view what);

  const std::string& address_;
  base::LogThrottle& log_;
  std::weak_ptr<ConnectivityListener> listener_;
};

}  // namespace tern::call
