#include "integration/no_memory/town_handlers.h"

#include <utility>

#include "integration/no_memory/call_key.h"

namespace tern::test {

namespace {

Status stopping() {
  return Status(Code::kUnavailable, "the server stops");
}

asio::awaitable<Result<void>> follow(Handling, ServerContext& context, town::Since since,
                                     Writer<town::Item> out) {
  constexpr std::int64_t kAtMost = 4;
  if (since.number >= kLastNumber) {
    co_await context.wait_cancelled();
    co_return Status(Code::kCancelled, "nobody waits any more");
  }
  town::Item item;
  item.number = since.number;
  while (item.number < kLastNumber) {
    if (item.number == since.number + kAtMost) co_return stopping();
    ++item.number;
    if (!co_await out.write(item)) co_return out.status();
  }
  co_return Result<void>();
}

asio::awaitable<Result<std::int64_t>> until_cancelled(Handling, ServerContext& context) {
  co_await context.wait_cancelled();
  co_return Status(Code::kCancelled, "nobody waits any more");
}

}  // namespace

Reply<void> RestlessTown::Follow(ServerContext& context, town::Since since,
                                 Writer<town::Item> out) {
  return follow(handling(ledger_, context), context, since, std::move(out));
}

Reply<std::int64_t> RestlessTown::Ask(ServerContext& context, std::int64_t number) {
  const Handling its = handling(ledger_, context);
  if (std::exchange(asked_, !asked_)) return number;
  return stopping();
}

Reply<std::int64_t> RestlessTown::Linger(ServerContext& context, std::int64_t number) {
  Handling its = handling(ledger_, context);
  if (std::exchange(lingered_, !lingered_)) return number;
  return until_cancelled(std::move(its), context);
}

}  // namespace tern::test
