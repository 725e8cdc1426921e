// What holds for every value, shown for many random ones.
#include <cstdint>
#include <cstring>
#include <limits>

#include "every_codec.h"
#include "filler.h"
#include "versions.h"

namespace sample {
namespace {

constexpr int kValues = 3000;

template <typename T>
void expect_round_trips(const tern::Codec& codec) {
  Filler filler(20240607);
  T reused{};
  for (int i = 0; i < kValues; ++i) {
    const T value = filler.make<T>();
    const std::string bytes = encode(codec, value);
    ASSERT_EQ(decode<T>(codec, bytes), value) << i << ": " << bytes;
    ASSERT_TRUE(decode_into(codec, bytes, reused).ok());
    ASSERT_EQ(reused, value) << i << ": " << bytes;
    ASSERT_EQ(encode(codec, reused), bytes);
  }
}

class RoundTrip : public testing::TestWithParam<Which> {};

TEST_P(RoundTrip, Scalars) {
  expect_round_trips<Scalars>(codec_of(GetParam()));
}
TEST_P(RoundTrip, Containers) {
  expect_round_trips<Containers>(codec_of(GetParam()));
}
TEST_P(RoundTrip, Choices) {
  expect_round_trips<Choices>(codec_of(GetParam()));
}
TEST_P(RoundTrip, Tree) {
  expect_round_trips<Tree>(codec_of(GetParam()));
}
TEST_P(RoundTrip, Sparse) {
  expect_round_trips<Sparse>(codec_of(GetParam()));
}
TEST_P(RoundTrip, NewEvent) {
  expect_round_trips<new_version::Event>(codec_of(GetParam()));
}
TEST_P(RoundTrip, ListsAndMapsAtTheTop) {
  expect_round_trips<std::vector<std::map<std::string, std::int64_t>>>(codec_of(GetParam()));
  expect_round_trips<std::vector<std::vector<std::int64_t>>>(codec_of(GetParam()));
  expect_round_trips<std::vector<bool>>(codec_of(GetParam()));
  expect_round_trips<std::map<bool, std::string>>(codec_of(GetParam()));
}
TEST_P(RoundTrip, ScalarsAtTheTop) {
  expect_round_trips<bool>(codec_of(GetParam()));
  expect_round_trips<std::int32_t>(codec_of(GetParam()));
  expect_round_trips<std::uint64_t>(codec_of(GetParam()));
  expect_round_trips<float>(codec_of(GetParam()));
  expect_round_trips<double>(codec_of(GetParam()));
  expect_round_trips<std::string>(codec_of(GetParam()));
  expect_round_trips<tern::codec::Bytes>(codec_of(GetParam()));
  expect_round_trips<tern::Timestamp>(codec_of(GetParam()));
  expect_round_trips<tern::Duration>(codec_of(GetParam()));
  expect_round_trips<Color>(codec_of(GetParam()));
}

TEST_P(RoundTrip, OldAndNewProgramsPassOnWhatBothKnow) {
  Filler filler(7);
  for (int i = 0; i < kValues; ++i) {
    const auto sent = filler.make<new_version::Event>();
    const auto passed =
        decode<old_version::Event>(codec_of(GetParam()), encode(codec_of(GetParam()), sent));
    const auto got =
        decode<new_version::Event>(codec_of(GetParam()), encode(codec_of(GetParam()), passed));
    ASSERT_EQ(got.id, sent.id);
    ASSERT_EQ(got.name, sent.name);
    ASSERT_EQ(got.kept, sent.kept);
  }
}

INSTANTIATE_TEST_SUITE_P(Codecs, RoundTrip, every_codec(), which_name);

TEST(AllCodecs, MeanTheSameValue) {
  Filler filler(99);
  for (int i = 0; i < kValues; ++i) {
    const auto value = filler.make<Containers>();
    const auto over_json = decode<Containers>(json(), encode(json(), value));
    ASSERT_EQ(encode(native(), over_json), encode(native(), value));
    const auto over_gob = decode<Containers>(gob(), encode(gob(), value));
    ASSERT_EQ(encode(native(), over_gob), encode(native(), value));
  }
}

TEST(NativeFloats, KeepEveryBit) {
  std::mt19937_64 random(5);
  for (int i = 0; i < 1'000'000; ++i) {
    const std::uint64_t bits = random();
    double real = 0;
    std::memcpy(&real, &bits, sizeof real);
    tern::Buffer out;
    ASSERT_TRUE(native().encode(tern::type_ops<double>(), &real, out).ok());
    double back = 0;
    ASSERT_TRUE(native().decode(tern::type_ops<double>(), out.view(), &back, {}).ok());
    ASSERT_EQ(std::memcmp(&back, &real, sizeof real), 0);
  }
}

TEST(GobFloats, KeepEveryBitOfAMillion) {
  std::mt19937_64 random(5);
  tern::codec::GobEncoder encoder;
  tern::codec::GobDecoder decoder(100);
  for (int i = 0; i < 1'000'000; ++i) {
    const std::uint64_t bits = random();
    double real = 0;
    std::memcpy(&real, &bits, sizeof real);
    const auto single = std::bit_cast<float>(static_cast<std::uint32_t>(bits));
    tern::Buffer out;
    ASSERT_TRUE(encoder.encode(tern::type_ops<double>(), &real, out).ok());
    const std::size_t first = out.size();
    ASSERT_TRUE(encoder.encode(tern::type_ops<float>(), &single, out).ok());
    tern::codec::GobMessage message;
    tern::Status why;
    double back = 0;
    (void)decoder.next(out.view(), message, why);
    ASSERT_TRUE(decoder.decode(message, tern::type_ops<double>(), &back, {}).ok());
    ASSERT_EQ(std::memcmp(&back, &real, sizeof real), 0);
    float single_back = 0;
    (void)decoder.next(out.view().subspan(first), message, why);
    ASSERT_TRUE(decoder.decode(message, tern::type_ops<float>(), &single_back, {}).ok());
    ASSERT_EQ(std::memcmp(&single_back, &single, sizeof single), 0);
  }
}

TEST(JsonFloats, KeepEveryBitOfFiniteNumbers) {
  std::mt19937_64 random(6);
  for (int i = 0; i < 300'000; ++i) {
    const auto bits = random();
    const auto real = std::bit_cast<double>(bits);
    if (real - real != 0) continue;
    tern::Buffer out;
    ASSERT_TRUE(json().encode(tern::type_ops<double>(), &real, out).ok());
    double back = 0;
    ASSERT_TRUE(json().decode(tern::type_ops<double>(), out.view(), &back, {}).ok());
    ASSERT_EQ(std::bit_cast<std::uint64_t>(back), bits) << tern::as_text(out.view());
  }
}

}  // namespace
}  // namespace sample
