#include "support/child_process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <system_error>
#include <utility>

namespace tern::test {

namespace {

void check(int result, const char* what) {
  if (result < 0) throw std::system_error(errno, std::generic_category(), what);
}

}  // namespace

ChildProcess::ChildProcess(const std::vector<std::string>& command, Reads reads) {
  std::vector<char*> arguments;
  for (const std::string& word : command) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  std::array<int, 2> output{};
  std::array<int, 2> input{};  // sockets, which can be written to without SIGPIPE
  check(::pipe2(output.data(), O_CLOEXEC), "pipe");
  check(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, input.data()), "socketpair");
  no_more_ = ::eventfd(0, EFD_CLOEXEC);
  check(no_more_, "eventfd");

  pid_ = ::fork();
  check(pid_, "fork");
  if (pid_ == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    ::dup2(input[1], STDIN_FILENO);
    ::dup2(output[1], STDOUT_FILENO);
    if (reads == Reads::kOutputAndErrors) ::dup2(output[1], STDERR_FILENO);
    ::execvp(arguments[0], arguments.data());
    ::perror(arguments[0]);
    ::_exit(127);
  }
  ::close(input[1]);
  ::close(output[1]);
  input_ = input[0];
  output_ = output[0];
  reader_ = std::thread([this] { read_all(); });
}

ChildProcess::~ChildProcess() {
  kill();
  // Processes that it has left behind may still hold its output.
  ::eventfd_write(no_more_, 1);
  reader_.join();
  for (int file : {input_, output_, no_more_}) ::close(file);
}

void ChildProcess::read_all() {
  std::array<pollfd, 2> both{{{output_, POLLIN, 0}, {no_more_, POLLIN, 0}}};
  std::array<char, 4096> bytes;
  std::string line;
  auto add = [&] {
    lines_.push_back(std::exchange(line, {}));
    printed_.notify_all();
  };
  while (true) {
    if (::poll(both.data(), both.size(), -1) < 0) continue;  // by a signal
    if (both[1].revents != 0) break;
    ssize_t size = ::read(output_, bytes.data(), bytes.size());
    if (size < 0 && errno == EINTR) continue;
    if (size <= 0) break;
    std::lock_guard lock(mutex_);
    for (char byte : std::string_view(bytes.data(), static_cast<std::size_t>(size))) {
      if (byte == '\n') {
        add();
      } else {
        line += byte;
      }
    }
  }
  std::lock_guard lock(mutex_);
  ended_ = true;
  if (!line.empty()) add();
  printed_.notify_all();
}

std::string ChildProcess::first_line() const {
  std::unique_lock lock(mutex_);
  printed_.wait(lock, [this] { return !lines_.empty() || ended_; });
  return lines_.empty() ? "" : lines_.front();
}

std::optional<std::string> ChildProcess::next_line() {
  return next_line_with("");
}

std::optional<std::string> ChildProcess::next_line_with(std::string_view text) {
  std::unique_lock lock(mutex_);
  while (true) {
    printed_.wait(lock, [this] { return next_ < lines_.size() || ended_; });
    if (next_ == lines_.size()) return std::nullopt;
    const std::string& line = lines_[next_++];
    if (line.find(text) != std::string::npos) return line;
  }
}

std::string ChildProcess::output() const {
  std::lock_guard lock(mutex_);
  std::string all;
  for (const std::string& line : lines_) all += line + "\n";
  return all;
}

void ChildProcess::type(std::string_view text) {
  while (!text.empty()) {
    ssize_t size = ::send(input_, text.data(), text.size(), MSG_NOSIGNAL);
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) return;  // it has ended, which its output shows
    text.remove_prefix(static_cast<std::size_t>(size));
  }
}

void ChildProcess::kill() {
  signal(SIGKILL);
  wait();
}

int ChildProcess::terminate() {
  signal(SIGTERM);
  return wait();
}

int ChildProcess::wait() {
  int status = -1;
  while (pid_ > 0 && ::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
  }
  pid_ = -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

void ChildProcess::signal(int number) {
  if (pid_ > 0) ::kill(pid_, number);
}

}  // namespace tern::test
