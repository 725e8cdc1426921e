// A server's entry in an HTTP registry.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "net/loop.h"
#include "registry/http_discovery.h"
#include "tern/registry.h"

namespace tern::registry {

// Renews the entry by heartbeats, and checks in between whether the registry still lists it.
// Threads: any.
class HttpRegistration final : public Registration {
 public:
  HttpRegistration(std::shared_ptr<const Access> access, const std::string& service,
                   Instance instance, IoPool& pool);
  HttpRegistration(const HttpRegistration&) = delete;
  HttpRegistration& operator=(const HttpRegistration&) = delete;
  ~HttpRegistration() override;

  void async_withdraw(UniqueFunction<void()> done) override;
  void update(Instance instance) override;
  Status status() const override;
  void on_status(std::function<void(const Status& status)> told) override;

 private:
  class Core;
  IoPool& pool_;
  Loop& loop_;
  std::shared_ptr<Core> core_;
};

}  // namespace tern::registry
