#include "targets.h"

#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "codec/sample_messages.h"
#include "tern/codec.h"

namespace fuzz {
namespace {

void expect(bool holds, const char* claim) {
  if (holds) return;
  std::fprintf(stderr, "not true: %s\n", claim);
  std::abort();
}

// Bytes are compared, not values: a NaN is not equal to itself.
template <typename T>
void decode_twice(const tern::Codec& codec, tern::ByteView input) {
  const tern::TypeOps& ops = tern::type_ops<T>();
  T value;
  if (!codec.decode(ops, input, &value, {}).ok()) return;
  tern::Buffer once;
  expect(codec.encode(ops, &value, once).ok(), "what was decoded can be encoded");
  T copy;
  expect(codec.decode(ops, once.view(), &copy, {}).ok(), "what was encoded can be decoded");
  tern::Buffer twice;
  expect(codec.encode(ops, &copy, twice).ok(), "a copy can be encoded");
  expect(once.size() == twice.size() &&
             (once.empty() || std::memcmp(once.data(), twice.data(), once.size()) == 0),
         "a copy is encoded to the same bytes");
}

void decode_all(const tern::Codec& codec, tern::ByteView input) {
  decode_twice<sample::Scalars>(codec, input);
  decode_twice<sample::Containers>(codec, input);
  decode_twice<sample::Choices>(codec, input);
  decode_twice<sample::Tree>(codec, input);
  decode_twice<sample::Sparse>(codec, input);
}

}  // namespace

void native(tern::ByteView input) {
  decode_all(tern::native_codec(), input);
}

void json(tern::ByteView input) {
  decode_all(tern::json_codec(), input);
}

}  // namespace fuzz
