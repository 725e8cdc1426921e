// gob that no honest peer sends. Go's own decoder dies of most of it.
#include <cstdint>
#include <string>

#include "codec/gob_number.h"
#include "filler.h"
#include "gob_messages.h"
#include "gob_stream.h"
#include "hostile.h"
#include "sample_messages.h"
#include "tern/limits.h"
#include "versions.h"

namespace sample {
namespace {

using testing::HasSubstr;
using Step = tern::codec::GobDecoder::Step;

std::string number(std::uint64_t value) {
  std::byte bytes[tern::codec::kGobNumberBytes];
  const std::byte* end = tern::codec::put_gob_uint(bytes, value);
  return std::string(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(end - bytes));
}
std::string id(std::int64_t value) {
  return number(tern::codec::gob_folded(value));
}
std::string with_length(const std::string& message) {
  return number(message.size()) + message;
}
// A definition; `wire_type` is the inside of the struct wireType.
std::string type(std::int64_t number, const std::string& wire_type) {
  return with_length(id(-number) + wire_type + std::string(1, '\0'));
}
std::string list_of(std::int64_t element) {
  return unhex("02 02") + id(element) + std::string(1, '\0');
}
std::string map_of(std::int64_t key, std::int64_t element) {
  return unhex("04 02") + id(key) + unhex("01") + id(element) + std::string(1, '\0');
}
std::string field(const std::string& name, std::int64_t of) {
  return unhex("01") + number(name.size()) + name + unhex("01") + id(of) + std::string(1, '\0');
}
std::string struct_of(std::uint64_t count, const std::string& fields) {
  return unhex("03 02") + number(count) + fields + std::string(1, '\0');
}
std::string value(std::int64_t of, const std::string& bytes) {
  return with_length(id(of) + bytes);
}

struct Outcome {
  std::size_t values = 0;
  std::string why;   // the stream broke
  std::string last;  // what the last value did not decode for
  std::size_t growth = 0;
};

// Feeds a stream to a decoder that reads each value as a T.
template <typename T>
Outcome drown(std::string_view stream) {
  Outcome outcome;
  tern::ByteView in = tern::as_bytes(stream);
  const HeapGrowth growth;
  {
    tern::codec::GobDecoder decoder(1 << 22);
    T decoded{};
    for (bool going = true; going;) {
      tern::codec::GobMessage message;
      tern::Status why;
      const auto progress = decoder.next(in, message, why);
      in = in.subspan(progress.consumed);
      switch (progress.step) {
        case Step::kValue: {
          ++outcome.values;
          const tern::Status status =
              decoder.decode(message, tern::type_ops<T>(), &decoded, tern::Limits().decode_gob());
          outcome.last = status.message();
          break;
        }
        case Step::kBroken:
          outcome.why = why.message();
          going = false;
          break;
        case Step::kMore:
          going = false;
          break;
        default:
          break;
      }
    }
  }
  outcome.growth = growth.most();
  EXPECT_LE(outcome.growth, 64 * 1024 + 8 * stream.size());
  return outcome;
}

// ---- definitions

TEST(GobDefinitions, AreAtMostOneThousandAndTwentyFour) {
  std::string stream;
  for (int i = 0; i < 1024; ++i) stream += type(65 + i, list_of(2));
  EXPECT_EQ(drown<Args>(stream + value(70, unhex("00 00"))).values, 1u);
  EXPECT_EQ(drown<Args>(stream).why, "");
  stream += type(5000, list_of(2));
  EXPECT_EQ(drown<Args>(stream).why, "gob: more than 1024 types are defined");
}

TEST(GobDefinitions, HaveAtMostAMebibyteTogether) {
  const std::string name(40000, 'x');
  std::string stream;
  for (int i = 0; i < 26; ++i) stream += type(65 + i, struct_of(1, field(name, 2)));
  EXPECT_EQ(drown<Args>(stream).why, "");
  stream += type(200, struct_of(1, field(name, 2)));
  EXPECT_EQ(drown<Args>(stream).why, "gob: the definitions of types have more than 1048576 bytes");
  // Said by a length alone, before the bytes.
  EXPECT_EQ(drown<Args>(number(2 << 20) + id(-65)).why,
            "gob: the definitions of types have more than 1048576 bytes");
}

TEST(GobDefinitions, OfManyFieldsTakeMemoryForWhatCame) {
  std::string fields;
  for (int i = 0; i < 150'000; ++i) fields += field("a", 2);
  EXPECT_EQ(drown<Args>(type(65, struct_of(150'000, fields)) + value(65, unhex("00"))).last, "");
  EXPECT_THAT(drown<Args>(type(65, struct_of(1'000'000, fields.substr(0, 600)))).why,
              HasSubstr("announces 1000000 fields"));
  EXPECT_THAT(drown<Args>(type(65, struct_of(300, std::string(300, '\0')))).why,
              HasSubstr("without a name or a type"));
}

TEST(GobDefinitions, AreMatchedWithAsManyTypesOfOursAsTheyAreWorth) {
  std::string fields;
  for (int i = 0; i < 20'000; ++i) fields += field("a", 2);
  const std::string zero = value(65, unhex("00"));
  GobReceiver receiver(type(65, struct_of(20'000, fields)) + zero + zero + zero);
  Args args;
  EXPECT_EQ(receiver.read(args).message(), "");
  Point point;
  EXPECT_EQ(receiver.read(point).message(), "the peer's types are read into too many of ours");
  EXPECT_EQ(receiver.read(args).message(), "");
}

TEST(GobDefinitions, WithIdsThatAreNoneAreRefused) {
  for (const std::int64_t taken : {0, 1, 2, 8, 16, 17, 63}) {
    EXPECT_NE(drown<Args>(with_length(id(-taken) + list_of(2) + std::string(1, '\0'))).why, "")
        << taken;
  }
  EXPECT_NE(drown<Args>(type(std::int64_t{1} << 31, list_of(2))).why, "");
  EXPECT_NE(drown<Args>(type(INT64_MAX, list_of(2))).why, "");
  EXPECT_NE(drown<Args>(with_length(number(UINT64_MAX) + list_of(2))).why, "");
  for (const std::int64_t inner : {std::int64_t{0}, std::int64_t{-5}, std::int64_t{1} << 40}) {
    EXPECT_NE(drown<Args>(type(65, list_of(inner))).why, "") << inner;
    EXPECT_NE(drown<Args>(type(65, struct_of(1, field("a", inner)))).why, "") << inner;
  }
  EXPECT_THAT(drown<Args>(value(std::int64_t{1} << 31, "")).why,
              HasSubstr("of the type 2147483648"));
}

TEST(GobDefinitions, OfATypeThatIsThereAreRefused) {
  EXPECT_EQ(drown<Args>(type(65, list_of(2)) + type(65, list_of(2))).why,
            "gob: type 65 is defined twice");
}

TEST(GobDefinitions, OfNoKindOrTwoAreRefused) {
  EXPECT_THAT(drown<Args>(type(65, "")).why, HasSubstr("is empty"));
  EXPECT_THAT(drown<Args>(type(65, list_of(2) + unhex("02 00"))).why, HasSubstr("two kinds"));
  EXPECT_THAT(drown<Args>(type(65, unhex("08 00"))).why, HasSubstr("not known"));
  EXPECT_THAT(drown<Args>(type(65, unhex("02 00"))).why, HasSubstr("does not say what it holds"));
  EXPECT_THAT(drown<Args>(type(65, unhex("04 02 04 00"))).why, HasSubstr("does not say what"));
  EXPECT_THAT(drown<Args>(with_length(id(-65) + list_of(2) + unhex("00 00"))).why,
              HasSubstr("1 bytes follow the definition"));
}

TEST(GobDefinitions, WithNamesLongerThanTheyAreAreRefused) {
  for (const std::uint64_t size : {std::uint64_t{100}, std::uint64_t{100} << 30, UINT64_MAX}) {
    EXPECT_THAT(drown<Args>(type(65, unhex("03 01 01") + number(size))).why,
                HasSubstr("a name of"));
  }
}

TEST(GobDefinitions, ThatAreNotThereAreMissedByTheirValueOnly) {
  const std::string named = type(65, struct_of(2, field("A", 99) + field("B", 2)));
  const std::string stream = named + value(99, unhex("00")) + value(65, unhex("01 02 01 02 00")) +
                             value(65, unhex("02 06 00"));
  EXPECT_EQ(drown<Args>(stream).values, 3u);
  EXPECT_EQ(drown<Args>(stream).last, "");
  EXPECT_EQ(drown<Args>(stream).why, "");
}

// ---- lengths and counts

TEST(GobLengths, ThatLieAreRefusedOrWaitedForWithoutMemory) {
  for (int bits = 7; bits < 64; ++bits) {
    const std::uint64_t size = (std::uint64_t{1} << bits) - 1;
    const Outcome outcome = drown<Args>(number(size) + unhex("ff 81"));
    EXPECT_LE(outcome.growth, 4096u);
    if (bits > 28) {
      EXPECT_NE(outcome.why, "") << bits;
    }
    const std::string text = value(6, unhex("00") + number(size) + "text");
    EXPECT_NE(drown<std::string>(text).last, "");
    EXPECT_NE(drown<std::vector<std::string>>(type(65, list_of(6)) +
                                              value(65, unhex("00") + number(size)))
                  .last,
              "");
    EXPECT_NE((drown<std::map<std::string, std::int64_t>>(
                   type(65, map_of(6, 2)) + value(65, unhex("00") + number(size) + unhex("00")))
                   .last),
              "");
    // Passed over, as a field that is not ours.
    const std::string stranger = type(66, list_of(2)) + type(65, struct_of(1, field("l", 66)));
    EXPECT_THAT(drown<Args>(stranger + value(65, unhex("01") + number(size) + unhex("00"))).last,
                HasSubstr("at l: "));
  }
  EXPECT_NE(drown<Args>(unhex("00")).why, "");
  EXPECT_NE(drown<Args>(unhex("80")).why, "");
  EXPECT_NE(drown<Args>(unhex("01 ff")).why, "");
}

// A list of `count` messages that are all zero, a byte each.
std::string zero_messages(std::size_t count) {
  return type(65, struct_of(1, field("Text", 6))) + type(66, list_of(65)) +
         value(66, unhex("00") + number(count) + std::string(count, '\0'));
}

TEST(GobMemory, OfMoreThanTheBytesAreWorthIsRefusedBeforeItIsTaken) {
  const std::string many = zero_messages(1 << 20);
  for (const std::size_t sparse : {std::size_t{0}, std::size_t{64 * 1024}, std::size_t{1 << 20}}) {
    tern::Limits limits;
    limits.gob_decode_overhead_bytes = sparse;
    std::vector<Scalars> scalars;
    GobReceiver receiver(many);
    const HeapGrowth growth;
    const std::string why(receiver.read(scalars, limits.decode_gob()).message());
    // The receiver's copy of the bytes is in it.
    EXPECT_LE(growth.most(), many.size() + 64 * 1024);
    const std::size_t bytes = (1 << 20) + number(1 << 20).size();
    EXPECT_EQ(why, "the value needs " + std::to_string((1 << 20) * sizeof(Scalars)) +
                       " bytes of memory for the " + std::to_string(bytes) +
                       " that came; the limit is " + std::to_string(sparse + 8 * bytes) +
                       ", 8 for each and " + std::to_string(sparse) +
                       " (Limits::gob_decode_overhead_bytes)");
  }
}

TEST(GobMemory, OfListsThatAreMostlyEmptyIsGranted) {
  tern::Limits limits;
  std::vector<std::string> read;
  const std::vector<std::string> empty(10'000);
  EXPECT_TRUE(GobReceiver(GobSender().send(empty)).read(read, limits.decode_gob()).ok());
  EXPECT_EQ(read, empty);
  const std::vector<std::string> many(40'000);
  EXPECT_FALSE(GobReceiver(GobSender().send(many)).read(read, limits.decode_gob()).ok());
  // What a client grants a reply.
  EXPECT_TRUE(GobReceiver(GobSender().send(many)).read(read, limits.decode()).ok());
  EXPECT_EQ(read, many);
  std::vector<Scalars> scalars;
  EXPECT_TRUE(GobReceiver(zero_messages(4000)).read(scalars, limits.decode()).ok());
  EXPECT_EQ(scalars.size(), 4000u);
}

TEST(GobMemory, ThatRunningCallsHaveIsNotThereForOthers) {
  const std::vector<std::string> half(8'000);  // needs 191,976 beyond 8 times its bytes
  std::vector<std::string> read;
  const tern::Limits limits;
  GobReceiver receiver(GobSender().send(half));
  EXPECT_TRUE(receiver.read(read, limits.decode_gob(60'000)).ok());
  EXPECT_EQ(receiver.decoder().overhead_taken(), 8'000 * sizeof(std::string) - 8 * 8'003);
  EXPECT_THAT(
      GobReceiver(GobSender().send(half)).read(read, limits.decode_gob(80'000)).message(),
      HasSubstr("8 for each and 182144 (Limits::gob_decode_overhead_bytes, less what running calls "
                "have)"));
  EXPECT_FALSE(GobReceiver(GobSender().send(half)).read(read, limits.decode_gob(300'000)).ok());
  const std::vector<std::string> full(100, std::string(100, 'x'));
  GobReceiver dense(GobSender().send(full));
  EXPECT_TRUE(dense.read(read, limits.decode_gob(300'000)).ok());
  EXPECT_EQ(dense.decoder().overhead_taken(), 0u);
}

TEST(GobMemory, ThatIsRefusedSaysWhere) {
  tern::DecodeLimits limits;
  limits.decode_overhead_bytes = 0;
  Containers containers;
  containers.texts.resize(1000);
  Containers read;
  EXPECT_THAT(GobReceiver(GobSender().send(containers)).read(read, limits).message(),
              HasSubstr("at texts: the value needs "));
}

// ---- depth

TEST(GobDepth, OfTwoHundredIsReadAndNoMore) {
  const auto chain = [](std::size_t depth) {
    std::string bytes;
    for (std::size_t i = 1; i < depth; ++i) bytes += unhex("02");
    return bytes + std::string(depth, '\0');
  };
  on_small_stack([&] {
    const std::string tree = type(65, struct_of(2, field("Value", 2) + field("Next", 65)));
    EXPECT_EQ(drown<Tree>(tree + value(65, chain(199))).last, "");
    EXPECT_EQ(drown<Tree>(tree + value(65, chain(200))).last, "");
    for (const std::size_t depth : {201, 10'000, 2'000'000}) {
      EXPECT_THAT(drown<Tree>(tree + value(65, chain(depth))).last, HasSubstr("the limit is 200"));
    }
    // Skipped: one level is the message around it.
    const std::string strange = tree + type(66, struct_of(1, field("T", 65)));
    EXPECT_EQ(drown<Args>(strange + value(66, unhex("01") + chain(199) + unhex("00"))).last, "");
    for (const std::size_t depth : {200, 10'000, 2'000'000}) {
      EXPECT_THAT(drown<Args>(strange + value(66, unhex("01") + chain(depth) + unhex("00"))).last,
                  HasSubstr("the limit is 200"));
    }
  });
}

TEST(GobDepth, OfAListOfItselfIsBounded) {
  on_small_stack([] {
    const std::string list = type(65, list_of(65));
    const std::string bytes = unhex("00") + std::string(4'000'000, '\x01') + unhex("00");
    EXPECT_THAT(drown<Args>(list + type(66, struct_of(1, field("x", 65))) +
                            value(66, unhex("01") + bytes.substr(1)))
                    .last,
                HasSubstr("the limit is 200"));
    EXPECT_NE(drown<std::vector<std::vector<std::int64_t>>>(list + value(65, bytes)).last, "");
    // A map of itself to itself.
    const std::string map = type(65, map_of(65, 65)) + type(66, struct_of(1, field("x", 65)));
    EXPECT_THAT(drown<Args>(map + value(66, unhex("01") + std::string(4'000'000, '\x01'))).last,
                HasSubstr("the limit is 200"));
  });
}

TEST(GobDepth, OfInterfacesInInterfacesIsBounded) {
  on_small_stack([] {
    // interface{ name "n", type 65, length, struct{ interface{ …
    const std::string holder = type(65, struct_of(1, field("V", 8)));
    std::string bytes;
    for (int i = 0; i < 100'000; ++i) bytes += unhex("01 01 6e ff 82 05");
    EXPECT_THAT(drown<Args>(holder + value(65, bytes)).last, HasSubstr("the limit is 200"));
  });
}

TEST(GobDepth, OfAValueInPiecesHasTheLimitThatIsSet) {
  // A chain of 250 structs. In the last one is an interface with a new type: the message ends
  // behind its definition, and the value goes on with the next message.
  constexpr std::size_t kDepth = 250;
  const std::string chain = type(300, struct_of(2, field("V", 8) + field("Next", 300)));
  std::string front;
  for (std::size_t i = 1; i < kDepth; ++i) front += unhex("02");
  front += unhex("01 01 6e") + id(-301) + struct_of(1, field("N", 2)) + unhex("00");
  const std::string back = id(301) + unhex("03 01 02 00") + std::string(kDepth, '\0');
  const std::string stream =
      chain + value(300, front) + with_length(back) + encode(gob(), Args(1, 2));

  GobReceiver deep(stream, 1 << 22, 300);
  EXPECT_EQ(deep.read<tern::Nothing>(), tern::Nothing());
  EXPECT_EQ(deep.read<Args>(), Args(1, 2));

  GobReceiver flat(stream);
  EXPECT_EQ(flat.read<tern::Nothing>(), tern::Nothing());
  Args args;
  EXPECT_FALSE(flat.read(args).ok());
}

TEST(GobInterfaces, WhoseDefinitionsNeverEndAreBounded) {
  // Each message ends behind a new type, as if the value went on with the next one.
  std::string stream = type(65, list_of(8));
  stream += value(65, unhex("00 7f 01 6e") + id(-100) + list_of(2) + unhex("00"));
  for (int i = 101; i < 1000; ++i) stream += with_length(id(-i) + list_of(2) + unhex("00"));
  EXPECT_NE(drown<Args>(stream).last, "");
  for (const std::size_t piece : {1, 50}) {
    GobReceiver receiver("");
    for (std::size_t at = 0; at < 3000; at += piece) {
      receiver.feed(stream.substr(at, piece));
      while (receiver.receive() != nullptr) {
      }
    }
  }
}

// ---- damage

template <typename T>
void expect_survives_damage(std::uint32_t seed) {
  Filler filler(seed);
  for (int round = 0; round < 8; ++round) {
    const std::string good = encode(gob(), filler.make<T>(3)).substr(0, 2000);
    for (std::size_t size = 0; size < good.size(); ++size) drown<T>(good.substr(0, size));
    for (std::size_t at = 0; at < good.size(); ++at) {
      for (const int change : {1, 2, 0x10, 0x80, 0xff, static_cast<int>(filler.below(256))}) {
        std::string bad = good;
        bad[at] = static_cast<char>(bad[at] ^ change);
        drown<T>(bad);
      }
    }
  }
}

TEST(GobDamage, OfStreamsOfOursIsSurvived) {
  expect_survives_damage<Scalars>(1);
  expect_survives_damage<Containers>(2);
  expect_survives_damage<Choices>(3);
  expect_survives_damage<Tree>(4);
  expect_survives_damage<new_version::Event>(5);
}

TEST(GobDamage, RandomBytesAreSurvived) {
  std::mt19937 random(3);
  const std::string types = encode(gob(), Containers()) +
                            type(300, struct_of(2, field("I", 8) + field("M", 301))) +
                            type(301, map_of(300, 301));
  for (int i = 0; i < 20000; ++i) {
    std::string bytes(random() % 64, '\0');
    for (char& byte : bytes) byte = static_cast<char>(random() % 8 == 0 ? random() : random() % 4);
    drown<Containers>(bytes);
    drown<Containers>(types + value(65, bytes));
    drown<Tree>(types + value(300, bytes));
  }
}

}  // namespace
}  // namespace sample
