#include "chaos/commands.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <array>
#include <iostream>
#include <utility>

namespace tern::chaos {

Commands::Commands(Answer answer)
    : answer_(std::move(answer)), end_(::eventfd(0, EFD_CLOEXEC)), thread_([this] { read(); }) {}

Commands::~Commands() {
  ::eventfd_write(end_, 1);
  if (thread_.joinable()) thread_.join();
  ::close(end_);
}

void Commands::read() {
  std::array<pollfd, 2> both{{{STDIN_FILENO, POLLIN, 0}, {end_, POLLIN, 0}}};
  std::string line;
  char byte = 0;
  while (true) {
    if (::poll(both.data(), both.size(), -1) < 0) continue;  // by a signal
    if (both[1].revents != 0 || ::read(STDIN_FILENO, &byte, 1) <= 0) return;
    if (byte != '\n') {
      line += byte;
      continue;
    }
    std::cout << answer_(std::exchange(line, {})) << std::endl;
  }
}

}  // namespace tern::chaos
