// A program that runs beside the test.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace tern::test {

// Runs until its end, the object's, or that of the thread that made it, whichever comes first.
class ChildProcess {
 public:
  // The program's path, then its arguments.
  explicit ChildProcess(const std::vector<std::string>& command);
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;
  ~ChildProcess();

  // The first line of what it prints, once that is there; "" if it ended without one.
  const std::string& first_line() const { return first_line_; }

  void kill();
  // Sends SIGTERM, waits for its end, and returns its exit status; -1 if a signal has ended it.
  int terminate();
  // SIGSTOP and SIGCONT, say.
  void signal(int number);

 private:
  int wait();

  pid_t pid_ = -1;
  int output_ = -1;
  std::string first_line_;
};

}  // namespace tern::test
