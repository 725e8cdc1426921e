// A server with something to reflect, in memory, and its clients.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "shop.service.h"
#include "tern/testing.h"

namespace tern::test {

class Shop final : public tests::shop::ShopService {
 public:
  Reply<tests::shop::Item> Find(ServerContext&, std::string name) override {
    tests::shop::Item item;
    item.name = std::move(name);
    if (on_find) on_find();
    return item;
  }
  Reply<void> Watch(ServerContext&, std::string, Writer<tests::shop::Item>) override { return {}; }
  Reply<void> Close(ServerContext&) override { return {}; }

  std::function<void()> on_find;
};

class Till final : public tests::shop::TillService {
 public:
  Reply<std::int64_t> Pay(ServerContext&, std::int64_t cents) override { return cents; }
};

inline constexpr const char* kGrpcAddress = "grpc+tcp@here:80";

}  // namespace tern::test
