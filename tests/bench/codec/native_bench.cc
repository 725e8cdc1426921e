// The native codec beside the same fields written by hand with memcpy: the floor.
//   enc        a filled struct to bytes in a buffer that is used again
//   dec-reuse  bytes into the same struct again and again
//   dec-fresh  bytes into a new struct each time
#include <benchmark/benchmark.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

#include "rec.h"
#include "tern/codec.h"

namespace {

using bench::Rec;
using bench::RecList;
using bench::value;
using benchmark::State;

[[noreturn]] void wrong(const char* what) {
  std::fprintf(stderr, "wrong result: %s\n", what);
  std::abort();
}

// ---- by hand: fixed-width little-endian fields, length-prefixed

std::size_t hand_size(const Rec& r) {
  return 8 + 4 + r.name.size() + 8 + 4 + 4 * r.tags.size();
}
std::size_t hand_size(const RecList& l) {
  std::size_t n = 4;
  for (const Rec& r : l.items) n += hand_size(r);
  return n;
}
char* put(char* p, const void* v, std::size_t n) {
  std::memcpy(p, v, n);
  return p + n;
}
char* hand_put(char* p, const Rec& r) {
  const auto n = static_cast<std::uint32_t>(r.name.size());
  const auto t = static_cast<std::uint32_t>(r.tags.size());
  p = put(p, &r.id, 8);
  p = put(p, &n, 4);
  p = put(p, r.name.data(), n);
  p = put(p, &r.score, 8);
  p = put(p, &t, 4);
  return put(p, r.tags.data(), std::size_t{4} * t);
}
char* hand_put(char* p, const RecList& l) {
  const auto n = static_cast<std::uint32_t>(l.items.size());
  p = put(p, &n, 4);
  for (const Rec& r : l.items) p = hand_put(p, r);
  return p;
}
const char* get(const char* p, const char* end, void* v, std::size_t n) {
  if (static_cast<std::size_t>(end - p) < n) wrong("hand: short");
  std::memcpy(v, p, n);
  return p + n;
}
const char* hand_get(const char* p, const char* end, Rec& r) {
  std::uint32_t n = 0;
  std::uint32_t t = 0;
  p = get(p, end, &r.id, 8);
  p = get(p, end, &n, 4);
  if (static_cast<std::size_t>(end - p) < n) wrong("hand: short");
  r.name.assign(p, n);
  p = get(p + n, end, &r.score, 8);
  p = get(p, end, &t, 4);
  if (static_cast<std::size_t>(end - p) < std::size_t{4} * t) wrong("hand: short");
  r.tags.resize(t);
  return get(p, end, r.tags.data(), std::size_t{4} * t);
}
const char* hand_get(const char* p, const char* end, RecList& l) {
  std::uint32_t n = 0;
  p = get(p, end, &n, 4);
  l.items.resize(n);
  for (Rec& r : l.items) p = hand_get(p, end, r);
  return p;
}

template <typename T>
void hand_encode(State& state) {
  const T& v = value<T>();
  std::string buffer;
  for (auto _ : state) {
    buffer.resize(hand_size(v));
    hand_put(buffer.data(), v);
    benchmark::DoNotOptimize(buffer.data());
    benchmark::ClobberMemory();
  }
  state.counters["bytes"] = static_cast<double>(buffer.size());
}

template <typename T, bool Fresh>
void hand_decode(State& state) {
  const T& v = value<T>();
  std::string buffer(hand_size(v), 0);
  hand_put(buffer.data(), v);
  T out;
  for (auto _ : state) {
    if constexpr (Fresh) {
      T one;
      hand_get(buffer.data(), buffer.data() + buffer.size(), one);
      benchmark::DoNotOptimize(one);
    } else {
      hand_get(buffer.data(), buffer.data() + buffer.size(), out);
      benchmark::DoNotOptimize(out);
    }
    benchmark::ClobberMemory();
  }
  hand_get(buffer.data(), buffer.data() + buffer.size(), out);
  if (!(out == v)) wrong("hand");
}

// ---- the codec, as a connection calls it

template <typename T>
void native_encode(State& state) {
  const tern::Codec& codec = tern::native_codec();  // as a connection keeps it
  const tern::TypeOps& ops = tern::type_ops<T>();
  const T& v = value<T>();
  tern::Buffer buffer;
  for (auto _ : state) {
    buffer.clear();
    if (!codec.encode(ops, &v, buffer).ok()) wrong("encode");
    benchmark::DoNotOptimize(buffer.data());
    benchmark::ClobberMemory();
  }
  state.counters["bytes"] = static_cast<double>(buffer.size());
}

template <typename T, bool Fresh>
void native_decode(State& state) {
  const tern::Codec& codec = tern::native_codec();  // as a connection keeps it
  const tern::TypeOps& ops = tern::type_ops<T>();
  const T& v = value<T>();
  const tern::DecodeLimits limits;
  tern::Buffer buffer;
  if (!codec.encode(ops, &v, buffer).ok()) wrong("encode");
  T out;
  for (auto _ : state) {
    if constexpr (Fresh) {
      T one;
      if (!codec.decode(ops, buffer.view(), &one, limits).ok()) wrong("decode");
      benchmark::DoNotOptimize(one);
    } else {
      if (!codec.decode(ops, buffer.view(), &out, limits).ok()) wrong("decode");
      benchmark::DoNotOptimize(out);
    }
    benchmark::ClobberMemory();
  }
  if (!codec.decode(ops, buffer.view(), &out, limits).ok() || !(out == v)) {
    wrong("native");
  }
}

BENCHMARK(hand_encode<Rec>)->Name("hand/enc/small");
BENCHMARK(native_encode<Rec>)->Name("native/enc/small");
BENCHMARK(hand_decode<Rec, false>)->Name("hand/dec-reuse/small");
BENCHMARK(native_decode<Rec, false>)->Name("native/dec-reuse/small");
BENCHMARK(hand_decode<Rec, true>)->Name("hand/dec-fresh/small");
BENCHMARK(native_decode<Rec, true>)->Name("native/dec-fresh/small");
BENCHMARK(hand_encode<RecList>)->Name("hand/enc/list");
BENCHMARK(native_encode<RecList>)->Name("native/enc/list");
BENCHMARK(hand_decode<RecList, false>)->Name("hand/dec-reuse/list");
BENCHMARK(native_decode<RecList, false>)->Name("native/dec-reuse/list");
BENCHMARK(hand_decode<RecList, true>)->Name("hand/dec-fresh/list");
BENCHMARK(native_decode<RecList, true>)->Name("native/dec-fresh/list");

}  // namespace
