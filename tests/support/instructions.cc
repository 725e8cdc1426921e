#include "support/instructions.h"

#include <gtest/gtest.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>

namespace tern::test {

namespace {

// The signal at which the child has stopped; -1 if it has ended.
int wait_for_stop(pid_t child) {
  int status = 0;
  while (::waitpid(child, &status, 0) < 0) {
    if (errno != EINTR) return -1;
  }
  return WIFSTOPPED(status) ? WSTOPSIG(status) : -1;
}

}  // namespace

std::uint64_t count_instructions(const std::function<void()>& run) {
  const pid_t child = ::fork();
  if (child == 0) {
    if (::ptrace(PTRACE_TRACEME, 0, nullptr, nullptr) != 0) std::_Exit(1);
    ::raise(SIGSTOP);
    run();
    ::raise(SIGSTOP);
    std::_Exit(0);
  }
  if (child < 0 || wait_for_stop(child) != SIGSTOP) {
    ADD_FAILURE() << "ptrace: a child cannot be traced here";
    return 0;
  }
  std::uint64_t count = 0;
  int signal = SIGTRAP;
  while (signal == SIGTRAP) {
    if (::ptrace(PTRACE_SINGLESTEP, child, nullptr, nullptr) != 0) break;
    signal = wait_for_stop(child);
    ++count;
  }
  EXPECT_EQ(signal, SIGSTOP) << "the child ended after " << count << " instructions";
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  return signal == SIGSTOP ? count : 0;
}

}  // namespace tern::test
