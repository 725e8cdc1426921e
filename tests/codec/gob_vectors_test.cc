// The bytes that a Go program wrote (data/gob_vectors.jsonl), read and written.
#include <set>

#include "gob_messages.h"
#include "gob_stream.h"
#include "gob_vectors.h"
#include "sample_messages.h"

namespace sample {
namespace {

using Bytes = std::vector<std::byte>;

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
    EXPECT_EQ(GobDescription(sent).text(), GobDescription(vectors_[name]).text());
    EXPECT_EQ(sent.size(), vectors_[name].size() - unnamed_[name]);
  }

  std::map<std::string, std::string> vectors_ = gob_vectors();
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
