// JSON values one after another, each whole.
#pragma once

#include <cstddef>
#include <string_view>

#include "tern/limits.h"
#include "wire/frame.h"
#include "wire/json_extent.h"

namespace tern::wire {

// Takes values off the front of a connection's bytes, with the white space before each.
class JsonValues {
 public:
  // A value may be so much longer than the argument or result in it.
  static constexpr std::size_t kEnvelopeBytes = 4096;

  // `what` a value is, for messages. `message_bytes` limits what is in it.
  JsonValues(std::string_view what, const Limits& limits) noexcept
      : what_(what), message_bytes_(limits.message_bytes) {}

  // kFrame: the next value is `consumed` bytes long. kSkip: white space. kBroken: nobody can say
  // where the value ends, or it is too long.
  FrameProgress next(ByteView in, Status& why);
  // After kBroken: it was too long, and pass_over() can be called for the same bytes.
  bool too_long() const noexcept { return too_long_; }
  // Reads past a value that is too long: kSkip while it goes on, kFrame with its last byte.
  FrameProgress pass_over(ByteView in, Status& why);
  // Forgets a value that has begun.
  void restart() noexcept {
    extent_.restart();
    too_long_ = false;
  }
  // A value has begun.
  bool in_value() const noexcept { return extent_.begun(); }

 private:
  FrameProgress broken(std::size_t at, Status& why);

  std::string_view what_;
  std::size_t message_bytes_;
  JsonExtent extent_;
  bool too_long_ = false;
};

}  // namespace tern::wire
