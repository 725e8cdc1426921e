// Shapes of types, the walk, and the tables that lead to both.
#include <optional>

#include "codec_testing.h"
#include "sample_messages.h"
#include "tern/codegen/type_ops_of.h"
#include "tern/codegen/type_shape.h"

namespace sample {

// Counts how often its fields are visited.
struct Counted {
  static constexpr std::string_view kTypeName = "sample.Counted";
  static constexpr std::array<tern::Field, 8> kFields{
      {{1, "a"}, {2, "b"}, {3, "c"}, {4, "d"}, {5, "e"}, {6, "f"}, {7, "g"}, {8, "h"}}};
  static inline int visits = 0;

  std::int64_t values[7] = {};
  std::vector<Counted> inner;

  Counted() = default;

  template <typename Self, typename Visitor>
  static constexpr bool visit_fields(Self& self, Visitor& visit) {
    if (!std::is_constant_evaluated()) ++visits;
    return visit(kFields[0], self.values[0]) && visit(kFields[1], self.values[1]) &&
           visit(kFields[2], self.values[2]) && visit(kFields[3], self.values[3]) &&
           visit(kFields[4], self.values[4]) && visit(kFields[5], self.values[5]) &&
           visit(kFields[6], self.values[6]) && visit(kFields[7], self.inner);
  }
};

namespace {

using testing::ElementsAre;

TEST(Shape, NamesEveryType) {
  EXPECT_EQ(tern::type_ops<std::int64_t>().name, "int64");
  EXPECT_EQ(tern::type_ops<tern::codec::Bytes>().name, "bytes");
  EXPECT_EQ(tern::type_ops<Args>().name, "arith.Args");
  EXPECT_EQ((tern::type_ops<std::vector<std::map<std::string, std::int64_t>>>().name),
            "list<map<string, int64>>");
  EXPECT_EQ(tern::type_ops<tern::Nothing>().name, "nothing");
}

TEST(Shape, HasTheFieldsInOrderOfNumber) {
  const tern::TypeShape& shape = *tern::type_ops<Choices>().shape;
  EXPECT_EQ(shape.kind, tern::Kind::kStruct);
  std::vector<int> numbers;
  std::vector<int> unions;
  for (const tern::FieldShape& field : shape.fields) {
    numbers.push_back(field.field.number);
    unions.push_back(field.union_index);
  }
  EXPECT_THAT(numbers, ElementsAre(1, 2, 3, 4, 6, 7, 8, 9, 10, 11, 20));
  EXPECT_THAT(unions, ElementsAre(0, 0, 0, 0, 1, 1, 0, 2, 1, 0, 2));
  EXPECT_EQ(shape.fields[0].presence, tern::Presence::kOptional);
  EXPECT_EQ(shape.fields[0].type->kind, tern::Kind::kString);
  EXPECT_EQ(shape.fields[4].presence, tern::Presence::kUnion);
  EXPECT_EQ(shape.fields[4].type, tern::type_ops<Circle>().shape);
  EXPECT_EQ(shape.fields[6].presence, tern::Presence::kAlways);
}

TEST(Shape, OfARecursiveMessageLeadsBackToItself) {
  const tern::TypeShape& tree = *tern::type_ops<Tree>().shape;
  EXPECT_EQ(tree.fields[1].type, &tree);
  EXPECT_EQ(tree.fields[2].type->kind, tern::Kind::kList);
  EXPECT_EQ(tree.fields[2].type->element, &tree);
  EXPECT_EQ(tree.fields[3].type->key->kind, tern::Kind::kString);
  EXPECT_EQ(tree.fields[3].type->element, &tree);
}

TEST(TypeOps, MakesCopiesAndEndsValues) {
  const tern::TypeOps& ops = tern::type_ops<Args>();
  void* made = ops.create();
  EXPECT_EQ(*static_cast<Args*>(made), Args());
  static_cast<Args*>(made)->A = 5;
  void* copy = ops.clone(made);
  EXPECT_EQ(*static_cast<Args*>(copy), Args(5, 0));
  ops.destroy(made);
  ops.destroy(copy);
}

// Writes the calls of a walk down.
class Recorder : public tern::ValueWriter {
 public:
  std::vector<std::string> calls;

  bool boolean(bool) override { return add("boolean"); }
  bool integer(std::int64_t value) override { return add(std::to_string(value)); }
  bool unsigned_integer(std::uint64_t) override { return add("unsigned"); }
  bool float32(float) override { return add("float32"); }
  bool float64(double) override { return add("float64"); }
  bool string(std::string_view value) override {
    if (value == "stop") return fail("stopped");
    return add("string " + std::string(value));
  }
  bool bytes(tern::ByteView) override { return add("bytes"); }
  bool timestamp(tern::Timestamp) override { return add("timestamp"); }
  bool duration(tern::Duration) override { return add("duration"); }
  bool enumerator(std::int32_t value, std::string_view name) override {
    return add("enumerator " + std::to_string(value) + " " + std::string(name));
  }
  bool begin_list(std::size_t count) override { return add("list " + std::to_string(count)); }
  bool end_list() override { return add("end"); }
  bool begin_map(std::size_t count) override { return add("map " + std::to_string(count)); }
  bool end_map() override { return add("end"); }
  bool begin_struct(const tern::TypeShape& shape, std::size_t present) override {
    return add(std::string(shape.name) + " " + std::to_string(present));
  }
  bool field(const tern::Field& field) override { return add(std::string(field.name)); }
  bool end_struct() override { return add("end"); }

 private:
  bool add(std::string call) {
    calls.push_back(std::move(call));
    return true;
  }
};

TEST(Walk, AnnouncesWhatIsThereFromTheOutsideIn) {
  Choices value;
  value.count = 3;
  value.body.emplace<1>(Circle({1, 2}, 0.5));
  value.tags = {"a"};
  Recorder recorder;
  ASSERT_TRUE(tern::type_ops<Choices>().write(&value, recorder));
  EXPECT_THAT(recorder.calls,
              ElementsAre("sample.Choices 4", "count", "3", "circle", "sample.Circle 2", "center",
                          "sample.Point 2", "x", "1", "y", "2", "end", "radius", "float64", "end",
                          "id", "0", "tags", "list 1", "string a", "end", "end"));
}

TEST(Walk, AnnouncesKeysThroughTheScalarsUnlessTheWriterWantsOtherwise) {
  const std::map<std::int32_t, std::string> value = {{-1, "x"}};
  Recorder recorder;
  ASSERT_TRUE((tern::type_ops<std::map<std::int32_t, std::string>>().write(&value, recorder)));
  EXPECT_THAT(recorder.calls, ElementsAre("map 1", "-1", "string x", "end"));
}

TEST(Walk, AnnouncesEachNumberOfAListUnlessTheWriterWantsThemAll) {
  const std::vector<std::int32_t> value = {1, 2};
  Recorder recorder;
  ASSERT_TRUE(tern::type_ops<std::vector<std::int32_t>>().write(&value, recorder));
  EXPECT_THAT(recorder.calls, ElementsAre("list 2", "1", "2", "end"));
}

// Takes lists of int32 whole, and no number over 9 anywhere.
class ListWriter final : public Recorder {
 public:
  using Recorder::list;
  bool list(std::span<const std::int32_t> values) override {
    calls.push_back(std::to_string(values.size()) + " numbers");
    return true;
  }
  bool integer(std::int64_t value) override { return value <= 9 || fail("over 9"); }
};

TEST(Walk, HandsAListOfNumbersOverWhole) {
  const std::vector<std::int32_t> value = {1, 2, 30};
  ListWriter writer;
  ASSERT_TRUE(tern::type_ops<std::vector<std::int32_t>>().write(&value, writer));
  EXPECT_THAT(writer.calls, ElementsAre("3 numbers"));
}

TEST(Walk, SaysAtWhichNumberOfAListItFailed) {
  const std::vector<std::int64_t> value = {1, 2, 30};
  ListWriter writer;
  EXPECT_FALSE(tern::type_ops<std::vector<std::int64_t>>().write(&value, writer));
  EXPECT_EQ(writer.failure().status().message(), "at [2]: over 9");
}

// Hands out a list of 1, 2, 3 and so on: of as many as it is told.
class CountingReader final : public tern::ValueReader {
 public:
  explicit CountingReader(std::int64_t count, std::int64_t step = 1)
      : ValueReader(tern::DecodeLimits()), count_(count), step_(step) {}

  bool boolean(bool&) override { return fail("no list"); }
  bool integer(std::int64_t& out, int) override {
    out = at_++ * step_;
    return true;
  }
  bool unsigned_integer(std::uint64_t&, int) override { return fail("no list"); }
  bool float32(float&) override { return fail("no list"); }
  bool float64(double& out) override {
    out = static_cast<double>(at_++ * step_);
    return true;
  }
  bool string(std::string&) override { return fail("no list"); }
  bool bytes(std::vector<std::byte>&) override { return fail("no list"); }
  bool timestamp(tern::Timestamp&) override { return fail("no list"); }
  bool duration(tern::Duration&) override { return fail("no list"); }
  bool enumerator(std::int32_t&, std::string_view&) override { return fail("no list"); }
  bool begin_list(std::size_t& count) override {
    count = 0;
    return true;
  }
  bool next_element() override { return at_ <= count_; }
  bool begin_map(std::size_t&) override { return fail("no list"); }
  bool next_entry() override { return false; }
  bool begin_struct(const tern::TypeShape&) override { return fail("no list"); }
  bool next_field(const tern::TypeShape&, std::size_t&) override { return false; }

 private:
  std::int64_t at_ = 1;
  std::int64_t count_;
  std::int64_t step_;
};

TEST(Walk, AsksForEachNumberOfAListUnlessTheReaderHasThemAll) {
  CountingReader reader(3);
  std::vector<double> value = {7, 7, 7, 7};
  ASSERT_TRUE(tern::type_ops<std::vector<double>>().read(&value, reader));
  EXPECT_THAT(value, ElementsAre(1, 2, 3));
}

TEST(Walk, RefusesANumberInAListThatDoesNotFit) {
  CountingReader reader(3, 1'000'000'000);
  std::vector<std::int32_t> value;
  EXPECT_FALSE(tern::type_ops<std::vector<std::int32_t>>().read(&value, reader));
  EXPECT_EQ(reader.failure().status().message(), "at [2]: 3000000000 does not fit in int32");
}

TEST(Walk, EndsAtTheFirstFailureAndSaysWhere) {
  Containers value;
  value.texts = {"go on", "stop", "go on"};
  Recorder recorder;
  EXPECT_FALSE(tern::type_ops<Containers>().write(&value, recorder));
  EXPECT_EQ(recorder.calls.back(), "string go on");
  EXPECT_EQ(recorder.failure().status().message(), "at texts[1]: stopped");
}

TEST(Walk, ReadsFieldsInOrderInOnePass) {
  Counted value;
  Counted::visits = 0;
  ASSERT_TRUE(
      decode_into(json(), R"({"a":1,"b":1,"c":1,"d":1,"e":1,"f":1,"g":1,"h":[]})", value).ok());
  EXPECT_EQ(Counted::visits, 1);
  ASSERT_TRUE(
      decode_into(json(), R"({"h":[],"g":1,"f":1,"e":1,"d":1,"c":1,"b":1,"a":1})", value).ok());
  EXPECT_EQ(Counted::visits, 1 + 8);
}

// A message is walked a fixed number of times, however deep it lies.
TEST(Native, TakesTimeInProportionToTheSize) {
  for (const int depth : {1, 10, 40}) {
    Counted value;
    for (int i = 1; i < depth; ++i) {
      Counted outer;
      outer.inner.push_back(std::move(value));
      value = std::move(outer);
    }
    Counted::visits = 0;
    const std::string bytes = encode(native(), value);
    EXPECT_EQ(Counted::visits, 2 * depth);
    Counted::visits = 0;
    decode<Counted>(native(), bytes);
    EXPECT_EQ(Counted::visits, depth);
  }
}

TEST(CodecRegistry, KnowsTheBuiltInCodecs) {
  const tern::CodecRegistry registry;
  EXPECT_EQ(registry.find("application/x-tern"), &tern::native_codec());
  EXPECT_EQ(registry.find("application/x-tern+json"), &tern::json_codec());
  EXPECT_EQ(registry.find("application/xml"), nullptr);
  EXPECT_EQ(registry.names(), "application/x-tern, application/x-tern+json, application/proto");
}

class OtherCodec final : public tern::Codec {
 public:
  explicit OtherCodec(std::string_view name) : name_(name) {}
  std::string_view name() const noexcept override { return name_; }
  tern::Status encode(const tern::TypeOps&, const void*, tern::Buffer&) const override {
    return {};
  }
  tern::Status decode(const tern::TypeOps&, tern::ByteView, void*,
                      const tern::DecodeLimits&) const override {
    return {};
  }

 private:
  std::string_view name_;
};

TEST(CodecRegistry, AddsACodecOrReplacesTheOneOfItsName) {
  tern::CodecRegistry registry;
  const auto own = std::make_shared<OtherCodec>("own");
  const auto json_of_mine = std::make_shared<OtherCodec>("application/x-tern+json");
  registry.add(own);
  registry.add(json_of_mine);
  EXPECT_EQ(registry.find("own"), own.get());
  EXPECT_EQ(registry.find("application/x-tern+json"), json_of_mine.get());
  EXPECT_EQ(registry.names(),
            "application/x-tern, application/x-tern+json, application/proto, own");
}

}  // namespace
}  // namespace sample
