// Adds, at once or later.
#pragma once

#include <chrono>
#include <cstdint>

#include "foo.service.h"

class Foo final : public foo::FooService {
 public:
  // Every call takes `work`, and those that are to sleep take `delay` more: a slow machine. When
  // `broken`, Sum fails with kUnavailable.
  Foo(std::chrono::milliseconds work, std::chrono::milliseconds delay, bool broken)
      : work_(work), delay_(delay), broken_(broken) {}

  tern::Reply<std::int64_t> Sum(tern::ServerContext& context, foo::Args args) override;
  tern::Reply<std::int64_t> Sleep(tern::ServerContext& context, foo::Args args) override;

 private:
  std::chrono::milliseconds work_;
  std::chrono::milliseconds delay_;
  bool broken_;
};
