// Calls arith.Arith and feed.Feed of a Connect server with the generated stubs:
//
//   connect_client ADDRESS CODEC
//
// A line for what is wrong; the exit status is 0 if nothing is.
#include <chrono>
#include <cstdint>
#include <iostream>
#include <string>
#include <string_view>

#include "arith.service.h"
#include "feed.service.h"
#include "tern/tern.h"

namespace {

bool good = true;

template <typename T, typename U>
void expect_equal(std::string_view what, const T& seen, const U& expected) {
  if (seen == expected) return;
  std::cerr << what << ": expected \"" << expected << "\", came \"" << seen << "\"\n";
  good = false;
}

void expect_ok(std::string_view what, const tern::Status& status) {
  if (!status.ok()) std::cerr << what << ": " << status.to_string() << '\n';
  good &= status.ok();
}

void expect_dividend(std::string_view what, const tern::Status& status, std::int64_t dividend) {
  const auto* error = status.as<arith::DivideByZero>();
  expect_equal(what, error ? error->dividend : -1, dividend);
}

void call(arith::ArithStub& arith) {
  for (std::int64_t factor : {8, 0, -8}) {
    tern::Result<std::int64_t> product = arith.Multiply({7, factor}).get();
    expect_ok("Multiply", product.status());
    if (product.ok()) expect_equal("Multiply", *product, 7 * factor);
  }
  tern::Result<std::int64_t> large = arith.Multiply({9007199254740993, -1}).get();
  expect_ok("Multiply beyond a double", large.status());
  if (large.ok()) expect_equal("Multiply beyond a double", *large, -9007199254740993);

  tern::Status by_zero = arith.Divide({8, 0}).get().status();
  expect_equal("Divide by zero", tern::code_name(by_zero.code()), "invalid_argument");
  expect_equal("Divide by zero", std::string(by_zero.message()).ends_with("divide by zero"), true);
  expect_dividend("Divide by zero: the dividend", by_zero, 8);
}

void stream(feed::FeedStub& feed) {
  const tern::Status missing = feed.Say(feed::Line("text")).get().status();
  expect_equal("Say, which is not there", tern::code_name(missing.code()), "unimplemented");

  tern::ServerStream<feed::Tick> ticks = feed.Count({5, 10'000});
  std::int64_t next = 6;
  for (feed::Tick tick; ticks.get(tick); ++next) {
    if (tick.at != next) break;
  }
  expect_ok("Count(5, 10000)", ticks.status());
  expect_equal("the tick behind the last", next, std::int64_t{10'006});
  expect_equal("initial metadata", ticks.initial_metadata().get("from"), "5");
  expect_equal("trailing metadata", ticks.trailing_metadata().get("took"), "3ms");

  tern::ServerStream<feed::Tick> failing = feed.Count({0, -4});
  int came = 0;
  for (feed::Tick tick; failing.get(tick);) ++came;
  expect_equal("ticks before an error", came, 4);
  expect_equal("the code of an error", tern::code_name(failing.status().code()), "not_found");

  tern::ClientStream<feed::Tick, feed::Total> sum = feed.Sum();
  for (std::int64_t i = -100; i <= 100; ++i) {  // 0 is a message of no bytes in protobuf
    if (!sum.put(feed::Tick(i))) break;
  }
  tern::Result<feed::Total> total = sum.finish_get();
  expect_ok("Sum", total.status());
  if (total.ok()) expect_equal("Sum", total->sum, 0);
  expect_equal("messages of Sum", sum.trailing_metadata().get("ticks"), "201");
}

// Each is answered before the next is written.
void talk(feed::FeedStub& feed) {
  tern::BidiStream<feed::Tick, feed::Tick> echo = feed.Echo();
  feed::Tick tick;
  for (std::int64_t i = 1; i <= 100; ++i) {
    if (!echo.put(feed::Tick(i)) || !echo.get(tick)) break;
    expect_equal("Echo", tick.at, i);
  }
  echo.end_writing();
  expect_equal("Echo behind its end", echo.get(tick), false);
  expect_ok("Echo", echo.status());
  expect_equal("the last of Echo", tick.at, 100);
}

void expire(feed::FeedStub& feed) {
  tern::CallOptions options;
  options.timeout = std::chrono::milliseconds(50);
  tern::ServerStream<feed::Tick> ticks = feed.Count({0, 0}, options);
  for (feed::Tick tick; ticks.get(tick);) continue;
  expect_equal("a stream without an end", tern::code_name(ticks.status().code()),
               "deadline_exceeded");
}

std::int64_t leavers(feed::FeedStub& feed) {
  tern::Result<feed::Left> left = feed.Leavers().get();
  expect_ok("Leavers", left.status());
  return left.ok() ? left->streams : -1;
}

// The server hears of it. `beside` is of another client: the stream has the connection until its
// end has been seen.
void leave(feed::FeedStub& feed, feed::FeedStub& beside) {
  constexpr int kAsks = 100'000;
  const std::int64_t before = leavers(beside);
  {
    tern::ServerStream<feed::Tick> ticks = feed.Count({0, 0});
    feed::Tick tick;
    expect_equal("a tick before leaving", ticks.get(tick), true);
  }
  std::int64_t left = before;
  for (int i = 0; i < kAsks && left == before; ++i) left = leavers(beside);
  expect_equal("streams whose caller has left", left, before + 1);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::cerr << "connect_client: expected an address and a codec\n";
    return 2;
  }
  tern::ClientOptions options;
  options.codec = argv[2];
  tern::Client client(argv[1], options);
  arith::ArithStub arith(client);
  feed::FeedStub feed(client);
  call(arith);
  stream(feed);
  if (std::string_view(argv[1]).starts_with("connect-h2+")) talk(feed);
  tern::Client another(argv[1], options);
  feed::FeedStub beside(another);
  leave(feed, beside);
  expire(feed);
  if (good) std::cout << "connect_client: every answer was right\n";
  return good ? 0 : 1;
}
