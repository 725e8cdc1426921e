// A program that runs beside the test.
#pragma once

#include <sys/types.h>

#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace tern::test {

// Runs until its end, the object's, or that of the thread that made it, whichever comes first. What
// it prints is read all along, line by line: it never waits for the test, and the test waits for a
// line of it. Threads: one.
class ChildProcess {
 public:
  // What is read; the rest goes where the test's own output goes.
  enum class Reads { kOutput, kOutputAndErrors };

  // The program's name or path, then its arguments.
  explicit ChildProcess(const std::vector<std::string>& command, Reads reads = Reads::kOutput);
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;
  ~ChildProcess();

  // The first line of what it prints, once that is there; "" if it ended without one.
  std::string first_line() const;
  // The next line that was not asked for yet, and the next one with `text` in it; nothing once it
  // has ended. Both wait.
  std::optional<std::string> next_line();
  std::optional<std::string> next_line_with(std::string_view text);
  // All that it has printed so far.
  std::string output() const;

  // Writes to its standard input.
  void type(std::string_view text);

  void kill();
  // Sends SIGTERM, waits for its end, and returns its exit status; -1 if a signal has ended it.
  int terminate();
  // Waits for its end by itself; the exit status as above.
  int wait();
  // SIGSTOP and SIGCONT, say.
  void signal(int number);
  // For prlimit(2) and /proc; -1 once its end has been waited for.
  pid_t pid() const noexcept { return pid_; }

 private:
  void read_all();

  pid_t pid_ = -1;
  int input_ = -1;
  int output_ = -1;
  int no_more_ = -1;  // readable when nobody wants the rest of the output
  std::size_t next_ = 0;

  mutable std::mutex mutex_;  // guards the following
  mutable std::condition_variable printed_;
  std::vector<std::string> lines_;
  bool ended_ = false;

  std::thread reader_;
};

}  // namespace tern::test
