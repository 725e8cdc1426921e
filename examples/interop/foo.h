// Adds, at once or later.
#pragma once

#include <cstdint>

#include "interop.service.h"

class Foo final : public interop::FooService {
 public:
  tern::Reply<std::int64_t> Sum(tern::ServerContext& context, interop::FooArgs args) override;
  // Waits without holding a thread; a caller that gives up ends it.
  tern::Reply<std::int64_t> Sleep(tern::ServerContext& context, interop::FooArgs args) override;
};
