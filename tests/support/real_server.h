// A server program that runs beside the test: started, killed, stopped, and started again.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace tern::test {

// A port of the loopback that nobody listens on at this moment.
std::uint16_t free_port();

// Sends `text` to a port of the loopback, and gives what comes until the end or a second of
// silence;
// "" if nobody listens there.
std::string ask(std::uint16_t port, std::string_view text);

// Waits until `condition` holds, for as long as a busy machine may take. False if it never does.
bool eventually(const std::function<bool()>& condition,
                std::chrono::seconds at_most = std::chrono::seconds(60));

// Ends with this object, and with the test's process however that ends.
class RealServer {
 public:
  RealServer() = default;
  RealServer(const RealServer&) = delete;
  RealServer& operator=(const RealServer&) = delete;
  ~RealServer() { kill(); }

  // The program's name or path, then its arguments. What it prints goes to `log`.
  void start(const std::vector<std::string>& command, const std::filesystem::path& log);
  bool started() const noexcept { return pid_ > 0; }
  // Whether it has ended by itself.
  bool has_ended();

  void kill();
  // SIGSTOP and SIGCONT: it is there, and does nothing.
  void stop();
  void go_on();

 private:
  pid_t pid_ = -1;
};

}  // namespace tern::test
