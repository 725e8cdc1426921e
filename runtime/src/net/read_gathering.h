// Lets the bytes of a stream gather before they are read.
#pragma once

#include <cstddef>

#include "base/timer_queue.h"
#include "net/loop.h"
#include "tern/byte_stream.h"
#include "tern/clock.h"
#include "tern/function.h"

namespace tern::net {

// The stream reports its bytes when there are as many as its mark; a timer reads those that come
// to less. Threads: the loop's.
class ReadGathering {
 public:
  // `read`: reads what is there. It may destroy this.
  ReadGathering(Loop& loop, UniqueFunction<void()> read);
  ReadGathering(const ReadGathering&) = delete;
  ReadGathering& operator=(const ReadGathering&) = delete;

  // From now on `bytes` of them, or what is there when nothing has been read for `limit`; 0: as
  // they come. Of no effect on streams that cannot do it. To be said again with each read.
  void set(ByteStream& stream, std::size_t bytes, Clock::Duration limit);
  // As they come.
  void end(ByteStream& stream) { set(stream, 0, limit_); }
  // The stream is closed.
  void stop() noexcept { loop_.cancel_timer(timer_); }

 private:
  void on_due();

  Loop& loop_;
  UniqueFunction<void()> read_;
  base::Timer timer_;
  std::size_t mark_ = 0;  // what the stream was told; 0: nothing
  Clock::Duration limit_{};
  Clock::TimePoint read_at_{};  // while there is a mark
};

}  // namespace tern::net
