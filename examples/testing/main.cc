// Tests of Orders as a program without a test framework: with GoogleTest, each function is a TEST.
#include <asio/steady_timer.hpp>
#include <asio/use_awaitable.hpp>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <iostream>
#include <memory>
#include <string>
#include <string_view>

#include "orders.h"
#include "tern/testing.h"

namespace {

using namespace std::chrono_literals;

int failures = 0;

void expect(bool holds, std::string_view claim) {
  std::cout << (holds ? "ok      " : "FAILED  ") << claim << std::endl;
  if (!holds) ++failures;
}

// The other service, by hand: it knows one price, and takes for ever for another one.
class FakePrices final : public orders::PricesService {
 public:
  tern::Reply<std::int64_t> PriceOf(tern::ServerContext& context, std::string article) override {
    ++calls;
    if (article == "slow") return wait(context);
    if (article != "tea") return orders::UnknownArticle(article);
    return 250;
  }

  std::atomic<int> calls = 0;
  std::atomic<bool> cancelled = false;

 private:
  asio::awaitable<tern::Result<std::int64_t>> wait(tern::ServerContext& context) {
    co_await context.wait_cancelled();
    cancelled = true;
    co_return tern::Status(tern::Code::kCancelled, "nobody waits");
  }
};

// Orders and the prices that it asks for, in memory.
struct Shop {
  Shop() {
    tern::Status added = server.add(prices);
    if (added.ok()) added = server.add(std::make_shared<Orders>(server.channel()));
    expect(added.ok(), "the shop opens");
  }

  tern::TestServer server;
  std::shared_ptr<FakePrices> prices = std::make_shared<FakePrices>();
  orders::OrdersStub orders{server.channel()};
};

void total_is_price_times_pieces() {
  Shop shop;
  tern::Result<std::int64_t> total = shop.orders.Total({"tea", 3}).get();
  expect(total.ok() && *total == 750, "a total is the price times the pieces");
  expect(shop.prices->calls == 1, "the price is asked for once");
}

void unknown_articles_are_said() {
  Shop shop;
  tern::Result<std::int64_t> total = shop.orders.Total({"gold", 1}).get();
  const auto* unknown = total.status().as<orders::UnknownArticle>();
  expect(unknown != nullptr && unknown->article == "gold", "an unknown article is said by name");
}

void deadlines_hold_for_both() {
  Shop shop;
  tern::CallOptions options;
  options.timeout = 2s;
  tern::Call<std::int64_t> total = shop.orders.Total({"slow", 1}, options);
  shop.server.settle();
  expect(shop.prices->calls == 1 && !total.done(), "a slow price holds the order up");
  shop.server.advance(2s);
  expect(total.get().status().code() == tern::Code::kDeadlineExceeded,
         "the order ends at its deadline, which the test has turned the clock to");
  expect(shop.prices->cancelled, "the price is not waited for any more");
}

}  // namespace

int main() {
  total_is_price_times_pieces();
  unknown_articles_are_said();
  deadlines_hold_for_both();
  return failures == 0 ? 0 : 1;
}
