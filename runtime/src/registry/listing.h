// Registries that list servers and cannot be told of any.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "tern/io_pool.h"
#include "tern/registry.h"

namespace tern::registry {

// Gives `discover()` for every service. `pool` outlives what it announces. `what` stands in the
// failure of a registration: "file
// \"servers\": a file takes no announcements: write the server into it".
std::shared_ptr<Registry> make_listing(IoPool& pool,
                                       std::function<std::shared_ptr<Discovery>()> discover,
                                       std::string what);

// "list@": the servers themselves, as "host:port,unix@path".
Result<std::shared_ptr<Registry>> open_list(std::string_view where, IoPool& pool);

}  // namespace tern::registry
