// The bytes that a Go program wrote (data/gob_vectors.jsonl), read and written.
//
// Type ids are the sender's choice, and Go's come from a counter of the whole program. So streams
// are compared by what they say, message by message: a definition by its kind, names and types,
// which are numbered as they appear; a value by its type's number and its bytes, to the last one.
#include <fstream>
#include <set>

#include "codec/gob_number.h"
#include "codec/gob_types.h"
#include "gob_messages.h"
#include "gob_stream.h"
#include "sample_messages.h"

namespace sample {
namespace {

using Bytes = std::vector<std::byte>;

std::string member(const std::string& line, const std::string& key) {
  const std::string before = "\"" + key + "\":\"";
  const std::size_t at = line.find(before);
  if (at == std::string::npos) return "";
  const std::size_t start = at + before.size();
  return line.substr(start, line.find('"', start) - start);
}

// The bytes of each vector, by name.
std::map<std::string, std::string> vectors() {
  std::ifstream in(TERN_TEST_DATA "/gob_vectors.jsonl");
  std::map<std::string, std::string> found;
  for (std::string line; std::getline(in, line);) {
    found[member(line, "name")] = unhex(member(line, "hex"));
  }
  return found;
}

class Description {
 public:
  explicit Description(std::string_view stream) {
    tern::ByteView in = tern::as_bytes(stream);
    while (!in.empty()) {
      const std::uint64_t size = number(in);
      message(in.first(size));
      in = in.subspan(size);
    }
  }
  const std::string& text() const { return text_; }

 private:
  static std::uint64_t number(tern::ByteView& in) {
    std::uint64_t value = 0;
    const std::byte* at = tern::codec::take_gob_uint(in.data(), in.data() + in.size(), value);
    if (at == nullptr) throw std::runtime_error("no number");
    in = in.subspan(static_cast<std::size_t>(at - in.data()));
    return value;
  }
  std::string type(std::int32_t id) {
    if (id < 64) return std::to_string(id);
    return "#" + std::to_string(numbers_.try_emplace(id, numbers_.size()).first->second);
  }
  void message(tern::ByteView in) {
    const auto id = static_cast<std::int32_t>(tern::codec::gob_unfolded(number(in)));
    if (id > 0) {
      text_ += "value " + type(id) + ": " + hex(in) + "\n";
      return;
    }
    std::size_t size = 0;
    const tern::Status status = types_.define(id, in, size);
    if (!status.ok() || size != in.size()) throw std::runtime_error("no definition");
    const tern::codec::GobType& defined = *types_.find(-id);
    text_ += "type " + type(-id) + " kind " + std::to_string(static_cast<int>(defined.kind));
    if (defined.kind == tern::codec::GobKind::kStruct) text_ += " " + std::string(defined.name());
    text_ += " of " + type(defined.key) + " " + type(defined.element);
    for (const tern::codec::GobField& field : defined.fields) {
      text_ += ", " + std::string(defined.name(field)) + " " + type(field.type);
    }
    text_ += "\n";
  }

  tern::codec::GobTypes types_;
  std::map<std::int32_t, std::size_t> numbers_;
  std::string text_;
};

class GobVectors : public testing::Test {
 protected:
  // The vector holds these values, and these values make the vector.
  template <typename... T>
  void expect(const std::string& name, const T&... values) {
    SCOPED_TRACE(name);
    ASSERT_TRUE(vectors_.contains(name));
    seen_.insert(name);
    GobReceiver receiver(vectors_[name]);
    const auto expect_next = [&receiver](const auto& value) {
      EXPECT_EQ(receiver.read<std::remove_cvref_t<decltype(value)>>(), value);
    };
    (expect_next(values), ...);
    EXPECT_EQ(receiver.left(), 0u);
    GobSender sender;
    std::string sent;
    ((sent += sender.send(values)), ...);
    EXPECT_EQ(Description(sent).text(), Description(vectors_[name]).text());
    EXPECT_EQ(sent.size(), vectors_[name].size() - unnamed_[name]);
  }

  std::map<std::string, std::string> vectors_ = vectors();
  std::set<std::string> seen_;
  // Go gives the list inside a recursive type a name, "[]main.Tree", which no other list has: with
  // its length and delta so many bytes.
  std::map<std::string, std::size_t> unnamed_ = {{"recursive", 13}};
};

TEST_F(GobVectors, AreReadAndWrittenToTheByte) {
  expect("struct", Args(7, 8));
  expect("struct twice: the type is sent once", Args(7, 8), Args(-1, 300));
  expect("zero fields are left out", Args(0, 8));
  expect("all fields zero", Args(0, 0));
  expect("empty struct (net/rpc's body of an error reply)", tern::Nothing());
  expect<std::int64_t>("int", 56);
  expect<std::int64_t>("int negative", -129);
  expect<std::int64_t, std::int64_t>("int64 max, min", INT64_MAX, INT64_MIN);
  expect<std::uint64_t>("uint64 max", UINT64_MAX);
  expect("bool", true);
  expect("float64", 17.0);
  expect<std::string>("string", "h\xc3\xa9llo");
  expect("bytes", Bytes{std::byte{0}, std::byte{1}, std::byte{255}});
  expect("list of strings", std::vector<std::string>{"k", "v"});
  expect("list of int32", std::vector<std::int32_t>{1, -2, 300000});
  expect("map", std::map<std::string, std::int64_t>{{"a", 1}});
  expect("nested", std::map<std::int32_t, go::Inner>{{3, go::Inner(1.5, -2, "p")}});
  expect("list of lists", std::vector<std::vector<std::int64_t>>{{1}, {}, {2, 3}});
  expect("recursive", go::Tree(1, {go::Tree(2), go::Tree(3, {go::Tree(4)})}));
  expect("net/rpc request header and body", go::Request("Arith.Multiply", 0), Args(7, 8));
  expect("two net/rpc requests", go::Request("Arith.Multiply", 0), Args(7, 8),
         go::Request("Arith.Divide", 1), Args(17, 5));
  expect("net/rpc reply", go::Response("Arith.Multiply", 0, ""), std::int64_t{56});
  expect("net/rpc error reply", go::Response("Arith.Divide", 1, "divide by zero"), tern::Nothing());
  const std::string geerpc = "GeeRPC header and body (after the Option)";
  vectors_.at(geerpc);
  EXPECT_EQ(seen_.size() + 1, vectors_.size());
}

// Its header is called Header where net/rpc's is a Response; names of types mean nothing.
TEST_F(GobVectors, OfGeeRpcAreRead) {
  GobReceiver receiver(vectors_.at("GeeRPC header and body (after the Option)"));
  EXPECT_EQ(receiver.read<go::Response>(), go::Response("Foo.Sum", 1, ""));
  EXPECT_EQ(receiver.read<go::Numbers>(), go::Numbers(1, 2));
}

TEST_F(GobVectors, CutAnywhereEndBeforeTheirLastValue) {
  for (const auto& [name, bytes] : vectors_) {
    for (std::size_t size = 0; size < bytes.size(); ++size) {
      GobReceiver whole(bytes);
      int values = 0;
      while (whole.receive() != nullptr) ++values;
      GobReceiver cut(bytes.substr(0, size));
      while (cut.receive() != nullptr) --values;
      EXPECT_GT(values, 0) << name << " " << size;
      EXPECT_EQ(cut.why(), "") << name << " " << size;
    }
  }
}

}  // namespace
}  // namespace sample
