// One connection of the simulated network: two streams, and the bytes between them.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <system_error>
#include <vector>

#include "sim/network.h"
#include "tern/byte_stream.h"

namespace tern::sim {

// Behaves as TCP on Linux does: what has come can be read although a reset follows; bytes for an
// end that was closed, and closing an end with bytes unread, are answered with a reset; an end
// whose bytes get nowhere for 40 s is given up by the system (TcpOptions).
class Connection final : public std::enable_shared_from_this<Connection> {
 public:
  enum class End : std::uint8_t { kClient, kServer };

  Connection(Network& network, std::string from, std::string host, std::uint64_t number);
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // Each end once.
  std::unique_ptr<ByteStream> open(End end, std::string peer);

  // --- Faults ---

  // Both ends learn it; `reached`: at once, or after what is on its way to it.
  void reset();
  // A reset when so many bytes more have reached `end`.
  void reset_at(End end, std::size_t bytes);
  // Nothing arrives at `end` for so long.
  void stall(End end, std::chrono::nanoseconds time);
  // Nothing arrives any more at either, until heal().
  void swallow();
  void heal();
  // The process at `end` is dead: the other end is told by a reset, if anything gets through.
  void kill(End end);

  const std::string& from() const noexcept { return from_; }
  const std::string& host() const noexcept { return host_; }
  std::uint64_t number() const noexcept { return number_; }
  // At least one end can still be used.
  bool open() const noexcept;

 private:
  class Stream;

  struct Side {
    std::string arrived;               // and not read
    std::size_t on_the_way = 0;        // bytes that have left here and not arrived there
    Clock::TimePoint last_due{};       // of what has left here
    Clock::TimePoint full_until{};     // takes no byte from its user
    Clock::TimePoint stalled_until{};  // for what arrives here
    std::optional<std::size_t> reset_at;
    std::error_code broken;
    bool opened = false;
    bool closed = false;
    bool shut = false;         // sends no more
    bool end_arrived = false;  // of what the other end has sent
    std::size_t mark = 1;
    std::shared_ptr<ByteStreamUser> reader;
    std::shared_ptr<ByteStreamUser> writer;
    bool reader_called = false;
    bool writer_called = false;
  };

  static End other(End end) noexcept { return end == End::kClient ? End::kServer : End::kClient; }
  Side& at(End end) noexcept { return sides_[static_cast<std::size_t>(end)]; }
  const Side& at(End end) const noexcept { return sides_[static_cast<std::size_t>(end)]; }
  std::uint64_t tag(End end) const noexcept {
    return 2 * number_ + static_cast<std::uint64_t>(end);
  }

  std::size_t room(End end) const noexcept;
  bool readable(End end) const noexcept;
  bool writable(End end) const noexcept;
  void wait(End end, std::shared_ptr<ByteStreamUser>& place, std::shared_ptr<ByteStreamUser> user);
  void wake(End end);
  IoResult read(End end, std::span<std::byte> into);
  IoResult write(End end, std::span<const ByteView> pieces);
  void close(End end) noexcept;
  void shut(End end) noexcept;

  // Puts `arrival` behind all that has left `from` before.
  void send(End from, std::function<void()> arrival);
  void arrive(End at_end, const std::string& bytes);
  // The other end learns that this one is gone.
  void send_reset(End from);
  void break_end(End end, std::errc why);
  void give_up_if_swallowed();

  Network& network_;
  const std::string from_;
  const std::string host_;
  const std::uint64_t number_;
  Weather weather_;
  std::array<Side, 2> sides_;
  bool swallows_ = false;
  std::vector<std::function<void()>> swallowed_;
};

}  // namespace tern::sim
