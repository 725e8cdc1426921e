// rapidjson's writer, by hand for the values that the JSON codec is given.
#include <benchmark/benchmark.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <cstdint>

#include "rec.h"

namespace {

using bench::Rec;
using bench::RecList;
using bench::value;
using Writer = rapidjson::Writer<rapidjson::StringBuffer>;

void write(const Rec& rec, Writer& out) {
  out.StartObject();
  out.Key("id");
  out.Int64(rec.id);
  out.Key("name");
  out.String(rec.name.data(), static_cast<rapidjson::SizeType>(rec.name.size()));
  out.Key("score");
  out.Double(rec.score);
  out.Key("tags");
  out.StartArray();
  for (const std::int32_t tag : rec.tags) out.Int(tag);
  out.EndArray();
  out.EndObject();
}

void write(const RecList& list, Writer& out) {
  out.StartObject();
  out.Key("items");
  out.StartArray();
  for (const Rec& rec : list.items) write(rec, out);
  out.EndArray();
  out.EndObject();
}

template <typename T>
void rapidjson_encode(benchmark::State& state) {
  rapidjson::StringBuffer buffer;
  for (auto _ : state) {
    buffer.Clear();
    Writer writer(buffer);
    write(value<T>(), writer);
    benchmark::DoNotOptimize(buffer.GetString());
    benchmark::ClobberMemory();
  }
  state.counters["bytes"] = static_cast<double>(buffer.GetSize());
}

BENCHMARK(rapidjson_encode<Rec>)->Name("rapidjson/enc/small");
BENCHMARK(rapidjson_encode<RecList>)->Name("rapidjson/enc/list");

}  // namespace
