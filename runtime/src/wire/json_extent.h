// Where a JSON value ends, found out as its bytes come.
#pragma once

#include <cstddef>
#include <cstdint>

#include "tern/buffer.h"

namespace tern::wire {

// How many bytes of white space `in` begins with.
std::size_t json_space(ByteView in) noexcept;

// Finds the end of one value of any kind, and looks at each byte once however many reads it takes.
// It counts brackets and follows strings; whether what lies between is JSON is for a reader to say.
// Its memory does not grow.
class JsonExtent {
 public:
  enum class Kind : std::uint8_t {
    kMore,   // the value goes on behind `in`, or may: a number has no end of its own
    kWhole,  // the value is the first size() bytes
    kBroken  // no value begins like this, or its brackets do not match: nobody can say where it
             // ends
  };

  // `in` begins with the first byte of the value, and with what the last call was given, without
  // what was dropped.
  Kind scan(ByteView in) noexcept;
  // How many bytes have been looked at.
  std::size_t size() const noexcept { return at_; }
  // A value has begun.
  bool begun() const noexcept { return shape_ != Shape::kNone; }
  // What has been looked at is not in the next call's `in`.
  void drop() noexcept { at_ = 0; }
  // Forgets everything: the next call is about another value.
  void restart() noexcept { *this = JsonExtent(); }

 private:
  enum class Shape : std::uint8_t { kNone, kBrackets, kString, kWord };

  bool begin(char first) noexcept;
  Kind go_on(ByteView in) noexcept;
  void pass_string(ByteView in) noexcept;
  Kind pass_brackets(ByteView in) noexcept;
  Kind pass_word(ByteView in) noexcept;

  std::size_t at_ = 0;
  std::size_t curly_ = 0;  // open brackets
  std::size_t square_ = 0;
  Shape shape_ = Shape::kNone;
  bool curly_first_ = false;
  bool whole_ = false;
  bool in_string_ = false;
  bool escaped_ = false;  // the next character belongs to a backslash
};

}  // namespace tern::wire
