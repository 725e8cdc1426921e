// Clients of HTTP/2 that send what costs a server much and themselves little. Each is closed soon,
// or held to what a good client may have, and takes no more than a second of the processor and 16
// MiB.
#include <gtest/gtest.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "codec/hostile.h"
#include "serve/grpc_fixture.h"
#include "support/cpu_time.h"

namespace tern::test {
namespace {

using namespace std::chrono_literals;

enum class Type : char {
  kData = 0,
  kHeaders = 1,
  kPriority = 2,
  kReset = 3,
  kSettings = 4,
  kPing = 6,
  kWindowUpdate = 8,
  kContinuation = 9
};
constexpr char kEndStream = 1;
constexpr char kEndHeaders = 4;

std::string number(std::uint32_t value) {
  std::string bytes;
  for (int shift = 24; shift >= 0; shift -= 8) bytes += static_cast<char>(value >> shift);
  return bytes;
}

std::string frame(Type type, char flags, std::uint32_t stream, std::string_view payload) {
  std::string bytes = number(static_cast<std::uint32_t>(payload.size())).substr(1);
  bytes += static_cast<char>(type);
  bytes += flags;
  return bytes.append(number(stream)).append(payload);
}

// A field that goes into no table (RFC 7541, section 6.2.2).
std::string literal(std::string_view name, std::string_view value) {
  std::string bytes(1, '\0');
  for (std::string_view text : {name, value}) {
    bytes += static_cast<char>(text.size());
    bytes += text;
  }
  return bytes;
}

std::string call_head(std::string_view path = "/sample.Sample/Echo") {
  return "\x83\x86" + literal(":path", path) + literal(":authority", "here") +
         literal("te", "trailers") + literal("content-type", "application/grpc");
}

class GrpcFlood : public GrpcFixture {
 protected:
  // What a connection begins with; and the answer to the server's settings.
  void begin() {
    connect();
    heap_ = std::make_unique<sample::HeapGrowth>();
    began_ = thread_cpu_time();
  }
  // Sends it as often, unless the server ends the connection before. How often that was.
  int flood(std::string_view bytes, int most) {
    std::string piece;
    int sent = 0;
    while (sent < most && !ended()) {
      piece.clear();
      for (; sent < most && piece.size() < 16 * 1024; ++sent) piece += bytes;
      peer().send(piece);
      settle();
    }
    return sent;
  }
  bool ended() { return peer().end().end_received(); }
  void expect_cheap() {
    EXPECT_LT(thread_cpu_time() - began_, 1s);
    EXPECT_LT(heap_->most(), 16u * 1024 * 1024);
  }
  void expect_end(std::uint32_t code) {
    EXPECT_TRUE(ended());
    expect_cheap();
    EXPECT_EQ(goaway(), (GoAway{code, code == kCalm ? goaway_text_ : ""}));
    EXPECT_EQ(service().echoes(), 0);
  }
  struct GoAway {
    std::uint32_t code = 0;
    std::string text;
    bool operator==(const GoAway&) const = default;
  };
  // The last one of what the server has sent.
  GoAway goaway() {
    const std::string bytes = peer().end().take_received();
    auto read = [&bytes](std::size_t at, int size) {
      std::uint32_t value = 0;
      for (int i = 0; i < size; ++i) {
        value = value << 8 | static_cast<unsigned char>(bytes[at + static_cast<std::size_t>(i)]);
      }
      return value;
    };
    GoAway last;
    for (std::size_t at = 0; at + 9 <= bytes.size(); at += 9 + read(at, 3)) {
      if (bytes[at + 3] != 7) continue;
      last = {read(at + 13, 4), bytes.substr(at + 17, read(at, 3) - 8)};
    }
    return last;
  }
  // The connection of somebody else goes on.
  void expect_others_served() {
    connect();
    const std::int32_t stream = echo("hello");
    exchange();
    EXPECT_EQ(status(stream), "0");
  }

  static constexpr std::uint32_t kInternalError = 2;
  static constexpr std::uint32_t kCalm = 11;
  std::string goaway_text_;  // that is expected

 private:
  std::unique_ptr<sample::HeapGrowth> heap_;
  std::chrono::nanoseconds began_{0};
};

TEST_F(GrpcFlood, OfStreamsThatAreResetAtOnceEnds) {
  begin();
  int count = 0;
  for (std::uint32_t stream = 1; count < 100'000 && !ended(); ++count, stream += 2) {
    flood(frame(Type::kHeaders, kEndHeaders, stream, call_head()) +
              frame(Type::kReset, 0, stream, number(8)),
          1);
  }
  EXPECT_LT(count, 2000);
  expect_end(kInternalError);
  expect_others_served();
}

TEST_F(GrpcFlood, OfContinuationsEnds) {
  begin();
  peer().send(frame(Type::kHeaders, 0, 1, call_head()));
  const std::string field = literal("name", std::string(100, 'x'));
  EXPECT_LT(flood(frame(Type::kContinuation, 0, 1, field), 1'000'000), 1000);
  EXPECT_TRUE(ended());
  expect_cheap();
  expect_others_served();
}

TEST_F(GrpcFlood, OfPingsEnds) {
  begin();
  goaway_text_ = "too_many_pings";
  EXPECT_LT(flood(frame(Type::kPing, 0, 0, "12345678"), 1'000'000), 2000);
  expect_end(kCalm);
  expect_others_served();
}

TEST_F(GrpcFlood, OfPingsThatComeOneByOneEnds) {
  begin();
  const std::string ping = frame(Type::kPing, 0, 0, "12345678");
  for (int i = 0; i < 100; ++i) {
    flood(ping, 1);
    advance(10s);
  }
  EXPECT_FALSE(ended());
  int count = 0;
  for (; !ended(); ++count) {
    flood(ping, 1);
    advance(5s);
  }
  EXPECT_EQ(count, 4);
  EXPECT_EQ(goaway(), (GoAway{kCalm, "too_many_pings"}));
}

TEST_F(GrpcFlood, OfSettingsEnds) {
  begin();
  EXPECT_LT(flood(frame(Type::kSettings, 0, 0, std::string("\0\4\0\1\0\0", 6)), 1'000'000), 20'000);
  EXPECT_TRUE(ended());
  expect_cheap();
  expect_others_served();
}

TEST_F(GrpcFlood, OfEmptyDataEnds) {
  begin();
  peer().send(frame(Type::kHeaders, kEndHeaders, 1, call_head()));
  EXPECT_LT(flood(frame(Type::kData, 0, 1, ""), 1'000'000), 20'000);
  expect_end(kCalm);
  expect_others_served();
}

TEST_F(GrpcFlood, OfWindowUpdatesEnds) {
  begin();
  EXPECT_LT(flood(frame(Type::kWindowUpdate, 0, 0, number(1)), 1'000'000), 20'000);
  expect_end(kCalm);
  expect_others_served();
}

TEST_F(GrpcFlood, OfPrioritiesEnds) {
  begin();
  EXPECT_LT(flood(frame(Type::kPriority, 0, 3, std::string("\0\0\0\0\x10", 5)), 1'000'000), 20'000);
  expect_end(kCalm);
  expect_others_served();
}

// A field of 4 KB that is put into the table once, and named 12,000 times in a frame: 48 MB a head.
TEST_F(GrpcFlood, OfHeadsThatBecomeLongEnds) {
  begin();
  std::string head = "\x83\x86" + literal(":path", "/sample.Sample/Echo");
  head += std::string("\x40\x01x\x7f\xa1\x1e", 6) + std::string(4000, 'x');
  peer().send(frame(Type::kHeaders, kEndHeaders | kEndStream, 1, head));
  int count = 0;
  for (std::uint32_t stream = 3; count < 1000 && !ended(); ++count, stream += 2) {
    flood(frame(Type::kHeaders, kEndHeaders | kEndStream, stream,
                "\x83\x86" + literal(":path", "/sample.Sample/Echo") + std::string(12'000, '\xbe')),
          1);
  }
  EXPECT_LT(count, 20);
  expect_end(kCalm);
  expect_others_served();
}

TEST_F(GrpcFlood, OfMoreStreamsThanThereMayBeEndsAndRunsNoMore) {
  int running = 0;
  service().on_echo([&](ServerContext& context, std::string) -> Reply<std::string> {
    ++running;
    auto wait = [](ServerContext& call) -> asio::awaitable<Result<std::string>> {
      co_await call.wait_cancelled();
      co_return Status(Code::kCancelled, "cancelled");
    };
    return wait(context);
  });
  begin();
  int count = 0;
  for (std::uint32_t stream = 1; count < 100'000 && !ended(); ++count, stream += 2) {
    flood(frame(Type::kHeaders, kEndHeaders, stream, call_head()) +
              frame(Type::kData, kEndStream, stream, std::string(5, '\0')),
          1);
  }
  EXPECT_LE(running, 256);
  EXPECT_LT(count, 300);
  EXPECT_TRUE(ended());
  expect_cheap();
  service().on_echo({});
  expect_others_served();
}

// Its window is 0, and all that it may ask for is asked for.
TEST_F(GrpcFlood, OfCallsWhoseRepliesNobodyReadsIsHeldToItsStreams) {
  connect(0);
  const sample::HeapGrowth heap;
  const std::chrono::nanoseconds began = thread_cpu_time();
  for (int i = 0; i < 256; ++i) echo(std::string(16 * 1024, 'x'));
  exchange();
  EXPECT_EQ(service().echoes(), 256);
  EXPECT_LT(heap.most(), 16u * 1024 * 1024);
  EXPECT_LT(thread_cpu_time() - began, 1s);
  expect_others_served();
}

}  // namespace
}  // namespace tern::test
