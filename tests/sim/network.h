// A network on one thread: connections whose bytes take their time, and what befalls them.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sim/agenda.h"
#include "sim/dice.h"
#include "sim/trace.h"
#include "tern/byte_stream.h"
#include "tern/dialer.h"

namespace tern {
class Loop;
}

namespace tern::sim {

class Connection;

// How the connections that are made from now on behave.
struct Weather {
  Weather() = default;
  std::chrono::nanoseconds latency{std::chrono::microseconds(100)};  // of each segment, at least
  std::chrono::nanoseconds jitter{0};                                // and so much more, at most
  std::size_t segment_bytes = 64 * 1024;                             // at most
  std::size_t window_bytes = 256 * 1024;  // on their way, or come and unread; at most
  unsigned short_io_percent = 0;          // reads and writes that take only a part
  unsigned reset_behind_cut_percent = 0;  // of writes whose last bytes wait: a reset soon after
  unsigned reset_at_byte_percent = 0;     // connections that are reset at a byte of the first 4 KiB
};

// A place where a server listens.
struct Host {
  enum class Reachable : std::uint8_t { kYes, kRefuses, kHangs };

  Host() = default;
  Reachable reachable = Reachable::kYes;
  bool first_address_dead = false;
  std::chrono::nanoseconds connect_time{std::chrono::microseconds(200)};
  // Takes the server's end of a connection.
  std::function<void(Loop& loop, std::unique_ptr<ByteStream> stream)> accept;
};

class Network {
 public:
  // All outlive the network, and the network what it has made. `on_misuse` is told of what no user
  // of a stream may do.
  Network(Loop& loop, Agenda& agenda, Trace& trace, Dice dice,
          std::function<void(std::string what)> on_misuse);
  Network(const Network&) = delete;
  Network& operator=(const Network&) = delete;
  ~Network();

  // Leads to the hosts by their names. `from`: who dials, for those below.
  std::shared_ptr<Dialer> dialer(std::string from = {});
  // Nothing gets from one to the other and back, until it is joined again or heal().
  void cut(const std::string& from, const std::string& to);
  void join(const std::string& from, const std::string& to);
  // The process that dialled is dead, for good.
  void kill(const std::string& from);
  Host& host(const std::string& name) { return hosts_[name]; }
  Weather& weather() noexcept { return weather_; }

  // One of the connections that are open, by chance; null if there is none. Of `host` alone, unless
  // that is "".
  std::shared_ptr<Connection> any_connection(std::string_view host = {});
  std::vector<std::shared_ptr<Connection>> connections_of(std::string_view host);
  std::size_t open_connections();
  // Everything gets through from now on.
  void heal();

  Loop& loop() noexcept { return loop_; }
  Agenda& agenda() noexcept { return agenda_; }
  Trace& trace() noexcept { return trace_; }
  Dice& dice() noexcept { return dice_; }
  void misused(std::string what) { on_misuse_(std::move(what)); }

 private:
  class SimDialer;

  // The client's end.
  std::unique_ptr<ByteStream> connect(const std::string& from, const std::string& name);
  bool leads(const std::string& from, const std::string& name) const;
  void forget_closed();

  Loop& loop_;
  Agenda& agenda_;
  Trace& trace_;
  Dice dice_;
  std::function<void(std::string)> on_misuse_;
  Weather weather_;
  std::map<std::string, Host> hosts_;
  std::set<std::pair<std::string, std::string>> cuts_;
  std::set<std::string> dead_;
  std::vector<std::shared_ptr<Connection>> connections_;  // in the order in which they were made
  std::uint64_t last_connection_ = 0;
};

}  // namespace tern::sim
