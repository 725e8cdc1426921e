// What befalls a run, each kind with a name.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace tern::chaos {

enum class Fault : std::uint8_t {
  kServerKilled,   // kill -9; started again when it heals
  kServerDrained,  // SIGTERM; likewise
  kAllDrained,     // one server after the other
  kServerStopped,  // SIGSTOP, SIGCONT
  kServerStarved,  // it may open no more file descriptors
  kClientKilled,   // and another one begins
  kClientStopped,
  kRegistryKilled,
  kRegistryDropped,       // packets from and to it
  kConnectionsDestroyed,  // ss -K, all of a server
  kPairDropped,           // packets between a client and a server
  kOneWayDropped,         // packets from a server to a client alone
  kPairReset,             // answered with a reset
  kPortRejected,          // packets to a server: "unreachable"
  kSlowLink,              // tc tbf
  kLossyLink,             // tc netem
  kRoughProxy,
  kCount
};
constexpr std::size_t kFaults = static_cast<std::size_t>(Fault::kCount);

std::string_view fault_name(Fault fault) noexcept;

using FaultCounts = std::array<std::uint64_t, kFaults>;

}  // namespace tern::chaos
