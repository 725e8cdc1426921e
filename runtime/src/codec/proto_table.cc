// The tables of protobuf's messages, made ready when they are first used: only an object says where
// its members lie.
#include <mutex>

#include "codec/proto_wire.h"

namespace tern::codec::proto {

void make_ready(MessageTable& table) {
  static std::mutex mutex;
  const std::lock_guard lock(mutex);
  if (table.fresh.load(std::memory_order_relaxed) != nullptr) return;
  table.fresh.store(table.lay_out(table.offsets), std::memory_order_release);
}

}  // namespace tern::codec::proto
