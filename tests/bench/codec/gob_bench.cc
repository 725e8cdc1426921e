// gob, as a connection uses it: the types are sent once, before the first of many values.
#include <benchmark/benchmark.h>

#include <cstdio>
#include <cstdlib>

#include "codec/gob_decoder.h"
#include "codec/gob_encoder.h"
#include "rec.h"

namespace {

using bench::Rec;
using bench::RecList;
using bench::value;
using benchmark::State;
using tern::codec::GobDecoder;
using tern::codec::GobEncoder;
using tern::codec::GobMessage;

[[noreturn]] void wrong(const char* what) {
  std::fprintf(stderr, "wrong result: %s\n", what);
  std::abort();
}

template <typename T>
void gob_encode(State& state) {
  const tern::TypeOps& ops = tern::type_ops<T>();
  tern::codec::GobEncoder encoder;
  tern::Buffer buffer;
  if (!encoder.encode(ops, &value<T>(), buffer).ok()) wrong("encode");
  for (auto _ : state) {
    buffer.clear();
    if (!encoder.encode(ops, &value<T>(), buffer).ok()) wrong("encode");
    benchmark::DoNotOptimize(buffer.data());
    benchmark::ClobberMemory();
  }
  state.counters["bytes"] = static_cast<double>(buffer.size());
}

template <typename T>
void gob_decode(State& state) {
  const tern::TypeOps& ops = tern::type_ops<T>();
  tern::codec::GobEncoder encoder;
  tern::Buffer types;
  if (!encoder.encode(ops, &value<T>(), types).ok()) wrong("encode");
  tern::Buffer again;
  if (!encoder.encode(ops, &value<T>(), again).ok()) wrong("encode");

  tern::codec::GobDecoder decoder(1 << 20);
  tern::codec::GobMessage message;
  tern::Status why;
  tern::ByteView in = types.view();
  while (!in.empty()) {
    const tern::codec::GobDecoder::Progress progress = decoder.next(in, message, why);
    if (progress.consumed == 0) wrong("types");
    in = in.subspan(progress.consumed);
  }
  const tern::DecodeLimits limits;
  T out;
  for (auto _ : state) {
    if (decoder.next(again.view(), message, why).step != tern::codec::GobDecoder::Step::kValue ||
        !decoder.decode(message, ops, &out, limits).ok()) {
      wrong("decode");
    }
    benchmark::DoNotOptimize(out);
    benchmark::ClobberMemory();
  }
  if (!(out == value<T>())) wrong("gob");
}

BENCHMARK(gob_encode<Rec>)->Name("gob/enc/small");
BENCHMARK(gob_decode<Rec>)->Name("gob/dec-reuse/small");
BENCHMARK(gob_encode<RecList>)->Name("gob/enc/list");
BENCHMARK(gob_decode<RecList>)->Name("gob/dec-reuse/list");

}  // namespace
