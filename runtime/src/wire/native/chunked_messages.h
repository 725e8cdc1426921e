// Messages that come in chunks, until they are complete: a client's replies, a server's requests.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string_view>

#include "tern/buffer.h"
#include "tern/limits.h"
#include "tern/status.h"
#include "wire/frame.h"

namespace tern::wire::native {

// What a peer does wrong, and cannot be read on from, comes back as a Status. A message that is too
// long fails its call alone: its bytes are not kept. Memory grows with the bytes that have come,
// and all messages together claim no more than `limits.chunked_bytes`, or there is one of them.
class ChunkedMessages {
 public:
  // `what` they are, for errors: "reply"; a constant.
  ChunkedMessages(std::string_view what, const Limits& limits) noexcept
      : what_(what), message_bytes_(limits.message_bytes), chunked_bytes_(limits.chunked_bytes) {}

  // Some have begun, or frame.body of the last one that was finished is kept.
  bool active() const noexcept { return !messages_.empty() || !complete_.empty(); }
  bool has_begun() const noexcept { return !messages_.empty(); }

  // A chunk that is not the last. `whole` is the length of the message that it says, 0 if it says
  // none; `size` its own, whose bytes need not be there if they are over the limit of a message.
  // Throws std::bad_alloc.
  Status add(std::uint64_t id, std::uint64_t whole, std::uint64_t size, ByteView bytes);
  // `frame` is the message itself: the last chunk, if there were some before it. Then its body
  // becomes the whole one, which is kept until free_complete(); or the frame is refused. Throws
  // std::bad_alloc.
  Status finish(Frame& frame);
  // The rest of the message does not come: the call has failed, or was cancelled.
  void forget(std::uint64_t id) noexcept { remove(id); }
  // Nobody waits for the message: what has come is freed, and what follows is not kept.
  void drop(std::uint64_t id) noexcept;
  void free_complete() noexcept { complete_.release(); }

  // Whether nothing of the message has come before this chunk, which has been added.
  bool is_first(std::uint64_t id, std::uint64_t size) const noexcept;
  // Bytes that are kept, or have memory.
  std::size_t memory() const noexcept;

 private:
  enum class Kept : std::uint8_t { kKept, kTooLong, kUnwanted };
  struct Message {
    std::uint64_t whole = 0;
    std::uint64_t came = 0;
    Kept kept = Kept::kKept;
    Buffer bytes;
  };

  Status broken(std::uint64_t id, std::string_view fault) const;
  Status begin(std::uint64_t id, std::uint64_t whole);
  void remove(std::uint64_t id) noexcept;

  const std::string_view what_;
  const std::size_t message_bytes_;
  const std::size_t chunked_bytes_;
  std::map<std::uint64_t, Message> messages_;  // ordered: a peer chooses the ids
  std::uint64_t together_ = 0;                 // the lengths of all of them
  Buffer complete_;
};

}  // namespace tern::wire::native
