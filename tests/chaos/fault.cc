#include "chaos/fault.h"

namespace tern::chaos {

namespace {

constexpr std::array<std::string_view, kFaults> kNames{
    "server killed (kill -9)",
    "server drained (SIGTERM)",
    "all servers drained, one after the other",
    "server stopped (SIGSTOP)",
    "server without file descriptors (prlimit)",
    "client killed (kill -9)",
    "client stopped (SIGSTOP)",
    "registry killed (kill -9)",
    "registry cut off (nft drop)",
    "connections destroyed (ss -K)",
    "client and server cut off (nft drop)",
    "one way cut off (nft drop)",
    "client and server reset (nft reject)",
    "server's port unreachable (nft reject)",
    "slow link (tc tbf)",
    "lossy link (tc netem)",
    "rough proxy",
};

}  // namespace

std::string_view fault_name(Fault fault) noexcept {
  return kNames[static_cast<std::size_t>(fault)];
}

}  // namespace tern::chaos
