#include "foo.h"

#include <algorithm>

#include "tern/sleep.h"

namespace {

constexpr std::int64_t kLongestSleep = 24 * 60 * 60;

tern::Result<std::int64_t> sum(const foo::Args& args) {
  std::int64_t total = 0;
  if (__builtin_add_overflow(args.Num1, args.Num2, &total)) {
    return tern::Status(tern::Code::kOutOfRange, "the sum needs more than 64 bits");
  }
  return total;
}

// Holds no thread while it waits; a caller that gives up ends it.
asio::awaitable<tern::Result<std::int64_t>> sum_later(tern::ServerContext& context,
                                                      std::chrono::milliseconds time,
                                                      foo::Args args) {
  tern::Result<void> slept = co_await tern::sleep(context, time);
  if (!slept.ok()) co_return slept.take_status();
  co_return sum(args);
}

}  // namespace

tern::Reply<std::int64_t> Foo::Sum(tern::ServerContext& context, foo::Args args) {
  if (broken_) return tern::Status(tern::Code::kUnavailable, "this server is broken");
  if (work_.count() == 0) return sum(args);
  return sum_later(context, work_, args);
}

tern::Reply<std::int64_t> Foo::Sleep(tern::ServerContext& context, foo::Args args) {
  std::chrono::milliseconds time = work_;
  if (args.Num1 > 0) {
    time += delay_ + std::chrono::seconds(std::min(args.Num1, kLongestSleep));
  }
  return sum_later(context, time, args);
}
