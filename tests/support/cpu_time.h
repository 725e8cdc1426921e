// What the thread that asks has computed.
#pragma once

#include <chrono>
#include <ctime>

namespace tern::test {

// The processor's time of this thread, which other work of the machine is not in.
inline std::chrono::nanoseconds thread_cpu_time() {
  std::timespec time{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
}

}  // namespace tern::test
