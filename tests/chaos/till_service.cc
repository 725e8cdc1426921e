#include "chaos/till_service.h"

#include <stdexcept>
#include <thread>
#include <utility>

#include "tern/blocking.h"
#include "tern/sleep.h"

namespace tern::chaos {

namespace {

till::Receipt receipt_of(const till::Order& order) {
  till::Receipt receipt;
  receipt.nonce = order.nonce;
  receipt.load = load_of(order.nonce, static_cast<std::size_t>(order.reply_bytes));
  return receipt;
}

asio::awaitable<Result<till::Receipt>> later(ServerContext& context, till::Order order) {
  Result<void> slept = co_await sleep(context, order.work);
  if (!slept.ok()) co_return slept.take_status();
  co_return receipt_of(order);
}

}  // namespace

std::vector<std::byte> load_of(Nonce nonce, std::size_t size) {
  std::vector<std::byte> load(size);
  auto state = static_cast<std::uint64_t>(nonce);
  for (std::byte& byte : load) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    byte = static_cast<std::byte>(state >> 56);
  }
  return load;
}

Reply<till::Receipt> TillService::handle(ServerContext& context, till::Order order,
                                         std::uint8_t flags) {
  Record run;
  run.kind = Record::Kind::kRun;
  run.nonce = order.nonce;
  run.flags = flags;
  run.where = server_;
  history_.add(run);
  if (order.load != load_of(order.nonce, order.load.size())) {
    return Status(Code::kDataLoss, "the load of the order is damaged");
  }
  switch (order.deed) {
    case till::Deed::Answer:
      break;
    case till::Deed::Wait:
      return later(context, std::move(order));
    case till::Deed::Block:
      return blocking(context, [order = std::move(order)] {
        std::this_thread::sleep_for(order.work);
        return receipt_of(order);
      });
    case till::Deed::Refuse:
      return till::Refused(order.nonce);
    case till::Deed::Fail:
      return Status(Code::kUnavailable, "the handler's own words");
    case till::Deed::Throw:
      throw std::runtime_error("the handler throws");
  }
  return receipt_of(order);
}

}  // namespace tern::chaos
