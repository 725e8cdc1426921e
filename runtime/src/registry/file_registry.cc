#include "tern/file_registry.h"

#include <fmt/format.h>

#include <utility>

#include "net/loop.h"
#include "registry/file_discovery.h"
#include "registry/listing.h"

namespace tern {

std::shared_ptr<Registry> open_file_registry(std::string path, IoPool& pool,
                                             const FileRegistryOptions& options) {
  std::string what = fmt::format(
      "a file takes no announcements: write the server into \"{}\" by other means", path);
  return registry::make_listing(
      pool,
      [path = std::move(path), &pool, options] {
        return std::make_shared<registry::FileDiscovery>(path, pool.next(), options);
      },
      std::move(what));
}

}  // namespace tern
