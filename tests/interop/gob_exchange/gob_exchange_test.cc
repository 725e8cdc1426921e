// Random values there and back, with Go's own encoder and decoder on the other side (main.go).
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <tuple>
#include <type_traits>
#include <variant>
#include <vector>

#include "codec/filler.h"
#include "codec/gob_decoder.h"
#include "codec/gob_encoder.h"
#include "everything.rpc.h"
#include "tern/codegen/kinds.h"

namespace tests::everything {
namespace {

using tern::codec::GobDecoder;
using tern::codec::GobEncoder;

// In the order that main.go has them.
using Messages = std::tuple<Scalars, Optionals, Lists, Maps, Renamed, Shape, Tree, Husband, Folder>;
constexpr std::size_t kMessages = std::tuple_size_v<Messages>;

// Runs `work` with a value of the type with this number.
template <typename Work, std::size_t At = 0>
void with_message(std::size_t number, const Work& work) {
  if constexpr (At < kMessages) {
    if (number == At) return work(std::tuple_element_t<At, Messages>());
    with_message<Work, At + 1>(number, work);
  } else {
    FAIL() << "no message has the number " << number;
  }
}

template <typename T>
void write(tern::codec::GobEncoder& encoder, const T& value, tern::Buffer& out) {
  const tern::Status status = encoder.encode(tern::type_ops<T>(), &value, out);
  ASSERT_TRUE(status.ok()) << status.to_string();
}

// Reads the next value; false at the end of the stream.
template <typename T>
bool read(tern::codec::GobDecoder& decoder, tern::ByteView& in, T& value) {
  while (!in.empty()) {
    tern::codec::GobMessage message;
    tern::Status why;
    const tern::codec::GobDecoder::Progress progress = decoder.next(in, message, why);
    in = in.subspan(progress.consumed);
    if (progress.step == tern::codec::GobDecoder::Step::kType) continue;
    if (progress.step == tern::codec::GobDecoder::Step::kValue) {
      why = decoder.decode(message, tern::type_ops<T>(), &value, {});
    }
    EXPECT_EQ(progress.step, tern::codec::GobDecoder::Step::kValue) << why.to_string();
    EXPECT_TRUE(why.ok()) << why.to_string();
    return progress.step == tern::codec::GobDecoder::Step::kValue && why.ok();
  }
  return false;
}

// Empties what Go does not send on: a pointer to zero, which an optional is there.
struct ForgetZeros {
  template <typename T>
  static bool is_zero(const T& value) {
    if constexpr (tern::codec::Message<T> || tern::codec::Map<T> ||
                  std::is_same_v<T, tern::Timestamp>) {
      return false;  // Go sends these, too
    } else {
      return value == T();
    }
  }
  template <typename T>
  void inside(T& value) {
    if constexpr (tern::codec::Message<T>) {
      T::visit_fields(value, *this);
    } else if constexpr (tern::codec::Map<T>) {
      for (auto& entry : value) inside(entry.second);
    } else if constexpr (tern::codec::List<T>) {
      if constexpr (!std::is_same_v<typename T::value_type, bool>) {
        for (auto& element : value) inside(element);
      }
    }
  }

  template <typename T>
  bool operator()(const tern::Field&, T& member) {
    if constexpr (tern::codec::Optional<T>) {
      if (!member.has_value()) return true;
      inside(*member);
      if (is_zero(*member)) member.reset();
    } else {
      inside(member);
    }
    return true;
  }
  template <std::size_t Index, typename Variant>
  bool operator()(const tern::UnionField<Index>&, Variant& variant) {
    if (variant.index() != Index) return true;
    inside(*std::get_if<Index>(&variant));
    if (is_zero(*std::get_if<Index>(&variant))) variant.template emplace<0>();
    return true;
  }
};

// A random value of what Go's types can hold: Renamed's third name is none there.
template <typename T>
void fill(sample::Filler& filler, T& value) {
  filler.fill(value, 4);
  if constexpr (std::is_same_v<T, Renamed>) value.odd.clear();
}

class GobExchange : public testing::Test {
 protected:
  void SetUp() override {
    folder_ =
        std::filesystem::path(testing::TempDir()) / ("gob_exchange_" + std::to_string(::getpid()));
    std::filesystem::create_directories(folder_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::string file(const char* name) const { return (folder_ / name).string(); }

  // Runs the Go program.
  void go(const std::string& arguments, const std::string& redirections) {
    const std::string command = "'" TERN_GOB_EXCHANGE "' " + arguments + " " + redirections;
    ASSERT_EQ(std::system(command.c_str()), 0) << command;
  }

  // A file of streams, each behind its length.
  static std::vector<std::string> read_streams(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    std::vector<std::string> streams;
    std::uint64_t size = 0;
    while (in.read(reinterpret_cast<char*>(&size), sizeof size)) {
      std::string& stream = streams.emplace_back(static_cast<std::size_t>(size), '\0');
      in.read(stream.data(), static_cast<std::streamsize>(size));
    }
    return streams;
  }
  static void write_stream(std::ofstream& out, const tern::Buffer& stream) {
    const std::uint64_t size = stream.size();
    out.write(reinterpret_cast<const char*>(&size), sizeof size);
    out.write(reinterpret_cast<const char*>(stream.data()), static_cast<std::streamsize>(size));
  }

  // Reads every value of a stream and writes it into another.
  static int answer(std::string_view stream, std::ofstream& out) {
    tern::codec::GobDecoder decoder(1 << 24);
    tern::codec::GobEncoder encoder;
    tern::Buffer written;
    tern::ByteView in = tern::as_bytes(stream);
    int values = 0;
    for (std::int64_t number = 0; read(decoder, in, number); ++values) {
      with_message(static_cast<std::size_t>(number), [&](auto value) {
        ASSERT_TRUE(read(decoder, in, value));
        write(encoder, number, written);
        write(encoder, value, written);
      });
      if (HasFailure()) break;
    }
    write_stream(out, written);
    return values;
  }

  std::filesystem::path folder_;
};

// Also values of types that are like ours and not the same: with some of the fields, in another
// order, of other integers, and with fields of every kind that Go has beside them.
TEST_F(GobExchange, WhatGoSendsComesBack) {
  const std::string what = "7 " TERN_GOB_VALUES " " TERN_GOB_VARIANTS;
  go("make " + what, "> '" + file("sent") + "'");
  std::ofstream out(file("answered"), std::ios::binary);
  int values = 0;
  for (const std::string& stream : read_streams(file("sent"))) values += answer(stream, out);
  out.close();
  EXPECT_EQ(values, std::stoi(TERN_GOB_VALUES) + 5 * std::stoi(TERN_GOB_VARIANTS));
  go("check " + what, "< '" + file("answered") + "'");
}

TEST_F(GobExchange, WhatWeSendComesBack) {
  const int kValues = std::stoi(TERN_GOB_VALUES);
  {
    sample::Filler filler(11);
    tern::codec::GobEncoder encoder;
    tern::Buffer stream;
    for (int i = 0; i < kValues; ++i) {
      const std::int64_t number = filler.below(kMessages);
      write(encoder, number, stream);
      with_message(static_cast<std::size_t>(number), [&](auto value) {
        fill(filler, value);
        write(encoder, value, stream);
      });
    }
    std::ofstream out(file("sent"), std::ios::binary);
    write_stream(out, stream);
  }
  go("echo", "< '" + file("sent") + "' > '" + file("answered") + "'");

  const std::vector<std::string> streams = read_streams(file("answered"));
  ASSERT_EQ(streams.size(), 1u);
  sample::Filler again(11);
  tern::codec::GobDecoder decoder(1 << 24);
  tern::ByteView in = tern::as_bytes(streams[0]);
  for (int i = 0; i < kValues && !HasFailure(); ++i) {
    const std::int64_t sent = again.below(kMessages);
    std::int64_t number = -1;
    ASSERT_TRUE(read(decoder, in, number));
    ASSERT_EQ(number, sent);
    with_message(static_cast<std::size_t>(number), [&](auto value) {
      fill(again, value);
      ForgetZeros forget;
      forget.inside(value);
      decltype(value) answered;
      ASSERT_TRUE(read(decoder, in, answered));
      ASSERT_TRUE(answered == value) << "value " << i << " of message " << number;
    });
  }
  EXPECT_TRUE(in.empty());
}

}  // namespace
}  // namespace tests::everything
