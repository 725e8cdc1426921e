// Reads past values, by their types, since gob has no other way.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "codec/gob_types.h"
#include "tern/buffer.h"

namespace tern::codec {

// A value can hold definitions: of the type of what lies in a Go interface, if it is new. They are
// kept.
class GobSkipper {
 public:
  // `used` of the `limit` levels of depth lie around what is skipped.
  GobSkipper(ByteView in, GobTypes& types, std::size_t limit, std::size_t used = 0)
      : at_(in.data()),
        end_(in.data() + in.size()),
        types_(types),
        limit_(limit),
        depth_left_(limit - used) {}

  // One value of a type; false if that failed.
  bool skip(std::int32_t type);
  // One value as a message has it: behind a zero byte unless it is a struct.
  bool skip_message(std::int32_t type);

  // Where the next byte is.
  const std::byte* at() const noexcept { return at_; }
  // Why it failed.
  const std::string& why() const noexcept { return why_; }
  // It failed since Go ends a message behind a definition inside a value; the value goes on with
  // the next message, length and all.
  bool goes_on() const noexcept { return goes_on_; }

 private:
  bool fail(std::string text);
  bool cut();
  bool number(std::uint64_t& value);
  bool bytes();
  bool numbers(std::uint64_t count);
  bool fields(const GobType& type);
  bool elements(const GobType& type);
  bool interface();

  const std::byte* at_;
  const std::byte* end_;
  GobTypes& types_;
  std::size_t limit_;
  std::size_t depth_left_;
  std::string why_;
  bool goes_on_ = false;
};

}  // namespace tern::codec
