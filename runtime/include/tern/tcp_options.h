// When a TCP connection counts as lost though nobody has closed it.
#pragma once

#include <chrono>

#include "tern/version.h"

namespace tern {

// A peer that vanishes, with its machine or the way to it, says nothing. The system asks it now and
// then whether it is there, and gives the connection up when it does not answer: with these values
// after 40 s. Of the connection that means an error like any other: its calls end. Of no effect on
// Unix sockets, whose peers cannot vanish.
struct TcpOptions {
  TcpOptions() = default;

  // Nothing heard for so long: ask. Whole seconds, rounded up. 0: never.
  std::chrono::nanoseconds keepalive_idle{std::chrono::seconds(20)};
  // No answer: ask again after so long; and how many times in all before it is given up.
  std::chrono::nanoseconds keepalive_interval{std::chrono::seconds(5)};
  int keepalive_probes = 4;
  // Bytes that were sent, or that a peer takes none of, and no progress for so long: given up. The
  // same holds for questions without an answer, whatever keepalive_probes says. 0: as the system
  // has it, about 15 minutes.
  std::chrono::nanoseconds user_timeout{std::chrono::seconds(40)};
};

}  // namespace tern
