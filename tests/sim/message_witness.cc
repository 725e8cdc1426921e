#include "sim/message_witness.h"

#include <array>
#include <charconv>
#include <string_view>
#include <utility>

#include "bank.service.h"
#include "sim/stream_handler.h"

namespace tern::sim {

namespace {

// What it knows of one call.
struct Seen {
  Ledger::Nonce nonce = 0;
  std::array<std::int64_t, 2> last{};  // position in each direction; 0: none yet
  bool inside = false;
  bool finished = false;
};

// Each so many-th message is written from within the one before.
constexpr std::int64_t kPokes = 3;

}  // namespace

Status MessageWitness::on_start(InterceptedCall& call) {
  ++open_;
  Seen seen;
  const std::string_view text = call.metadata.get(kNonceKey);
  std::from_chars(text.data(), text.data() + text.size(), seen.nonce);
  call.values.set(seen);
  return {};
}

Status MessageWitness::on_message(InterceptedCall& call, const InterceptedMessage& message) {
  Seen& seen = *call.values.get<Seen>();
  const bool sent = message.direction == InterceptedMessage::Direction::kSent;
  trace_.fault(Fault::kSeenMessage, seen.nonce);
  bank::Item item;
  const Status read = message.codec.decode(type_ops<bank::Item>(), message.bytes, &item, {});
  std::int64_t& last = seen.last[sent ? 1 : 0];
  // A stream that goes on does so anywhere.
  const bool due = last == 0 || item.position == last + 1;
  last = item.position;
  if (!read.ok() || !due || static_cast<Ledger::Nonce>(item.nonce) != seen.nonce || seen.finished ||
      seen.inside) {
    ledger_.violate("an interceptor sees what it should not: " + ledger_.describe(seen.nonce));
  }
  if (sent && call.side == InterceptedCall::Side::kServer && item.position % kPokes == 0) {
    seen.inside = true;
    poke_(seen.nonce);
    seen.inside = false;
  }
  return {};
}

void MessageWitness::on_finish(InterceptedCall& call, const Status& /*outcome*/) noexcept {
  --open_;
  Seen* seen = call.values.get<Seen>();
  if (!seen || std::exchange(seen->finished, true)) {
    ledger_.violate("an interceptor is told twice of an end, or of one without a beginning");
  }
}

}  // namespace tern::sim
