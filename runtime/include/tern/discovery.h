// Finds the servers of a service, and tells of changes.
#pragma once

#include <functional>
#include <memory>

#include "tern/instance.h"
#include "tern/status.h"

namespace tern {

// What is known of a service's servers. A look-up that fails leaves `servers` as they were.
struct ServerView {
  ServerView() = default;
  Instances servers;  // null: nothing is known yet
  Status status;      // of the last look-up; if it failed, servers may be out of date

  bool known() const noexcept { return servers != nullptr; }
};

// Threads: any. It must outlive its watches.
class Discovery {
 public:
  using OnChange = std::function<void(const ServerView&)>;

  // Destroying it ends the watch, and waits for a call of on_change that another thread is in.
  class Watch {
   public:
    virtual ~Watch() = default;
  };

  virtual ~Discovery() = default;

  virtual ServerView view() const = 0;

  // Calls `on_change` at every change of the view, on any thread, one call at a time, in the order
  // of the changes. If the view is not empty, `on_change` is first called with it, before watch()
  // returns. Several changes may be reported as one, the last. `on_change` must not block, and
  // may destroy the watch.
  virtual std::unique_ptr<Watch> watch(OnChange on_change) = 0;

  // Asks for a new look-up soon, for instance because a server could not be reached. Returns at
  // once; the discovery limits how often it looks.
  virtual void refresh() = 0;
};

}  // namespace tern
