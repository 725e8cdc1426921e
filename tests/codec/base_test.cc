// Buffers and statuses, on which the codecs stand.
#include "codec_testing.h"
#include "sample_messages.h"
#include "tern/result.h"

namespace sample {
namespace {

using tern::Buffer;
using tern::Code;
using tern::HandlerRan;
using tern::Status;

TEST(Buffer, GrowsByDoublingAndKeepsWhatItHolds) {
  Buffer buffer;
  std::string expected;
  std::size_t moves = 0;
  for (int i = 0; i < 100'000; ++i) {
    const std::size_t before = buffer.capacity();
    buffer.push_back(static_cast<std::byte>(i));
    expected.push_back(static_cast<char>(i));
    if (buffer.capacity() != before) ++moves;
  }
  EXPECT_EQ(tern::as_text(buffer.view()), expected);
  EXPECT_LE(moves, 12u);
}

TEST(Buffer, ReservesOnce) {
  Buffer buffer;
  buffer.reserve(1000);
  const std::byte* data = buffer.data();
  buffer.append(std::string(1000, 'x'));
  EXPECT_EQ(buffer.data(), data);
}

TEST(Buffer, TakesBytesOffBothEnds) {
  Buffer buffer;
  buffer.append("hello world");
  buffer.consume(6);
  buffer.truncate(3);
  EXPECT_EQ(tern::as_text(buffer.view()), "wor");
  buffer.consume(3);
  EXPECT_TRUE(buffer.empty());
  buffer.release();
  EXPECT_EQ(buffer.capacity(), 0u);
}

TEST(Buffer, EmptiesTheOneItIsMovedFrom) {
  Buffer a;
  a.append("text");
  Buffer b = std::move(a);
  EXPECT_EQ(a.size(), 0u);  // NOLINT(bugprone-use-after-move)
  EXPECT_EQ(tern::as_text(b.view()), "text");
  a.append("new");
  a = std::move(b);
  EXPECT_EQ(tern::as_text(a.view()), "text");
}

TEST(Buffer, RefusesASizeThatNoMemoryHas) {
  Buffer buffer;
  buffer.push_back(std::byte{1});
  EXPECT_THROW(buffer.reserve(std::numeric_limits<std::size_t>::max()), std::bad_alloc);
  EXPECT_EQ(buffer.size(), 1u);
}

TEST(Status, OfSuccessIsEmpty) {
  const Status status;
  EXPECT_TRUE(status.ok());
  EXPECT_EQ(status.code(), Code::kOk);
  EXPECT_EQ(status.message(), "");
  EXPECT_EQ(status.to_string(), "ok");
  EXPECT_TRUE(status.with_context("calling").ok());
  EXPECT_TRUE(status.with_handler_ran(HandlerRan::kNo).ok());
}

TEST(Status, SaysCodeAndText) {
  const Status status(Code::kInvalidArgument, "divide by zero");
  EXPECT_FALSE(status.ok());
  EXPECT_EQ(status.to_string(), "invalid_argument: divide by zero");
  EXPECT_EQ(status.handler_ran(), HandlerRan::kYes);
  EXPECT_EQ(Status(Code::kInternal, "").to_string(), "internal");
}

TEST(Status, StaysAFailureWhateverCodeAPeerSends) {
  EXPECT_EQ(Status(Code::kOk, "odd").to_string(), "unknown: odd");
  EXPECT_EQ(tern::code_name(static_cast<Code>(99)), "code_99");
  EXPECT_EQ(tern::code_name(Code::kUnauthenticated), "unauthenticated");
}

TEST(Status, ChangesInACopyOnly) {
  const Status status(Code::kUnavailable, "gone", HandlerRan::kNo);
  const Status copy = status;
  const Status changed = status.with_context("dial").with_handler_ran(HandlerRan::kUnknown);
  EXPECT_EQ(changed.message(), "dial: gone");
  EXPECT_EQ(changed.handler_ran(), HandlerRan::kUnknown);
  EXPECT_EQ(copy.message(), "gone");
  EXPECT_EQ(copy.handler_ran(), HandlerRan::kNo);
}

TEST(Status, KeepsTheCauseThatProgramsCompare) {
  const Status status(Code::kUnavailable, "gone", HandlerRan::kNo);
  EXPECT_FALSE(status.cause());
  EXPECT_FALSE(Status().cause());
  EXPECT_TRUE(Status().with_cause(std::make_error_code(std::errc::timed_out)).ok());
  const Status caused = status.with_cause(std::make_error_code(std::errc::connection_refused));
  EXPECT_FALSE(status.cause());
  EXPECT_EQ(caused.cause(), std::errc::connection_refused);
  EXPECT_EQ(caused.with_context("dial").with_handler_ran(HandlerRan::kUnknown).cause(),
            std::errc::connection_refused);
  EXPECT_EQ(caused.to_string(), "unavailable: gone");
}

TEST(Status, CarriesADeclaredErrorToWhoeverAsksForItsType) {
  const Status status = Status::with_detail(Code::kInvalidArgument, "zero", tern::type_ops<Args>(),
                                            std::make_shared<Args>(7, 0));
  ASSERT_NE(status.as<Args>(), nullptr);
  EXPECT_EQ(*status.as<Args>(), Args(7, 0));
  EXPECT_EQ(status.as<Point>(), nullptr);
  EXPECT_EQ(Status(Code::kInternal, "x").as<Args>(), nullptr);
  EXPECT_EQ(status.with_context("here").as<Args>()->A, 7);
}

TEST(Result, IsAValueOrAFailure) {
  tern::Result<int> value = 5;
  EXPECT_TRUE(value.ok());
  EXPECT_EQ(*value, 5);
  tern::Result<int> failure = Status(Code::kNotFound, "none");
  EXPECT_FALSE(failure.ok());
  EXPECT_EQ(std::move(failure).value_or(7), 7);
  tern::Result<int> neither = Status();
  EXPECT_EQ(neither.status().code(), Code::kInternal);
}

}  // namespace
}  // namespace sample
