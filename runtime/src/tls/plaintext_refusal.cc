#include "tls/plaintext_refusal.h"

#include <chrono>
#include <string>
#include <utility>

#include "tls/gather.h"
#include "tls/plaintext.h"

namespace tern::tls {

namespace {

// How long the peer has to read what it is told.
constexpr std::chrono::seconds kLinger{1};
// Reads of one turn of the loop.
constexpr int kReads = 4;

}  // namespace

PlaintextRefusal::PlaintextRefusal(Loop& loop, ByteStream& inner, UniqueFunction<void()> done)
    : loop_(loop), inner_(inner) {
  timer_.set_callback(std::move(done));
}

void PlaintextRefusal::answer(ByteView first) {
  const std::string text = answer_to_plaintext(first);
  ByteView piece = as_bytes(text);
  inner_.write_some({&piece, 1});
  inner_.shutdown_write();
  loop_.start_timer(timer_, kLinger);
}

bool PlaintextRefusal::drain() {
  for (int i = 0; i < kReads; ++i) {
    IoResult result = inner_.read_some(record_buffer());
    if (result.would_block) return false;
    if (!result.ok()) return true;
  }
  return false;
}

}  // namespace tern::tls
