// Calls every method of feed.rpc with the generated stub:  feed_client ADDRESS
// A line for what is wrong; the exit status is 0 if nothing is.
#include <cstdint>
#include <iostream>
#include <string>
#include <string_view>

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

// Windows have to be given back on the way.
void read_many(feed::FeedStub& stub) {
  tern::ServerStream<feed::Tick> ticks = stub.Count({5, 50'000});
  std::int64_t next = 6;
  for (feed::Tick tick; ticks.get(tick); ++next) {
    if (tick.at != next) break;
  }
  expect_ok("Count(5, 50000)", ticks.status());
  expect_equal("the tick behind the last", next, std::int64_t{50'006});
  expect_equal("initial metadata", ticks.initial_metadata().get("from"), "5");
  expect_equal("binary metadata", ticks.initial_metadata().get("raw-bin"),
               std::string_view("\0\xff", 2));
  expect_equal("trailing metadata", ticks.trailing_metadata().get("took"), "3ms");
}

void read_to_the_error(feed::FeedStub& stub) {
  tern::ServerStream<feed::Tick> ticks = stub.Count({0, -4});
  int came = 0;
  for (feed::Tick tick; ticks.get(tick);) ++came;
  expect_equal("ticks before an error", came, 4);
  expect_equal("the code of an error", tern::code_name(ticks.status().code()), "data_loss");
  const std::string text(ticks.status().message());
  expect_equal("the text of an error", text.ends_with("the tape is torn: 100 %, \u00e4h"), true);
}

void write_many(feed::FeedStub& stub) {
  constexpr std::int64_t kTicks = 20'000;
  tern::ClientStream<feed::Tick, feed::Total> sum = stub.Sum();
  for (std::int64_t i = 1; i <= kTicks; ++i) {
    if (!sum.put(feed::Tick(i))) break;
  }
  tern::Result<feed::Total> total = sum.finish_get();
  expect_ok("Sum of 20000", total.status());
  if (total.ok()) expect_equal("Sum of 20000", total->sum, kTicks * (kTicks + 1) / 2);
}

void talk(feed::FeedStub& stub) {
  tern::BidiStream<feed::Tick, feed::Tick> echo = stub.Echo();
  for (std::int64_t i = 0; i < 500; ++i) {
    feed::Tick tick;
    if (!echo.put(feed::Tick(i)) || !echo.get(tick) || tick.at != i) {
      std::cerr << "Echo: tick " << i << ": " << echo.status().to_string() << '\n';
      good = false;
      return;
    }
  }
  echo.end_writing();
  feed::Tick tick;
  expect_equal("a tick behind the end", echo.get(tick), false);
  expect_ok("Echo", echo.status());
}

// Longer than a window, and compressed where the server does that.
void send_long_lines(feed::FeedStub& stub) {
  std::string text(1'000'000, 'x');
  for (std::size_t i = 0; i < text.size(); i += 7) text[i] = static_cast<char>('a' + i % 26);
  tern::Result<feed::Line> said = stub.Say(feed::Line(text)).get();
  expect_ok("Say", said.status());
  expect_equal("Say: the same line", said.ok() && said->text == text, true);
  tern::BidiStream<feed::Line, feed::Line> repeat = stub.Repeat();
  feed::Line line;
  expect_equal("Repeat: written", repeat.put(feed::Line(text)), true);
  expect_equal("Repeat: the same line", repeat.get(line) && line.text == text, true);
  repeat.end_writing();
  expect_equal("Repeat: the end", repeat.get(line), false);
  expect_ok("Repeat", repeat.status());
}

std::int64_t leavers(feed::FeedStub& stub) {
  tern::Result<feed::Left> left = stub.Leavers().get();
  expect_ok("Leavers", left.status());
  return left.ok() ? left->streams : -1;
}

// The server hears of both.
void leave(feed::FeedStub& stub) {
  constexpr int kAsks = 100'000;
  const std::int64_t before = leavers(stub);
  {
    tern::ServerStream<feed::Tick> ticks = stub.Count({0, 0});
    feed::Tick tick;
    expect_equal("a tick before leaving", ticks.get(tick), true);
    ticks.cancel();
    while (ticks.get(tick)) continue;
    expect_equal("cancelled", tern::code_name(ticks.status().code()), "cancelled");
  }
  tern::CallOptions options;
  options.timeout = std::chrono::milliseconds(300);
  tern::ServerStream<feed::Tick> ticks = stub.Count({0, 0}, options);
  for (feed::Tick tick; ticks.get(tick);) continue;
  expect_equal("at the deadline", tern::code_name(ticks.status().code()), "deadline_exceeded");
  std::int64_t left = before;
  for (int i = 0; i < kAsks && good && left < before + 2; ++i) left = leavers(stub);
  expect_equal("streams whose caller has left", left, before + 2);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "feed_client: expected an address\n";
    return 2;
  }
  tern::Client client(argv[1]);
  feed::FeedStub stub(client);
  read_many(stub);
  read_to_the_error(stub);
  write_many(stub);
  talk(stub);
  send_long_lines(stub);
  leave(stub);
  expect_equal("connections", client.stats().connects, std::uint64_t{1});
  if (good) std::cout << "feed_client: every answer was right\n";
  return good ? 0 : 1;
}
