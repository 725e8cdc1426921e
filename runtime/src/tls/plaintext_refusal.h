// A peer that speaks plaintext on an address of TLS is told so.
#pragma once

#include "base/timer_queue.h"
#include "net/loop.h"
#include "tern/buffer.h"
#include "tern/byte_stream.h"
#include "tern/function.h"

namespace tern::tls {

// Answers the peer in its own protocol, ends the stream, and gives the peer a moment to read that:
// bytes of its that nobody reads would take the answer with them. Threads: the loop's.
class PlaintextRefusal {
 public:
  // `done` is called once, from within this object, when the moment has passed.
  PlaintextRefusal(Loop& loop, ByteStream& inner, UniqueFunction<void()> done);
  ~PlaintextRefusal() { stop(); }
  PlaintextRefusal(const PlaintextRefusal&) = delete;
  PlaintextRefusal& operator=(const PlaintextRefusal&) = delete;

  // To the peer whose first bytes these are.
  void answer(ByteView first);
  // Reads what there is, whenever there is something. True: the peer has closed its side.
  bool drain();
  // Without a call of `done`.
  void stop() noexcept { loop_.cancel_timer(timer_); }

 private:
  Loop& loop_;
  ByteStream& inner_;
  base::Timer timer_;
};

}  // namespace tern::tls
