// The members of a JSON object that a protocol knows, and the text of each value.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>

#include "tern/buffer.h"
#include "tern/status.h"

namespace tern::wire {

struct JsonMember {
  std::string_view name;
  std::string_view text = {};  // of the value, as it came; "" if there is no such member
};

struct JsonObject {
  enum class Kind : std::uint8_t {
    kRead,       // the members are set
    kNotObject,  // good JSON of another kind
    kRepeated,   // a duplicate key; the first one is set
    kNotJson
  };
  Kind kind = Kind::kRead;
  Status why;  // unless kRead
};

// The limit of depth for what holds values of `depth` in so many levels of its own.
constexpr std::size_t deeper(std::size_t depth, std::size_t levels) noexcept {
  return depth > std::numeric_limits<std::size_t>::max() - levels
             ? std::numeric_limits<std::size_t>::max()
             : depth + levels;
}

// Reads all of `text` as strictly as any value. Names go without regard to ASCII case, as Go reads
// them; members that are not known are passed over. Values nest `depth` deep at most.
JsonObject read_json_members(std::string_view text, std::span<JsonMember> members,
                             std::size_t depth);

// The elements of a list that is known to be JSON, one after another. `rest` begins with the list's
// bracket, or behind an element; it is moved behind the next element, which is the result, or ""
// and behind the closing bracket if there is none.
std::string_view next_json_element(std::string_view& rest);

// What a string says whose text, quotes and all, is known to be JSON. The view is into `text`, or
// into `scratch` if there were escapes. False for one that breaks a surrogate pair, and for a value
// of another kind.
bool read_json_string(std::string_view text, std::string& scratch, std::string_view& out);

// False unless `text` is an integer that fits.
bool read_json_integer(std::string_view text, std::int64_t& out);
bool read_json_integer(std::string_view text, std::uint64_t& out);

// "a string", "null" and so on, by how `text` begins; "nothing" if it is empty.
std::string_view json_kind(std::string_view text) noexcept;

// Appends `text` as a JSON string. What is not UTF-8 in it becomes U+FFFD: it is for people.
void put_json_string(std::string_view text, Buffer& out);

}  // namespace tern::wire
