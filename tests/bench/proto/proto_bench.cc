// The codec of protobuf beside Google's library, the same bytes on both sides.
//
//   proto_bench [ROUNDS]
//
// In each round both sides run one after the other; a ratio is that of one round, and the median of
// all rounds is printed. Times are of the thread's CPU.
//   encode         into a buffer that is used again
//   decode, used   into the same message again and again
//   decode, new    into a new message; the library's lies in an arena that is used again
#include <google/protobuf/arena.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string>
#include <vector>

#include "tern/codec.h"
#include "values.pb.h"
#include "values.rpc.h"

namespace {

namespace ours = bench::ours;
namespace theirs = bench::theirs;

[[noreturn]] void wrong(const char* what) {
  std::fprintf(stderr, "wrong: %s\n", what);
  std::exit(1);
}

double cpu_ns() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e9 + static_cast<double>(now.tv_nsec);
}

template <typename Run>
double ns_each(Run& run, int times) {
  const double start = cpu_ns();
  for (int i = 0; i < times; ++i) run();
  return (cpu_ns() - start) / times;
}

double median(std::vector<double> all) {
  std::nth_element(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(all.size() / 2),
                   all.end());
  return all[all.size() / 2];
}

template <typename A, typename B>
void compare(const char* value, const char* what, int rounds, A tern, B google) {
  // Two milliseconds a side.
  const double once = ns_each(tern, 20) + ns_each(google, 20);
  const int times = std::max(10, static_cast<int>(4e6 / once));
  std::vector<double> a;
  std::vector<double> b;
  std::vector<double> ratios;
  for (int i = 0; i < rounds; ++i) {
    a.push_back(ns_each(tern, times));
    b.push_back(ns_each(google, times));
    ratios.push_back(a.back() / b.back());
  }
  std::printf("| %-8s | %-12s | %9.1f | %9.1f | %5.2f |\n", value, what, median(a), median(b),
              median(ratios));
}

template <typename Theirs, typename Ours>
void measure(const char* name, int rounds, const Ours& value) {
  const tern::TypeOps& ops = tern::type_ops<Ours>();
  const tern::Codec& codec = tern::proto_codec();
  tern::Buffer buffer;
  if (!codec.encode(ops, &value, buffer).ok()) wrong("encode");
  const std::string bytes(tern::as_text(buffer.view()));

  Theirs message;
  std::string out;
  if (!message.ParseFromString(bytes)) wrong("parse");
  if (!message.SerializeToString(&out) || out.size() != bytes.size()) wrong("serialize");
  compare(
      name, "encode", rounds,
      [&] {
        buffer.clear();
        if (!codec.encode(ops, &value, buffer).ok()) wrong("encode");
      },
      [&] {
        if (!message.SerializeToString(&out)) wrong("serialize");
      });

  const tern::DecodeLimits limits;
  Ours used;
  Theirs used_theirs;
  compare(
      name, "decode, used", rounds,
      [&] {
        if (!codec.decode(ops, tern::as_bytes(bytes), &used, limits).ok()) wrong("decode");
      },
      [&] {
        if (!used_theirs.ParseFromString(bytes)) wrong("parse");
      });
  if (!(used == value)) wrong("another value");

  std::vector<char> block(bytes.size() * 16 + 4096);
  google::protobuf::ArenaOptions options;
  options.initial_block = block.data();
  options.initial_block_size = block.size();
  google::protobuf::Arena arena(options);
  compare(
      name, "decode, new", rounds,
      [&] {
        Ours one;
        if (!codec.decode(ops, tern::as_bytes(bytes), &one, limits).ok()) wrong("decode");
      },
      [&] {
        auto* one = google::protobuf::Arena::CreateMessage<Theirs>(&arena);
        if (!one->ParseFromString(bytes)) wrong("parse");
        arena.Reset();
      });
}

ours::Sample sample(int i) {
  std::array<char, 32> name{};
  std::snprintf(name.data(), name.size(), "user-name-%04d", i % 10000);
  return {1234567890123 + std::int64_t{i} * 7919,
          std::string(name.data()),
          98.6 + i * 0.25,
          {1, 22, 333, 4444, 55555, 666666, 7777777, 88888888}};
}

ours::Samples samples() {
  ours::Samples all;
  for (int i = 0; i < 1000; ++i) all.items.push_back(sample(i));
  return all;
}

ours::Texts texts() {
  ours::Texts all;
  all.title = "A title of some words, longer than what a string has in itself";
  for (int i = 0; i < 40; ++i) all.body += "The quick brown fox jumps over the lazy dog. ";
  for (int i = 0; i < 50; ++i) {
    all.lines.push_back(std::string(static_cast<std::size_t>(i) % 40, 'x') + std::to_string(i));
  }
  return all;
}

ours::Leg leg(int i) {
  ours::Leg one;
  one.from = {i * 1000, -i};
  one.to = {i * 1000 + 999, 70000 + i};
  one.length = i * 1.5;
  one.road = "A" + std::to_string(i);
  return one;
}

ours::Route route() {
  ours::Route all;
  all.id = 77;
  all.first = leg(1);
  for (int i = 0; i < 20; ++i) all.legs.push_back(leg(i));
  all.open = true;
  all.color = 0xff8800;
  return all;
}

ours::Counts counts() {
  ours::Counts all;
  for (int i = 0; i < 100; ++i) all.by_name["key-" + std::to_string(i * 37)] = i * 1000;
  return all;
}

}  // namespace

int main(int argc, char** argv) {
  const int rounds = argc > 1 ? std::atoi(argv[1]) : 31;
  if (rounds < 1) wrong("the number of rounds");
  std::printf(
      "| value    | what         |   Tern ns | Google ns | ratio |\n|---|---|---|---|---|\n");
  measure<theirs::Sample>("small", rounds, sample(42));
  measure<theirs::Samples>("1,000", rounds, samples());
  measure<theirs::Texts>("strings", rounds, texts());
  measure<theirs::Route>("nested", rounds, route());
  measure<theirs::Counts>("map", rounds, counts());
}
