// Lists and maps, element by element. Those of scalars are compiled once, in the runtime: they are
// in so many messages that compiling them with each would take most of the time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "tern/buffer.h"
#include "tern/codegen/kinds.h"

namespace tern {
class ValueReader;
class ValueWriter;
}  // namespace tern

namespace tern::codec {

class NativeFailure;

// T is a list or a map; out of line, so that it is once in the program for each. The definitions
// lie in native_write.h, native_read_elements.h, walk_write.h and walk_read.h.
template <typename T>
struct Elements {
  // The native codec: the size of the content, the content, and back.
  [[gnu::noinline]] static std::size_t size(const T& value);
  [[gnu::noinline]] static std::byte* put(std::byte* at, const T& value);
  [[gnu::noinline]] static bool read(ByteView content, T& out, std::size_t depth,
                                     NativeFailure& failure);
  // The walk.
  [[gnu::noinline]] static bool write(const T& value, ValueWriter& out);
  [[gnu::noinline]] static bool read(T& value, ValueReader& in);
};

// Lists grow and shrink when they are read, through whichever codec.
template <List T>
[[gnu::noinline]] void resize_list(T& list, std::size_t size) {
  list.resize(size);
}

extern template struct Elements<std::vector<bool>>;
extern template struct Elements<std::vector<std::int32_t>>;
extern template struct Elements<std::vector<std::int64_t>>;
extern template struct Elements<std::vector<std::uint32_t>>;
extern template struct Elements<std::vector<std::uint64_t>>;
extern template struct Elements<std::vector<float>>;
extern template struct Elements<std::vector<double>>;
extern template struct Elements<std::vector<std::string>>;
extern template struct Elements<std::vector<Bytes>>;
extern template struct Elements<std::vector<Timestamp>>;
extern template struct Elements<std::vector<Duration>>;

extern template struct Elements<std::map<bool, std::string>>;
extern template struct Elements<std::map<std::int32_t, std::string>>;
extern template struct Elements<std::map<std::int64_t, std::string>>;
extern template struct Elements<std::map<std::uint32_t, std::string>>;
extern template struct Elements<std::map<std::uint64_t, std::string>>;
extern template struct Elements<std::map<std::string, bool>>;
extern template struct Elements<std::map<std::string, std::int32_t>>;
extern template struct Elements<std::map<std::string, std::int64_t>>;
extern template struct Elements<std::map<std::string, std::uint32_t>>;
extern template struct Elements<std::map<std::string, std::uint64_t>>;
extern template struct Elements<std::map<std::string, float>>;
extern template struct Elements<std::map<std::string, double>>;
extern template struct Elements<std::map<std::string, std::string>>;
extern template struct Elements<std::map<std::string, Bytes>>;
extern template struct Elements<std::map<std::string, Timestamp>>;
extern template struct Elements<std::map<std::string, Duration>>;

}  // namespace tern::codec
