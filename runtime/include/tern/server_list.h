// A list of servers that is changed by hand. Discoveries of all kinds keep theirs in one.
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

  // Puts another list in the place of the present one, and tells the watches if it differs.
  void update(std::vector<Instance> servers);
  // The last look has failed: servers stay as they are.
  void set_failure(Status why);

  ServerView view() const override;
  std::unique_ptr<Watch> watch(OnChange on_change) override;
  // There is nothing to look at.
  void refresh() override {}

 private:
  class Core;
  class WatchOf;
  std::shared_ptr<Core> core_;
};

}  // namespace tern
