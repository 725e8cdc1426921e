// gob to values, for one direction of one connection.
#pragma once

#include <cstddef>
#include <cstdint>

#include "codec/gob_plan.h"
#include "codec/gob_reader.h"
#include "codec/gob_types.h"
#include "tern/buffer.h"
#include "tern/codegen/type_ops.h"
#include "tern/status.h"

namespace tern::codec {

// A value that has come and not been looked into.
struct GobMessage {
  std::int32_t type = 0;
  ByteView value;
  std::size_t size = 0;  // of the value, also of one that is too long
};

// Keeps the types that the peer has defined. Threads: one at a time.
class GobDecoder {
 public:
  enum class Step : std::uint8_t {
    kMore,     // there is no whole message: `wanted` says how many bytes one needs, if known
    kType,     // a definition was taken
    kValue,    // `message` is set; good as long as the bytes are
    kTooLong,  // the beginning of a value over the limit was taken; the rest is read past
    kPast,     // more of it was taken
    kBroken    // `why` is set; the stream cannot go on
  };
  struct Progress {
    Step step = Step::kMore;
    std::size_t consumed = 0;
    std::size_t wanted = 0;
  };

  // A value may have so many bytes, and be so deep. decode() has a limit of depth, too; this one is
  // for values that are read past to see where they end.
  explicit GobDecoder(std::size_t message_bytes, std::size_t depth = DecodeLimits().depth)
      : message_bytes_(message_bytes), depth_(depth), plans_(types_) {}
  GobDecoder(const GobDecoder&) = delete;
  GobDecoder& operator=(const GobDecoder&) = delete;

  // Looks at the front of `in`.
  Progress next(ByteView in, GobMessage& message, Status& why);
  // Whether bytes are still to come of a value over the limit.
  bool reading_past() const noexcept { return past_ > 0; }

  // Reads the value into a T of `type`. The stream goes on after a failure.
  Status decode(const GobMessage& message, const TypeOps& type, void* value,
                const DecodeLimits& limits);
  // What the value that was read last has of DecodeLimits::decode_overhead_bytes.
  std::size_t overhead_taken() const noexcept { return overhead_taken_; }

 private:
  Progress define(std::int64_t id, ByteView definition, std::size_t whole, Status& why);
  Progress take(ByteView in, std::size_t whole, GobMessage& message);

  std::size_t message_bytes_;
  std::size_t depth_;
  std::uint64_t past_ = 0;
  std::size_t extent_ = 0;  // of the value at hand, if it is known to need several messages
  std::size_t pieces_ = 0;  // of which it has been found to have so many
  std::size_t overhead_taken_ = 0;
  GobTypes types_;
  GobPlans plans_;
  GobReader::Memory memory_;
};

}  // namespace tern::codec
