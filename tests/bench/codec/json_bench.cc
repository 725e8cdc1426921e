// The JSON codec, beside simdjson's on-demand parser used by hand for the same struct.
#include <benchmark/benchmark.h>
#include <simdjson.h>

#include <cstdio>
#include <cstdlib>
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

template <typename T>
tern::Buffer text() {
  tern::Buffer buffer;
  if (!tern::json_codec().encode(tern::type_ops<T>(), &value<T>(), buffer).ok()) wrong("encode");
  return buffer;
}

void take(simdjson::ondemand::object object, Rec& out) {
  out.id = object["id"].get_int64();
  const std::string_view name = object["name"].get_string();
  out.name = name;
  out.score = object["score"].get_double();
  out.tags.clear();
  for (auto tag : object["tags"].get_array()) {
    out.tags.push_back(static_cast<std::int32_t>(tag.get_int64().value()));
  }
}
void take(simdjson::ondemand::object object, RecList& out) {
  std::size_t n = 0;
  for (auto item : object["items"].get_array()) {
    if (n == out.items.size()) out.items.emplace_back();
    take(item.get_object().value(), out.items[n++]);
  }
  out.items.resize(n);
}

template <typename T>
void simdjson_decode(State& state) {
  const tern::Buffer source = text<T>();
  const simdjson::padded_string in(tern::as_text(source.view()));
  simdjson::ondemand::parser parser;
  T out;
  for (auto _ : state) {
    auto document = parser.iterate(in);
    take(document.get_object().value(), out);
    benchmark::DoNotOptimize(out);
  }
  if (!(out == value<T>())) wrong("simdjson");
}

template <typename T>
void json_encode(State& state) {
  const tern::Codec& codec = tern::json_codec();  // as a connection keeps it
  const tern::TypeOps& ops = tern::type_ops<T>();
  tern::Buffer buffer;
  for (auto _ : state) {
    buffer.clear();
    if (!codec.encode(ops, &value<T>(), buffer).ok()) wrong("encode");
    benchmark::DoNotOptimize(buffer.data());
    benchmark::ClobberMemory();
  }
  state.counters["bytes"] = static_cast<double>(buffer.size());
}

template <typename T>
void json_decode(State& state) {
  const tern::Codec& codec = tern::json_codec();  // as a connection keeps it
  const tern::TypeOps& ops = tern::type_ops<T>();
  const tern::Buffer in = text<T>();
  const tern::DecodeLimits limits;
  T out;
  for (auto _ : state) {
    if (!codec.decode(ops, in.view(), &out, limits).ok()) wrong("decode");
    benchmark::DoNotOptimize(out);
    benchmark::ClobberMemory();
  }
  if (!(out == value<T>())) wrong("json");
}

BENCHMARK(json_encode<Rec>)->Name("json/enc/small");
BENCHMARK(json_decode<Rec>)->Name("json/dec-reuse/small");
BENCHMARK(simdjson_decode<Rec>)->Name("simdjson/dec-reuse/small");
BENCHMARK(json_encode<RecList>)->Name("json/enc/list");
BENCHMARK(json_decode<RecList>)->Name("json/dec-reuse/list");
BENCHMARK(simdjson_decode<RecList>)->Name("simdjson/dec-reuse/list");

}  // namespace
