// The handlers of feed.Feed: as coroutines, and with callbacks.
#pragma once

#include <cstdint>

#include "feed.service.h"
#include "integration/no_memory/ledger.h"

namespace tern::test {

// An order of so many messages has no end.
inline constexpr std::int64_t kEndless = 1'000'000;

class CoroutineFeed final : public feed::FeedService {
 public:
  explicit CoroutineFeed(Ledger& ledger) : ledger_(ledger) {}
  Reply<void> Watch(ServerContext& context, feed::Order order, Writer<feed::Item> out) override;
  Reply<std::int64_t> Upload(ServerContext& context, Reader<feed::Item> in) override;
  Reply<void> Chat(ServerContext& context, Reader<feed::Item> in, Writer<feed::Item> out) override;

 private:
  Ledger& ledger_;
};

// Those that answer with messages keep their streams, and have no coroutine.
class CallbackFeed final : public feed::FeedService {
 public:
  explicit CallbackFeed(Ledger& ledger) : ledger_(ledger) {}
  Reply<void> Watch(ServerContext& context, feed::Order order, Writer<feed::Item> out) override;
  Reply<std::int64_t> Upload(ServerContext& context, Reader<feed::Item> in) override;
  Reply<void> Chat(ServerContext& context, Reader<feed::Item> in, Writer<feed::Item> out) override;

 private:
  Ledger& ledger_;
};

}  // namespace tern::test
