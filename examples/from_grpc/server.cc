// The service of inventory.proto on Tern: inventory_server [--listen ADDRESS]
#include <iostream>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "inventory.descriptor.h"
#include "inventory.service.h"
#include "tern/grpc_services.h"
#include "tern/tern.h"

namespace {

// Handlers run on the loop's thread, and there is one loop: so there is no mutex.
class Inventory final : public inventory::InventoryService {
  tern::Reply<inventory::Item> Get(tern::ServerContext&, inventory::Key key) override {
    const auto found = items_.find(key.sku);
    if (found == items_.end()) {
      return tern::Status(tern::Code::kNotFound, "there is no " + key.sku);
    }
    return found->second;
  }

  // A coroutine, since it writes more than one message.
  tern::Reply<void> Watch(tern::ServerContext&, inventory::Key key,
                          tern::Writer<inventory::Item> out) override {
    return count_down(std::move(key), std::move(out));
  }

  tern::Reply<void> Fill(tern::ServerContext&, tern::Reader<inventory::Item> in) override {
    return read_all(std::move(in));
  }

  asio::awaitable<tern::Result<void>> count_down(inventory::Key key,
                                                 tern::Writer<inventory::Item> out) {
    inventory::Item item = items_[key.sku];
    for (; item.count > 0; --item.count) {
      // False: the client has left.
      if (!co_await out.write(item)) co_return out.status();
    }
    co_return tern::Result<void>();
  }

  asio::awaitable<tern::Result<void>> read_all(tern::Reader<inventory::Item> in) {
    inventory::Item item;
    while (co_await in.read(item)) items_[item.sku] = item;
    if (!in.status().ok()) co_return in.status();
    co_return tern::Result<void>();
  }

  std::map<std::string, inventory::Item> items_;
};

}  // namespace

int main(int argc, char** argv) {
  const bool has_address = argc == 3 && std::string_view(argv[1]) == "--listen";
  const std::string address = has_address ? argv[2] : "tcp@127.0.0.1:50051";
  tern::Server server;
  tern::Status status = server.add(std::make_shared<Inventory>());
  if (status.ok()) status = tern::add_health(server).status();
  if (status.ok()) status = tern::add_reflection<inventory::InventoryService>(server);
  if (status.ok()) {
    tern::Result<tern::Endpoint> where = server.listen(address);
    status = where.status();
    if (status.ok()) std::cout << where->to_string() << std::endl;
  }
  if (status.ok()) status = tern::serve_until_signal(server);
  if (!status.ok()) std::cerr << status.to_string() << '\n';
  return status.ok() ? 0 : 1;
}
