// Texts under keys, and who waits for a key to be set.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "interop.service.h"

class KvStore final : public interop::KVStoreServiceService {
 public:
  KvStore();
  ~KvStore() override;

  tern::Reply<std::string> Get(tern::ServerContext& context, std::string key) override;
  tern::Reply<void> Set(tern::ServerContext& context, std::vector<std::string> pair) override;
  tern::Reply<std::string> Watch(tern::ServerContext& context, std::int64_t seconds) override;

 private:
  struct Watcher;
  class Watching;
  static asio::awaitable<tern::Result<std::string>> wait(std::unique_ptr<Watching> watching,
                                                         std::int64_t seconds);

  std::mutex mutex_;  // guards the following
  std::map<std::string, std::string> texts_;
  std::vector<std::shared_ptr<Watcher>> watchers_;
};
