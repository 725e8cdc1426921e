#include "wire/grpc/compression.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zlib.h>

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>

namespace tern::wire::grpc {
namespace {

using testing::HasSubstr;

std::string text_of_lines(std::size_t size) {
  std::string text;
  for (int line = 0; text.size() < size; ++line) text += "line " + std::to_string(line) + "\n";
  text.resize(size);
  return text;
}

std::string zipped(std::string_view text) {
  Buffer out;
  EXPECT_TRUE(gzip(as_bytes(text), out));
  return std::string(as_text(out.view()));
}

// Of zlib alone, at its best: what a hostile peer would send.
std::string bomb(std::size_t size) {
  z_stream stream{};
  EXPECT_EQ(deflateInit2(&stream, 9, Z_DEFLATED, 16 + 15, 9, Z_DEFAULT_STRATEGY), Z_OK);
  std::string in(size, '\0');
  std::string out(deflateBound(&stream, size), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(in.data());
  stream.avail_in = static_cast<uInt>(size);
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
  out.resize(out.size() - stream.avail_out);
  deflateEnd(&stream);
  return out;
}

TEST(GrpcCompression, GivesBackWhatItWasGiven) {
  for (std::size_t size : {100u, 511u, 512u, 513u, 5000u, 40'000u, 1'000'000u}) {
    const std::string text = text_of_lines(size);
    Buffer packed;
    packed.append("before");
    ASSERT_TRUE(gzip(as_bytes(text), packed)) << size;
    EXPECT_LT(packed.size(), 6 + size);
    Buffer back;
    back.append("before");
    ASSERT_TRUE(gunzip(packed.view().subspan(6), size, back).ok()) << size;
    EXPECT_EQ(as_text(back.view()), "before" + text) << size;
  }
}

TEST(GrpcCompression, LeavesAMessageAloneThatWouldNotBecomeShorter) {
  std::string random;
  std::uint32_t state = 1;
  for (int i = 0; i < 5000; ++i)
    random += static_cast<char>((state = state * 1664525 + 1013904223) >> 24);
  for (const std::string& text : {std::string(), std::string("a"), std::string(20, 'a'), random}) {
    Buffer out;
    out.append("before");
    EXPECT_FALSE(gzip(as_bytes(text), out)) << text.size();
    EXPECT_EQ(as_text(out.view()), "before");
  }
}

TEST(GrpcCompression, MayFillTheLimitAndNotPassIt) {
  const std::string text = text_of_lines(3000);
  const std::string packed = zipped(text);
  Buffer out;
  EXPECT_TRUE(gunzip(as_bytes(packed), 3000, out).ok());
  EXPECT_EQ(as_text(out.view()), text);
  out.clear();
  out.append("before");
  const Status over = gunzip(as_bytes(packed), 2999, out);
  EXPECT_EQ(over.code(), Code::kResourceExhausted);
  EXPECT_EQ(over.message(),
            "a compressed message becomes more than 2999 bytes, the limit (Limits::message_bytes)");
  EXPECT_EQ(as_text(out.view()), "before");
  EXPECT_EQ(gunzip(as_bytes(packed), 0, out).code(), Code::kResourceExhausted);
}

TEST(GrpcCompression, OfNothingIsNothing) {
  Buffer out;
  EXPECT_TRUE(gunzip(as_bytes(bomb(0)), 0, out).ok());
  EXPECT_TRUE(out.empty());
}

TEST(GrpcCompression, OfABombTakesNoMoreThanTheLimitAndLittleTime) {
  const std::string packed = bomb(100 * 1024 * 1024);
  ASSERT_LT(packed.size(), 128u * 1024);
  Buffer out;
  const auto before = std::chrono::steady_clock::now();
  EXPECT_EQ(gunzip(as_bytes(packed), 64 * 1024, out).code(), Code::kResourceExhausted);
  EXPECT_LT(std::chrono::steady_clock::now() - before, std::chrono::milliseconds(50));
  EXPECT_LE(out.capacity(), 64u * 1024);
}

TEST(GrpcCompression, OfWhatIsNoGzipIsRefusedWithTheReason) {
  const std::string packed = zipped(text_of_lines(1000));
  std::string wrong_check = packed;
  wrong_check[wrong_check.size() - 5] ^= 1;
  struct Case {
    std::string bytes;
    std::string text;
  };
  for (const Case& one : {Case{"", "it ends before its end"},
                          Case{packed.substr(0, packed.size() - 1), "it ends before its end"},
                          Case{packed.substr(0, 9), "it ends before its end"},
                          Case{packed + "xy", "2 bytes came behind its end"},
                          Case{packed + packed, " bytes came behind its end"},
                          Case{wrong_check, "incorrect data check"},
                          Case{"this is text", "incorrect header check"}}) {
    Buffer out;
    const Status failure = gunzip(as_bytes(one.bytes), 1'000'000, out);
    EXPECT_EQ(failure.code(), Code::kInternal);
    EXPECT_THAT(std::string(failure.message()), HasSubstr("is not gzip: "));
    EXPECT_THAT(std::string(failure.message()), HasSubstr(one.text));
    EXPECT_TRUE(out.empty());
  }
}

TEST(GrpcCompression, IsNamedByGrpcsWords) {
  EXPECT_EQ(find_encoding("identity"), Compression::kIdentity);
  EXPECT_EQ(find_encoding("gzip"), Compression::kGzip);
  EXPECT_EQ(find_encoding("deflate"), std::nullopt);
  EXPECT_EQ(find_encoding(""), std::nullopt);
  EXPECT_TRUE(lists_gzip("gzip"));
  EXPECT_TRUE(lists_gzip("identity, deflate, gzip"));
  EXPECT_TRUE(lists_gzip("identity,gzip,deflate"));
  EXPECT_FALSE(lists_gzip(""));
  EXPECT_FALSE(lists_gzip("identity,gzipped"));
}

}  // namespace
}  // namespace tern::wire::grpc
