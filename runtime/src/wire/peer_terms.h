// What the sides of a connection of our frames take, as the handshake says.
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
  // What this side has said of its own first windows in the handshake; 0: nothing, so that the
  // limits of who reads the streams count.
  std::uint64_t own_window = 0;
};

}  // namespace tern::wire
