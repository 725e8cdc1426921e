// TCP keepalive: when a connection counts as lost although it was not closed.
#pragma once

#include <chrono>

#include "tern/version.h"

namespace tern {

// A peer whose machine or network fails sends nothing. The system probes an idle peer, and ends the
// connection when there is no answer: with these values after 40 s. The connection then has an
// error like any other, and its calls end. No effect on Unix sockets, whose peers cannot vanish.
struct TcpOptions {
  TcpOptions() = default;

  // Nothing received for this long: send a probe. Whole seconds, rounded up. 0: never.
  std::chrono::nanoseconds keepalive_idle{std::chrono::seconds(20)};
  // The time between probes without an answer, and after how many the connection is closed.
  std::chrono::nanoseconds keepalive_interval{std::chrono::seconds(5)};
  int keepalive_probes = 4;
  // Sent or waiting bytes make no progress for this long: the connection is closed. The same holds
  // for probes without an answer, whatever keepalive_probes says. 0: the system's default, about 15
  // minutes.
  std::chrono::nanoseconds user_timeout{std::chrono::seconds(40)};
};

}  // namespace tern
