// A list of servers that the program changes. Every kind of discovery keeps its servers in one.
#pragma once

#include <initializer_list>
#include <memory>
#include <string_view>
#include <vector>

#include "tern/discovery.h"
#include "tern/result.h"

namespace tern {

// Threads: any.
class ServerList final : public Discovery {
 public:
  // Nothing is known until update().
  ServerList();
  explicit ServerList(std::vector<Instance> servers);
  ServerList(const ServerList&) = delete;
  ServerList& operator=(const ServerList&) = delete;
  ~ServerList() override;

  // A list of addresses, such as "tcp@10.0.0.1:7000". Fails on the first that cannot be read.
  static Result<std::shared_ptr<ServerList>> of(std::initializer_list<std::string_view> addresses);

  // Replaces the list, and tells the watches if it differs.
  void update(std::vector<Instance> servers);
  // The last look-up has failed: the servers stay as they are.
  void set_failure(Status why);

  ServerView view() const override;
  std::unique_ptr<Watch> watch(OnChange on_change) override;
  // Does nothing: there is nothing to look up.
  void refresh() override {}

 private:
  class Core;
  class WatchOf;
  std::shared_ptr<Core> core_;
};

}  // namespace tern
