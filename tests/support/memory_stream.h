// A byte stream in memory with faults to order: what tests put in the place of a socket.
#pragma once

#include <cstddef>
#include <limits>
#include <memory>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "tern/byte_stream.h"

namespace tern {
class Loop;
}

namespace tern::test {

// How one end misbehaves.
struct StreamFaults {
  static constexpr std::size_t kNoLimit = std::numeric_limits<std::size_t>::max();

  StreamFaults() = default;

  std::size_t read_size = kNoLimit;   // what one read gives, at most
  std::vector<std::size_t> pieces;    // what the first reads give, at most, instead of read_size
  bool gaps = false;                  // after each read that gave bytes, one finds nothing yet
  std::size_t write_size = kNoLimit;  // what one write takes, at most
  std::size_t capacity = kNoLimit;    // bytes written and not yet read by the other end, at most
  std::size_t fail_read = 0;          // the k-th read from now on fails, counted from 1; 0: none
  std::size_t fail_write = 0;
  std::error_code error = std::make_error_code(std::errc::connection_reset);
};

// One end of a stream: driven by the test by hand, or opened as a tern::ByteStream and still
// watched and disturbed from here. Threads: any.
class MemoryEnd {
 public:
  // This end as a stream on `loop`. At most once.
  std::unique_ptr<ByteStream> open(Loop& loop, std::string peer = "memory");

  // --- For an end that has not been opened ---

  void send(std::string_view bytes);
  // All that has come and was not taken before.
  std::string take_received();
  // No more bytes come from this end.
  void shutdown_write();
  void close();
  // Reads and writes of the other end fail from now on, before it sees what was sent.
  void reset(std::error_code error = std::make_error_code(std::errc::connection_reset));

  // --- For any end ---

  void set_faults(StreamFaults faults);
  // While true, reads find nothing, writes take nothing, and nobody is woken.
  void block_reads(bool blocked);
  void block_writes(bool blocked);

  // Whether the stream was closed here; and whether it was closed or shut down by the other end.
  bool closed() const;
  bool end_received() const;
  // Bytes that have come and were not read.
  std::size_t unread() const;
  // Attempts so far, those that found nothing included.
  std::size_t reads() const;
  std::size_t writes() const;

 private:
  friend class MemoryLink;
  struct Shared;
  class End;

  MemoryEnd(std::shared_ptr<Shared> shared, int side) : shared_(std::move(shared)), side_(side) {}

  std::shared_ptr<Shared> shared_;
  int side_;
};

// A stream and both of its ends. A user that waits on it when it is destroyed is released without a
// call.
class MemoryLink {
 public:
  MemoryLink();
  MemoryLink(const MemoryLink&) = delete;
  MemoryLink& operator=(const MemoryLink&) = delete;
  ~MemoryLink();

  MemoryEnd& left() noexcept { return left_; }
  MemoryEnd& right() noexcept { return right_; }

 private:
  explicit MemoryLink(std::shared_ptr<MemoryEnd::Shared> shared);

  MemoryEnd left_;
  MemoryEnd right_;
};

}  // namespace tern::test
