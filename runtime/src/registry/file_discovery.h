// The servers that a file lists, and a look at it whenever it changes.
#pragma once

#include <memory>
#include <string>

#include "net/loop.h"
#include "tern/discovery.h"
#include "tern/file_registry.h"

namespace tern::registry {

// Threads: any. It has read the file when it is there.
class FileDiscovery final : public Discovery {
 public:
  FileDiscovery(std::string path, Loop& loop, const FileRegistryOptions& options);
  FileDiscovery(const FileDiscovery&) = delete;
  FileDiscovery& operator=(const FileDiscovery&) = delete;
  ~FileDiscovery() override;

  ServerView view() const override;
  std::unique_ptr<Watch> watch(OnChange on_change) override;
  void refresh() override;

 private:
  class Core;
  Loop& loop_;
  std::shared_ptr<Core> core_;
};

}  // namespace tern::registry
