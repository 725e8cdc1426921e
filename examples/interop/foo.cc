#include "foo.h"

#include <algorithm>
#include <chrono>

#include "tern/sleep.h"

namespace {

constexpr std::int64_t kLongestSleep = 24 * 60 * 60;

tern::Result<std::int64_t> sum(const interop::FooArgs& args) {
  std::int64_t total = 0;
  if (__builtin_add_overflow(args.Num1, args.Num2, &total)) {
    return tern::Status(tern::Code::kOutOfRange, "the sum needs more than 64 bits");
  }
  return total;
}

asio::awaitable<tern::Result<std::int64_t>> sum_later(tern::ServerContext& context,
                                                      interop::FooArgs args) {
  std::chrono::seconds time(std::min(args.Num1, kLongestSleep));
  tern::Result<void> slept = co_await tern::sleep(context, time);
  if (!slept.ok()) co_return slept.take_status();
  co_return sum(args);
}

}  // namespace

tern::Reply<std::int64_t> Foo::Sum(tern::ServerContext& /*context*/, interop::FooArgs args) {
  return sum(args);
}

tern::Reply<std::int64_t> Foo::Sleep(tern::ServerContext& context, interop::FooArgs args) {
  if (args.Num1 <= 0) return sum(args);
  return sum_later(context, args);
}
