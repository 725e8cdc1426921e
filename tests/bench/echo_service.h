// The service of echo.rpc: it answers at once.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "echo.service.h"

namespace tern::bench {

class EchoService : public ::bench::EchoService {
 public:
  Reply<std::vector<std::byte>> Blob(ServerContext& /*context*/,
                                     std::vector<std::byte> data) override {
    return data;
  }
  Reply<::bench::Sample> EchoSample(ServerContext& /*context*/, ::bench::Sample value) override {
    return value;
  }
  Reply<std::vector<std::byte>> Make(ServerContext& /*context*/, std::int64_t bytes) override {
    return std::vector<std::byte>(static_cast<std::size_t>(bytes));
  }
};

}  // namespace tern::bench
