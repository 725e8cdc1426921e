#include "fuzz/targets.h"

#include <cstring>

#include "codec/gob_decoder.h"
#include "codec/gob_encoder.h"
#include "codec/sample_messages.h"
#include "fuzz/expect.h"
#include "tern/codec.h"

namespace fuzz {
namespace {

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

// The whole stream of one value.
template <typename T>
tern::Buffer gob_stream(const T& value) {
  tern::codec::GobEncoder encoder;
  tern::Buffer out;
  expect(encoder.encode(tern::type_ops<T>(), &value, out).ok(), "what was decoded can be encoded");
  return out;
}

template <typename T>
void gob_twice(tern::codec::GobDecoder& decoder, const tern::codec::GobMessage& message) {
  T value;
  if (!decoder.decode(message, tern::type_ops<T>(), &value, {}).ok()) return;
  const tern::Buffer once = gob_stream(value);
  tern::codec::GobDecoder again(1 << 22);
  tern::ByteView in = once.view();
  T copy;
  while (!in.empty()) {
    tern::codec::GobMessage own;
    tern::Status why;
    const auto progress = again.next(in, own, why);
    expect(progress.consumed > 0, "what was encoded is a stream");
    in = in.subspan(progress.consumed);
    if (!in.empty()) continue;
    expect(again.decode(own, tern::type_ops<T>(), &copy, {}).ok(),
           "what was encoded can be decoded");
  }
  const tern::Buffer twice = gob_stream(copy);
  expect(once.size() == twice.size() && std::memcmp(once.data(), twice.data(), once.size()) == 0,
         "a copy is encoded to the same bytes");
}

}  // namespace

void gob(tern::ByteView input) {
  tern::codec::GobDecoder decoder(1 << 20);
  for (;;) {
    using Step = tern::codec::GobDecoder::Step;
    tern::codec::GobMessage message;
    tern::Status why;
    const auto progress = decoder.next(input, message, why);
    if (progress.step == Step::kMore || progress.step == Step::kBroken) return;
    input = input.subspan(progress.consumed);
    if (progress.step != Step::kValue) continue;
    gob_twice<sample::Args>(decoder, message);
    gob_twice<sample::Scalars>(decoder, message);
    gob_twice<sample::Containers>(decoder, message);
    gob_twice<sample::Choices>(decoder, message);
    gob_twice<sample::Tree>(decoder, message);
    gob_twice<std::vector<std::vector<std::int64_t>>>(decoder, message);
    gob_twice<std::map<std::string, std::int64_t>>(decoder, message);
  }
}

void native(tern::ByteView input) {
  decode_all(tern::native_codec(), input);
}

void proto(tern::ByteView input) {
  decode_all(tern::proto_codec(), input);
}

void json(tern::ByteView input) {
  decode_all(tern::json_codec(), input);
}

}  // namespace fuzz
