// Stands between clients and servers, and treats what they send badly: as long as it is rough.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

namespace tern::chaos {

// What it does to what has come in one read.
enum class Treatment : std::uint8_t {
  kDelayed,  // by up to 50 ms
  kSliced,   // into pieces, down to single bytes
  kClosed,   // after some of its bytes: both sides' connections are closed
  kReset,    // likewise, with a reset
  kHeld,     // until it is calm again, or for 5 s
  kCount
};
std::string_view treatment_name(Treatment treatment) noexcept;

// Passes bytes on from each of its ports to another place. Throws std::system_error where it cannot
// listen. Threads: any; add() from one.
class RoughProxy {
 public:
  explicit RoughProxy(std::uint64_t seed) : seed_(seed) {}
  RoughProxy(const RoughProxy&) = delete;
  RoughProxy& operator=(const RoughProxy&) = delete;
  ~RoughProxy();

  // On every address of the machine. `host` is an IPv4 address.
  void add(std::uint16_t port, std::string host, std::uint16_t to_port);
  // Also of connections that are there already. Calm: what has been held goes on.
  void be_rough(bool rough) { rough_ = rough; }
  std::uint64_t treated(Treatment treatment) const {
    return treated_[static_cast<std::size_t>(treatment)];
  }

 private:
  class Connection;

  void accept_all(int listener, std::string host, std::uint16_t to_port);
  void connect(int client, const std::string& host, std::uint16_t to_port);

  const std::uint64_t seed_;
  std::atomic<bool> rough_ = false;
  std::atomic<bool> ended_ = false;
  std::atomic<std::uint64_t> connections_ = 0;
  std::array<std::atomic<std::uint64_t>, static_cast<std::size_t>(Treatment::kCount)> treated_{};

  std::mutex mutex_;  // guards the following
  std::list<std::weak_ptr<Connection>> open_;
  std::list<std::thread> threads_;
};

}  // namespace tern::chaos
