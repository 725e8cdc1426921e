#include "chaos/recorded_call.h"

#include <limits>

#include "chaos/till_service.h"

namespace tern::chaos {

Call<till::Receipt> RecordedCall::start(Channel& channel, std::size_t number,
                                        History& history) const {
  Record record;
  record.kind = Record::Kind::kStart;
  record.nonce = order.nonce;
  record.where = static_cast<std::uint16_t>(number);
  if (once_only) record.flags |= Record::kOnceOnly;
  if (cancel_after) record.flags |= Record::kCancels;
  record.value = options.timeout ? (monotonic_now() + *options.timeout).count()
                                 : std::numeric_limits<std::int64_t>::max();
  history.add(record);
  till::TillStub till(channel);
  return once_only ? till.Pay(order, options) : till.Look(order, options);
}

void RecordedCall::write_end(const Result<till::Receipt>& result, History& history) const {
  Record record;
  record.kind = Record::Kind::kEnd;
  record.nonce = order.nonce;
  if (result.ok()) {
    record.flags = Record::kAnswered;
    record.value = result->nonce;
    record.ran = HandlerRan::kYes;
    const auto size = static_cast<std::size_t>(order.reply_bytes);
    if (result->load != load_of(order.nonce, size)) record.flags |= Record::kDamaged;
  } else {
    record.code = result.status().code();
    record.ran = result.status().handler_ran();
    // So says a handler whose order has come damaged.
    if (record.code == Code::kDataLoss) record.flags |= Record::kDamaged;
    if (const auto* refused = result.status().as<till::Refused>()) {
      record.flags |= Record::kAnswered;
      record.value = refused->nonce;
    }
  }
  history.add(record);
}

}  // namespace tern::chaos
