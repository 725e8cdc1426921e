// Messages that Google's protobuf reads and writes, with the .proto files of `rpcgen proto`.
#include <gtest/gtest.h>

#include <string>

#include "codec/filler.h"
#include "everything.rpc.h"
#include "protobuf_types.h"
#include "recursion.rpc.h"
#include "tern/codec.h"
#include "tern/codegen/type_ops_of.h"

namespace tern::test {
namespace {

namespace all = ::tests::everything;

ProtobufTypes& types() {
  static ProtobufTypes loaded(TERN_PROTO_TYPES);
  return loaded;
}

template <typename T>
std::string encoded(const T& value) {
  Buffer out;
  const Status status = proto_codec().encode(type_ops<T>(), &value, out);
  EXPECT_TRUE(status.ok()) << status.to_string();
  return std::string(as_text(out.view()));
}

template <typename T>
class Exchange : public testing::Test {};

using Messages =
    testing::Types<all::Scalars, all::Optionals, all::Lists, all::Maps, all::Forms, all::Defaults,
                   all::Renamed, all::Key, all::Keywords, all::Reserved, all::Empty, all::Shape,
                   all::Tree, all::Husband, all::Folder, all::Forward, all::Broken>;
TYPED_TEST_SUITE(Exchange, Messages);

// Each value goes there and comes back, and is the same bytes: both write fields in order.
TYPED_TEST(Exchange, OfRandomValuesBothWays) {
  sample::Filler filler(20261130);
  TypeParam reused{};
  for (int i = 0; i < TERN_PROTO_VALUES_OF_EACH; ++i) {
    const auto value = filler.make<TypeParam>(3);
    const std::string bytes = encoded(value);
    const ProtobufTypes::Outcome theirs = types().pass(std::string(TypeParam::kTypeName), bytes);
    ASSERT_EQ(theirs.error, "") << i;
    ASSERT_FALSE(theirs.has_unknown) << i << ": " << theirs.text;
    ASSERT_EQ(theirs.bytes, bytes) << i << ": " << theirs.text;
    const Status status =
        proto_codec().decode(type_ops<TypeParam>(), as_bytes(theirs.bytes), &reused, {});
    ASSERT_TRUE(status.ok()) << i << ": " << status.to_string();
    ASSERT_EQ(reused, value) << i << ": " << theirs.text;
  }
}

// What an older program passes on is to Google's protobuf what the newer one has written.
TEST(KeptUnknown, IsReadByTheNewerSchema) {
  sample::Filler filler(20261201);
  recursion::Relayed relayed;
  for (int i = 0; i < TERN_PROTO_VALUES_OF_EACH; ++i) {
    const auto newer = filler.make<recursion::Newer>(3);
    const std::string bytes = encoded(newer);
    const Status status =
        proto_codec().decode(type_ops<recursion::Relayed>(), as_bytes(bytes), &relayed, {});
    ASSERT_TRUE(status.ok()) << status.to_string();
    const std::string passed_on = encoded(relayed);
    const ProtobufTypes::Outcome here = types().pass("recursion.Newer", bytes);
    const ProtobufTypes::Outcome there = types().pass("recursion.Newer", passed_on);
    ASSERT_EQ(there.error, "") << i;
    ASSERT_FALSE(there.has_unknown) << i;
    ASSERT_EQ(there.text, here.text) << i;
    ASSERT_EQ(there.bytes, here.bytes) << i;
    // Google's keeps the same of it, as the older schema has it.
    const ProtobufTypes::Outcome older = types().pass("recursion.Relayed", bytes);
    ASSERT_EQ(types().pass("recursion.Newer", older.bytes).text, there.text) << i;
  }
}

}  // namespace
}  // namespace tern::test
