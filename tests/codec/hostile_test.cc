// Bytes that no writer of ours sends: an error or some value, never a crash, and never more memory
// than the bytes are worth.
#include <cstdint>
#include <limits>

#include "codec_testing.h"
#include "filler.h"
#include "gob_stream.h"
#include "hostile.h"

namespace sample {
namespace {

using testing::HasSubstr;

std::string u32(std::uint32_t value) {
  std::string bytes;
  for (int shift = 0; shift < 32; shift += 8) {
    bytes.push_back(static_cast<char>(value >> shift & 0xff));
  }
  return bytes;
}

// How much the heap grew at most while `bytes` were decoded.
template <typename T>
std::size_t growth(const tern::Codec& codec, std::string_view bytes) {
  T value{};
  const HeapGrowth growth;
  (void)codec.decode(tern::type_ops<T>(), tern::as_bytes(bytes), &value, {}).ok();
  return growth.most();
}

// ---- every truncation, every changed byte

template <typename T>
void expect_survives_damage(const tern::Codec& codec, std::uint32_t seed) {
  Filler filler(seed);
  T reused{};
  for (int round = 0; round < 12; ++round) {
    const std::string good = encode(codec, filler.make<T>(3)).substr(0, 1500);
    for (std::size_t size = 0; size < good.size(); ++size) {
      T value{};
      if (decode_into(codec, good.substr(0, size), value).ok()) encode(codec, value);
    }
    for (std::size_t at = 0; at < good.size(); ++at) {
      for (const int change : {1, 2, 0x10, 0x80, 0xff, static_cast<int>(filler.below(256))}) {
        std::string bad = good;
        bad[at] = static_cast<char>(bad[at] ^ change);
        tern::Buffer again;
        if (decode_into(codec, bad, reused).ok()) {
          const tern::Status written = codec.encode(tern::type_ops<T>(), &reused, again);
          ASSERT_TRUE(written.ok() || &codec == &json()) << written.to_string();
        }
      }
    }
  }
}

TEST(Damage, OfNativeMessagesIsSurvived) {
  expect_survives_damage<Scalars>(native(), 1);
  expect_survives_damage<Containers>(native(), 2);
  expect_survives_damage<Choices>(native(), 3);
  expect_survives_damage<Tree>(native(), 4);
  expect_survives_damage<Sparse>(native(), 5);
}

TEST(Damage, OfJsonTextIsSurvived) {
  expect_survives_damage<Scalars>(json(), 1);
  expect_survives_damage<Containers>(json(), 2);
  expect_survives_damage<Choices>(json(), 3);
  expect_survives_damage<Tree>(json(), 4);
}

TEST(Damage, ATruncatedMessageOfRequiredFieldsIsRefused) {
  Filler filler(8);
  const std::string scalars = encode(native(), filler.make<Scalars>());
  for (std::size_t size = 0; size < scalars.size(); ++size) {
    EXPECT_NE(decode_failure<Scalars>(native(), scalars.substr(0, size)), "") << size;
  }
  const std::string text = encode(json(), filler.make<Containers>());
  for (std::size_t size = 0; size < text.size(); ++size) {
    EXPECT_NE(decode_failure<Containers>(json(), text.substr(0, size)), "") << size;
  }
}

TEST(Damage, RandomBytesAreSurvived) {
  std::mt19937 random(3);
  for (int i = 0; i < 20000; ++i) {
    std::string bytes(random() % 64, '\0');
    for (char& byte : bytes) byte = static_cast<char>(random() % 8 == 0 ? random() : random() % 4);
    for (const tern::Codec* codec : {&native(), &json()}) {
      Containers containers;
      (void)decode_into(*codec, bytes, containers);
      Tree tree;
      (void)decode_into(*codec, bytes, tree);
    }
  }
}

// ---- counts that lie

TEST(Counts, ThatDoNotFitInTheBytesAreRefusedWithoutMemory) {
  for (int bits = 7; bits <= 32; ++bits) {
    const auto count = static_cast<std::uint32_t>((std::uint64_t{1} << bits) - 1);
    const std::string bytes = u32(count) + std::string(64, '\0');
    EXPECT_THAT(decode_failure<std::vector<std::string>>(native(), bytes),
                HasSubstr("announces " + std::to_string(count)));
    EXPECT_LE(growth<std::vector<std::string>>(native(), bytes), 1024u) << bits;
    EXPECT_LE(growth<std::vector<Empty>>(native(), bytes), 1024u) << bits;
    EXPECT_LE(growth<std::vector<Point>>(native(), bytes), 1024u) << bits;
    EXPECT_LE((growth<std::map<std::int32_t, std::string>>(native(), bytes)), 1024u) << bits;
    // As the length of a string in a message, behind id and before kept.
    const std::string message = unhex("01 03") + u32(count) + std::string(64, '\0');
    EXPECT_LE(growth<Scalars>(native(), message), 1024u) << bits;
  }
}

TEST(Counts, OfElementsThatTakeNothingAreChargedForTheirLength) {
  const std::string bytes = u32(1u << 29) + std::string(16, '\0');
  EXPECT_THAT(decode_failure<std::vector<Empty>>(native(), bytes), HasSubstr("do not fit"));
}

TEST(Counts, ThatFitGetMemoryForWhatWasSent) {
  // 2,500 elements announced, in bytes that would hold them if they were as short as can be.
  const std::string bytes = u32(2500) + std::string(10000, '\0');
  EXPECT_LE(growth<std::vector<std::string>>(native(), bytes), 64 * 1024 + 8 * bytes.size());
  const std::string text = "[" + std::string(9999, '[');
  EXPECT_LE(growth<std::vector<std::vector<std::int64_t>>>(json(), text), 64 * 1024u);
}

// ---- elements that hold nothing

std::string repeated(std::string_view text, std::size_t times) {
  std::string all;
  for (std::size_t i = 0; i < times; ++i) all += text;
  return all;
}
std::string json_list(std::string_view element, std::size_t count) {
  std::string text = "[" + repeated(std::string(element) + ",", count);
  text.back() = ']';
  return text;
}
// Elements of an empty header each.
std::string native_list(std::size_t count) {
  return u32(static_cast<std::uint32_t>(count)) + repeated(unhex("01 00 00 00 00"), count);
}

template <typename T>
std::string failure_in(const tern::Codec& codec, std::string_view bytes, std::size_t sparse) {
  tern::DecodeLimits limits;
  limits.decode_overhead_bytes = sparse;
  T value{};
  return std::string(decode_into(codec, bytes, value, limits).message());
}

TEST(Memory, OfMoreThanTheBytesAreWorthIsRefusedBeforeItIsTaken) {
  const std::size_t count = 200'000;
  const std::string bytes = native_list(count);
  EXPECT_LE(growth<std::vector<Scalars>>(native(), bytes), 1024u);
  EXPECT_EQ(decode_failure<std::vector<Scalars>>(native(), bytes),
            "list<sample.Scalars> needs " + std::to_string(count * sizeof(Scalars)) +
                " bytes of memory for the 1000004 that came; the limit is " +
                std::to_string(8 * 1000004 + 1048576) +
                ", 8 for each and 1048576 (Limits::decode_overhead_bytes)");
  const std::string text = json_list("{}", count);
  EXPECT_LE(growth<std::vector<Scalars>>(json(), text), 3 * (8 * text.size() + 1048576));
  EXPECT_THAT(decode_failure<std::vector<Scalars>>(json(), text),
              testing::AllOf(HasSubstr(": the value needs "), HasSubstr("for the 600001 that came"),
                             HasSubstr("1048576 (Limits::decode_overhead_bytes)")));
}

TEST(Memory, OfListsThatAreMostlyEmptyIsGranted) {
  EXPECT_EQ(decode<std::vector<Scalars>>(native(), native_list(5000)).size(), 5000u);
  EXPECT_EQ(decode<std::vector<Scalars>>(json(), json_list("{}", 5000)).size(), 5000u);
  const std::vector<std::string> empty(100'000);
  EXPECT_EQ(decode<std::vector<std::string>>(json(), encode(json(), empty)), empty);
  EXPECT_EQ(failure_in<std::vector<std::string>>(native(), encode(native(), empty), 64), "");
}

TEST(Memory, IsTheSumOfAllListsAndMaps) {
  using Lists = std::vector<std::vector<Scalars>>;
  const std::size_t need = 20 * sizeof(std::vector<Scalars>) + 200 * sizeof(Scalars);
  const std::string text = json_list(json_list("{}", 10), 20);
  const std::string bytes = u32(20) + repeated(u32(4 + 50) + native_list(10), 20);
  for (const tern::Codec* codec : {&native(), &json()}) {
    const std::string& lists = codec == &native() ? bytes : text;
    const std::size_t spare = need - 8 * lists.size();
    EXPECT_EQ(failure_in<Lists>(*codec, lists, spare), "");
    EXPECT_THAT(failure_in<Lists>(*codec, lists, spare - 1),
                HasSubstr("needs " + std::to_string(need) + " bytes of memory"));
  }
  EXPECT_THAT(failure_in<Lists>(json(), text, need / 2 - 8 * text.size() - 1),
              HasSubstr("at [9][9]: the value needs "));
  using Map = std::map<std::int32_t, std::string>;
  Map map;
  for (int i = 0; i < 1000; ++i) map[i];
  for (const tern::Codec* codec : {&native(), &json()}) {
    EXPECT_EQ(failure_in<Map>(*codec, encode(*codec, map), 64 * 1024), "");
    EXPECT_THAT(failure_in<Map>(*codec, encode(*codec, map), 0), HasSubstr("needs "));
  }
}

TEST(Memory, DoesNotDependOnWhatAUsedValueHas) {
  tern::DecodeLimits limits;
  limits.decode_overhead_bytes = 0;
  for (const tern::Codec* codec : {&native(), &json()}) {
    std::vector<Scalars> used(1000);
    const std::string bytes = codec == &native() ? native_list(1000) : json_list("{}", 1000);
    EXPECT_FALSE(decode_into(*codec, bytes, used, limits).ok());
  }
}

TEST(Memory, OfMessagesThatHoldThemselvesIsCounted) {
  const std::string text = R"({"next":{"next":{}}})";
  EXPECT_EQ(failure_in<Tree>(json(), text, 2 * sizeof(Tree) - 8 * text.size()), "");
  EXPECT_THAT(failure_in<Tree>(json(), text, 0), HasSubstr("at next.next: the value needs "));
  const std::string bytes = unhex("01 0c 02 00 00 00 01 00");
  EXPECT_EQ(failure_in<Tree>(native(), bytes, sizeof(Tree) - 8 * bytes.size()), "");
  EXPECT_THAT(failure_in<Tree>(native(), bytes, 0), HasSubstr("sample.Tree needs "));
}

// ---- depth

std::string nested_text(std::size_t depth, std::string_view open, std::string_view close) {
  std::string text;
  for (std::size_t i = 0; i < depth; ++i) text += open;
  for (std::size_t i = 0; i < depth; ++i) text += close;
  return text;
}

// A chain of `depth` trees through `next`. Each ends with an empty list and an empty map, which
// are a level of their own.
std::string nested_tree(std::size_t depth) {
  const std::string tail = u32(4) + u32(0) + u32(4) + u32(0);
  std::string fronts;
  std::string backs;
  std::size_t size = 2 + 4 + tail.size();
  std::vector<std::size_t> sizes = {size};
  for (std::size_t i = 1; i < depth; ++i) sizes.push_back(size += 4 + 2 + 4 + tail.size());
  for (std::size_t i = depth - 1; i > 0; --i) {
    fronts += unhex("01 fd") + u32(0) + u32(static_cast<std::uint32_t>(sizes[i - 1]));
    backs += tail;
  }
  return fronts + unhex("01 f1") + u32(0) + tail + backs;
}

TEST(Depth, OfTwoHundredIsReadAndNoMore) {
  on_small_stack([] {
    EXPECT_EQ(decode_failure<Tree>(native(), nested_tree(199)), "");
    EXPECT_THAT(decode_failure<Tree>(native(), nested_tree(200)), HasSubstr("too deep"));
    EXPECT_THAT(decode_failure<Tree>(native(), nested_tree(10'000)), HasSubstr("too deep"));
    for (const std::size_t depth : {199, 200}) {
      std::string tree = "{}";
      for (std::size_t i = 1; i < depth; ++i) tree = R"({"next":)" + tree + "}";
      EXPECT_EQ(decode_failure<Tree>(json(), tree), "") << depth;
    }
    for (const std::size_t depth : {201, 10'000}) {
      std::string tree;
      for (std::size_t i = 0; i < depth; ++i) tree += R"({"next":)";
      EXPECT_THAT(decode_failure<Tree>(json(), tree), HasSubstr("the limit is 200")) << depth;
    }
  });
}

TEST(Depth, OfListsAndMapsCountsToo) {
  on_small_stack([] {
    struct Shape {
      std::string open, innermost, close;
    };
    const Shape shapes[] = {{R"({"children":[)", R"({"children":[]})", "]}"},
                            {R"({"named":{"k":)", R"({"named":{}})", "}}"}};
    for (const Shape& shape : shapes) {
      std::string text = shape.innermost;
      for (int i = 0; i < 99; ++i) text = shape.open + text + shape.close;
      EXPECT_EQ(decode_failure<Tree>(json(), text), "") << text;
      EXPECT_THAT(decode_failure<Tree>(json(), shape.open + text + shape.close),
                  HasSubstr("the limit is 200"));
    }
  });
}

// A list and the messages in it are two levels.
TEST(Depth, OfATreeOfAHundredLevelsIsReadInEveryCodec) {
  on_small_stack([] {
    for (const std::size_t levels : {99, 100}) {
      Tree tree;
      for (std::size_t i = 1; i < levels; ++i) {
        Tree above;
        above.children.push_back(std::move(tree));
        tree = std::move(above);
      }
      for (const tern::Codec* codec : {&native(), &json(), &gob()}) {
        EXPECT_EQ(decode<Tree>(*codec, encode(*codec, tree)), tree) << codec->name();
      }
      Tree more;
      more.children.push_back(std::move(tree));
      Tree most;
      most.children.push_back(std::move(more));
      for (const tern::Codec* codec : {&native(), &json(), &gob()}) {
        EXPECT_THAT(decode_failure<Tree>(*codec, encode(*codec, most)), HasSubstr("too deep"));
      }
    }
  });
}

TEST(Depth, OfSkippedValuesCountsToo) {
  on_small_stack([] {
    const auto skipped = [](std::size_t depth) {
      return R"({"unknown":)" + nested_text(depth, "[", "]") + "}";
    };
    EXPECT_EQ(decode_failure<Args>(json(), skipped(199)), "");
    EXPECT_THAT(decode_failure<Args>(json(), skipped(200)), HasSubstr("the limit is 200"));
    EXPECT_THAT(decode_failure<Args>(json(), skipped(10'000)), HasSubstr("the limit is 200"));
    EXPECT_THAT(decode_failure<Args>(json(), skipped(5'000'000)), HasSubstr("the limit is 200"));
    EXPECT_THAT(decode_failure<Args>(json(), std::string(5'000'000, '[')),
                HasSubstr("expected an object"));
    const std::string tree = nested_tree(10'000);
    const std::string unknown =
        unhex("01 03") + u32(static_cast<std::uint32_t>(tree.size())) + tree;
    EXPECT_EQ(decode_failure<Empty>(native(), unknown), "");
  });
}

TEST(Depth, IsWhatTheLimitSays) {
  tern::DecodeLimits limits;
  limits.depth = 3;
  std::vector<std::vector<std::int64_t>> lists;
  EXPECT_TRUE(decode_into(json(), "[[1]]", lists, limits).ok());
  EXPECT_TRUE(decode_into(native(), encode(native(), lists), lists, limits).ok());
  limits.depth = 1;
  EXPECT_FALSE(decode_into(json(), "[[1]]", lists, limits).ok());
  EXPECT_FALSE(decode_into(native(), encode(native(), lists), lists, limits).ok());
  std::vector<std::int64_t> flat;
  EXPECT_TRUE(decode_into(json(), "[1]", flat, limits).ok());
  EXPECT_TRUE(decode_into(native(), encode(native(), flat), flat, limits).ok());
}

}  // namespace
}  // namespace sample
