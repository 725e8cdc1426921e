// How registries that keep bytes under a name write a server: the name is its address, the bytes
// are {"weight":1,"zone":"a","metadata":{"version":"7"}}.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "tern/instance.h"
#include "tern/result.h"

namespace tern::registry {

// How much of one server is believed.
inline constexpr std::size_t kInstanceBytes = 64 * 1024;

// What stands beside the address. Text that is not UTF-8 is replaced in it.
std::string instance_json(const Instance& instance);

// Members that are missing are as in an Instance of its own; those that are not known are passed
// over. Fails for an address nobody can connect to, and for JSON of another shape.
Result<Instance> read_instance(std::string_view address, std::string_view json);

}  // namespace tern::registry
