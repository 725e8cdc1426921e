// What a registry does when the store that it is on fails: one suite for every such store.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "tern/io_pool.h"
#include "tern/registry.h"

namespace tern::test {

// A real one, of one server in a process of its own, and a registry on it.
class Store {
 public:
  virtual ~Store() = default;

  // "127.0.0.1:2379"
  virtual std::string at() const = 0;
  // `grace`: how long servers are kept that the store has forgotten; otherwise the default.
  virtual std::shared_ptr<Registry> open(
      IoPool& pool, std::optional<std::chrono::milliseconds> grace = std::nullopt) = 0;
  // How long an entry outlives its server.
  virtual std::chrono::nanoseconds lifetime() const = 0;

  virtual void kill() = 0;
  virtual void stop() = 0;
  virtual void go_on() = 0;
  // After kill(): with what it had stored, or with nothing. Ready when they return.
  virtual void restart() = 0;
  virtual void restart_empty() = 0;

  // Past the registry: waits until so many servers are entered under `service`, and takes one out.
  // False if that cannot be.
  virtual bool comes_to_entries(std::string_view service, std::size_t count) = 0;
  virtual bool remove(std::string_view service, std::string_view address) = 0;
};

using MakeStore = std::function<std::unique_ptr<Store>()>;

// Its tests are in registry_on_store.cc; a store's own test program says INSTANTIATE_TEST_SUITE_P.
class RegistryOnStore : public testing::TestWithParam<MakeStore> {
 protected:
  std::unique_ptr<Store> store_ = GetParam()();
  IoPool pool_;
};

}  // namespace tern::test
