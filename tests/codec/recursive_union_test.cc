// Messages that contain themselves through a union, in every codec.
#include <cstdint>
#include <utility>

#include "every_codec.h"
#include "hostile.h"
#include "recursion.rpc.h"

namespace recursion {
namespace {

using sample::codec_of;
using sample::decode;
using sample::decode_failure;
using sample::decode_into;
using sample::encode;
using testing::HasSubstr;

Term literal(std::int64_t value) {
  Term term;
  term.set_literal(value);
  return term;
}

// 7 behind `levels` minus signs.
Term negated(std::size_t levels) {
  Term term = literal(7);
  for (; levels > 0; --levels) {
    Term outer;
    outer.set_negated(std::move(term));
    term = std::move(outer);
  }
  return term;
}

class RecursiveUnion : public testing::TestWithParam<sample::Which> {
 protected:
  const tern::Codec& codec() const { return codec_of(GetParam()); }
};

TEST_P(RecursiveUnion, ComesBackWithEveryMember) {
  Term all;
  all.note = "all";
  all.set_call({literal(0), negated(3), Term()}).emplace_back().set_sum({negated(1), literal(-2)});
  EXPECT_EQ(decode<Term>(codec(), encode(codec(), all)), all);
}

TEST_P(RecursiveUnion, IsReadIntoAMessageThatHoldsAnother) {
  for (const Term& before : {Term(), literal(1), negated(1), negated(5)}) {
    for (const Term& after : {Term(), literal(2), negated(1), negated(2)}) {
      Term term = before;
      ASSERT_TRUE(decode_into(codec(), encode(codec(), after), term).ok());
      EXPECT_EQ(term, after);
    }
  }
}

TEST_P(RecursiveUnion, ThatWasMovedFromIsSentAsNotSet) {
  Term from = negated(1);
  from.note = "left";
  const Term to(std::move(from.kind), "");
  EXPECT_EQ(decode<Term>(codec(), encode(codec(), from)), Term({}, "left"));
  EXPECT_EQ(to.negated()->kind_case(), Term::KindCase::kLiteral);
}

TEST_P(RecursiveUnion, IsReadTwoHundredDeepAndNoMore) {
  sample::on_small_stack([this] {
    EXPECT_EQ(decode<Term>(codec(), encode(codec(), negated(199))), negated(199));
    EXPECT_THAT(decode_failure<Term>(codec(), encode(codec(), negated(200))),
                HasSubstr("too deep"));
  });
}

INSTANTIATE_TEST_SUITE_P(All, RecursiveUnion, sample::every_codec(), sample::which_name);

// A level takes two or three bytes in gob.
TEST(RecursiveUnionInGob, IsChargedForWhatLiesOnTheHeap) {
  tern::DecodeLimits limits;
  limits.decode_overhead_bytes = 0;
  Term read;
  const tern::Status status =
      decode_into(sample::gob(), encode(sample::gob(), negated(100)), read, limits);
  EXPECT_THAT(std::string(status.message()), HasSubstr("bytes of memory"));
}

}  // namespace
}  // namespace recursion
