// The handlers of a server: they write down that they run, and then do what the call says.
#pragma once

#include <cstdint>
#include <vector>

#include "chaos/history.h"
#include "till.service.h"

namespace tern::chaos {

// The load of a call or an answer, which no other has.
std::vector<std::byte> load_of(Nonce nonce, std::size_t size);

class TillService final : public till::TillService {
 public:
  // `history` outlives it.
  TillService(History& history, std::uint16_t server) noexcept
      : history_(history), server_(server) {}

  Reply<till::Receipt> Pay(ServerContext& context, till::Order order) override {
    return handle(context, std::move(order), Record::kOnceOnly);
  }
  Reply<till::Receipt> Look(ServerContext& context, till::Order order) override {
    return handle(context, std::move(order), 0);
  }

 private:
  Reply<till::Receipt> handle(ServerContext& context, till::Order order, std::uint8_t flags);

  History& history_;
  const std::uint16_t server_;
};

}  // namespace tern::chaos
