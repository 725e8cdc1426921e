// One server of a service, as registries list it.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "tern/endpoint.h"

namespace tern {

struct Instance {
  Instance() = default;
  explicit Instance(Endpoint where) : endpoint(std::move(where)) {}

  Endpoint endpoint;         // where a client connects; it names each server once
  std::uint32_t weight = 1;  // its share of the calls; 0: it gets none
  std::string zone;          // where it runs; "" is a zone, too
  std::map<std::string, std::string> metadata;  // any further attributes

  bool operator==(const Instance&) const = default;
};

// All servers of a service at one moment: immutable, in the order of their addresses, each address
// once.
using Instances = std::shared_ptr<const std::vector<Instance>>;

// Makes such a set: sorts, and of those with the same address keeps the last.
Instances make_instances(std::vector<Instance> servers);

}  // namespace tern
