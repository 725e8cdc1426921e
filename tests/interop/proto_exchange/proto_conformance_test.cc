// What protobuf's conformance suite asks of a binary reader and writer of proto3, with Google's
// library as the judge: what it refuses is refused, and what it accepts is written as it writes it.
#include <gtest/gtest.h>

#include <iostream>
#include <string>

#include "everything.rpc.h"
#include "protobuf_types.h"
#include "tern/codec.h"
#include "tern/codegen/type_ops_of.h"
#include "wire_cases.h"

namespace tern::test {
namespace {

namespace all = ::tests::everything;

ProtobufTypes& types() {
  static ProtobufTypes linked;
  return linked;
}

struct Answer {
  std::string error;
  std::string bytes;
};

template <typename T>
Answer ours(const std::string& bytes, T& value) {
  const Status read = proto_codec().decode(type_ops<T>(), as_bytes(bytes), &value, {});
  if (!read.ok()) return {read.to_string(), ""};
  Buffer out;
  const Status written = proto_codec().encode(type_ops<T>(), &value, out);
  return {written.ok() ? "" : written.to_string(), std::string(as_text(out.view()))};
}

std::string hex(const std::string& bytes) {
  std::string out;
  for (const char c : bytes.substr(0, 200)) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    const auto byte = static_cast<unsigned char>(c);
    out += {kDigits[byte >> 4], kDigits[byte & 15], ' '};
  }
  return out;
}

template <typename T>
class ProtoConformance : public testing::Test {};

// Not among them: messages with defaults, which have them where protobuf has zeros.
using Messages = testing::Types<all::Scalars, all::Optionals, all::Lists, all::Maps, all::Forms,
                                all::Shape, all::Tree, all::Key, all::Folder, all::Empty>;
TYPED_TEST_SUITE(ProtoConformance, Messages);

TYPED_TEST(ProtoConformance, AcceptsRefusesAndWritesAsProtobufDoes) {
  const std::string name = "judge" + std::string(TypeParam::kTypeName.substr(5));  // not "tests"
  const auto* type = types().find(name);
  ASSERT_NE(type, nullptr);
  TypeParam used{};
  int accepted = 0;
  int refused = 0;
  int stricter = 0;
  int wrong = 0;
  for (const WireCase& one : wire_cases(*type)) {
    TypeParam fresh{};
    const Answer answer = ours(one.bytes, fresh);
    // The suite, newer than the library, wants such tags refused, and has no such varints.
    if (one.has_too_many_bits) {
      ++stricter;
      EXPECT_NE(answer.error, "") << one.name << ": " << hex(one.bytes);
      continue;
    }
    const ProtobufTypes::Outcome theirs = types().pass_whole(name, one.bytes);
    ++(theirs.error.empty() ? accepted : refused);
    if (answer.error.empty() == theirs.error.empty() && answer.bytes == theirs.bytes) {
      // A message that was read into before is read as a new one.
      EXPECT_EQ(ours(one.bytes, used).bytes, answer.bytes) << one.name;
      continue;
    }
    if (++wrong > 20) continue;
    ADD_FAILURE() << one.name << ": " << hex(one.bytes) << "\n  protobuf: " << theirs.error
                  << hex(theirs.bytes) << "\n  ours: " << answer.error << hex(answer.bytes);
  }
  std::cout << name << ": " << accepted << " accepted, " << refused << " refused as by protobuf, "
            << stricter << " refused by us alone, " << wrong << " wrong\n";
  EXPECT_GT(accepted, 50);
  EXPECT_GT(refused, 50);
  EXPECT_EQ(wrong, 0);
}

}  // namespace
}  // namespace tern::test
