#include "tern/instance.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>

namespace tern {

Instances make_instances(std::vector<Instance> servers) {
  std::map<std::string, Instance> by_address;
  for (Instance& server : servers) {
    std::string address = server.endpoint.to_string();
    by_address.insert_or_assign(std::move(address), std::move(server));
  }
  auto made = std::make_shared<std::vector<Instance>>();
  made->reserve(by_address.size());
  for (auto& [address, server] : by_address) made->push_back(std::move(server));
  return made;
}

}  // namespace tern
