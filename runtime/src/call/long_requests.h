// The long requests of a session, which leave in chunks, between which others can leave.
#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <optional>

#include "base/message_cutter.h"
#include "tern/buffer.h"

namespace tern::call {

// In the order in which they came, as many at a time as the server bears; of those each has its
// turn. A request has left when its last chunk has: its server acts on complete ones only.
// Threads: any, one at a time: a RequestQueue keeps them.
class LongRequests {
 public:
  bool empty() const noexcept { return waiting_.empty() && begun_.empty(); }
  // Bytes that wait here.
  std::size_t unsent() const noexcept { return unsent_; }

  // Takes the request of `id` out of `out`, where it begins at `start` and ends at the end. Throws
  // std::bad_alloc; then it is where it was.
  void take(std::uint64_t id, Buffer& out, std::size_t start);

  // What removing a request has met.
  enum class Removed : std::uint8_t {
    kNothing,  // it is not here: it has left, or was none
    kUnheard,  // nothing of it has left
    kBegun     // the server has a part of it, and is to be told
  };
  Removed remove(std::uint64_t id) noexcept;
  void clear() noexcept;

  // Appends the next chunk to `out`; not if it is empty. Returns the id of the request of which
  // that is the last. Throws std::bad_alloc.
  std::optional<std::uint64_t> take_chunk(base::MessageCutter& cutter, Buffer& out);

 private:
  struct Request {
    std::uint64_t id = 0;
    Buffer bytes;
    std::size_t taken = 0;
    std::size_t left() const noexcept { return bytes.size() - taken; }
  };
  using Requests = std::list<Request>;

  void begin(const base::MessageCutter::Rules& rules) noexcept;
  bool remove_from(Requests& requests, std::uint64_t id) noexcept;

  Requests waiting_;  // for room among those that have begun
  Requests begun_;    // in their turns
  std::size_t begun_bytes_ = 0;
  std::size_t unsent_ = 0;
};

}  // namespace tern::call
