// The handlers of town.Town.
#pragma once

#include <cstdint>

#include "integration/no_memory/ledger.h"
#include "town.service.h"

namespace tern::test {

// The last number of town.Town.Follow.
inline constexpr std::int64_t kLastNumber = 10;

class RestlessTown final : public town::TownService {
 public:
  explicit RestlessTown(Ledger& ledger) : ledger_(ledger) {}
  Reply<void> Follow(ServerContext& context, town::Since since, Writer<town::Item> out) override;
  Reply<std::int64_t> Ask(ServerContext& context, std::int64_t number) override;
  Reply<std::int64_t> Linger(ServerContext& context, std::int64_t number) override;

 private:
  Ledger& ledger_;
  bool asked_ = false;
  bool lingered_ = false;
};

}  // namespace tern::test
