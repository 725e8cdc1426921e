// What the other side of a connection of our frames takes, as its half of the handshake says.
#pragma once

#include <cstdint>

namespace tern::wire {

// Of a peer that does not know a key, the number is 0. Where both sides of a connection answer
// calls, a side's numbers are for both directions of calls.
struct PeerTerms {
  PeerTerms() = default;
  // Of messages in chunks it reads so many bytes at a time, together; 0: none.
  std::uint64_t chunked_bytes = 0;
  // The first window of each stream for what is sent to it; 0: it knows no streams.
  std::uint64_t stream_window = 0;
  // How many streams may be open at a time; 0: it does not say.
  std::uint64_t max_streams = 0;
};

}  // namespace tern::wire
