#include "net/read_gathering.h"

#include <utility>

namespace tern::net {

ReadGathering::ReadGathering(Loop& loop, UniqueFunction<void()> read)
    : loop_(loop), read_(std::move(read)), timer_([this] { on_due(); }) {}

void ReadGathering::set(ByteStream& stream, std::size_t bytes, Clock::Duration limit) {
  if (bytes != mark_) {
    if (!stream.set_read_mark(bytes)) return;
    mark_ = bytes;
  }
  if (mark_ == 0) return;
  limit_ = limit;
  read_at_ = loop_.now();
  // One that runs is left to run: starting it anew for each read would cost more than the reads.
  if (!timer_.waiting()) loop_.start_timer(timer_, limit);
}

void ReadGathering::on_due() {
  if (mark_ == 0) return;
  const Clock::TimePoint due = saturating_add(read_at_, limit_);
  if (due > loop_.now()) {
    loop_.start_timer(timer_, due);
    return;
  }
  read_();
}

}  // namespace tern::net
