// The service that is tested: it calls another one.
#pragma once

#include <cstdint>
#include <utility>

#include "orders.service.h"

class Orders final : public orders::OrdersService {
 public:
  // `prices` leads to a server of orders.Prices, and outlives this.
  explicit Orders(tern::Channel& prices) : prices_(prices) {}

  tern::Reply<std::int64_t> Total(tern::ServerContext& context, orders::Order order) override {
    return total(context, std::move(order));
  }

 private:
  asio::awaitable<tern::Result<std::int64_t>> total(tern::ServerContext& context,
                                                    orders::Order order) {
    // The caller's deadline holds for what is called for it, too.
    tern::CallOptions options;
    options.timeout = context.time_left();
    tern::Call<std::int64_t> call = prices_.PriceOf(order.article, options);
    tern::Result<std::int64_t> price = co_await call.async();
    if (!price.ok()) co_return price.status();
    co_return *price* order.pieces;
  }

  orders::PricesStub prices_;
};
