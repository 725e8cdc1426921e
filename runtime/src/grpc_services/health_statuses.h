// What a server says about its services, and who is told.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "grpc_services/health_watch.h"
#include "grpc_services/idl/health.rpc.h"
#include "tern/function.h"
#include "tern/status.h"

namespace tern::serve {
class ServerCore;
}  // namespace tern::serve

namespace tern::grpc_services {

// Threads: any.
class HealthStatuses {
 public:
  // May outlive `core`, which has no handlers then.
  HealthStatuses(std::weak_ptr<serve::ServerCore> core, std::size_t watches)
      : core_(std::move(core)), most_watches_(watches) {}
  HealthStatuses(const HealthStatuses&) = delete;
  HealthStatuses& operator=(const HealthStatuses&) = delete;

  // --- See tern::Health ---

  void set(std::string_view service, bool serving);
  void set_all(bool serving);
  void clear(std::string_view service);
  void shut_down();
  // The same for a server that goes away. `done` is destroyed when what was sent to the watches has
  // left, as far as their connections take it, on any thread; or from within this call.
  void shut_down(UniqueFunction<void()> done);

  // --- For its handlers ---

  // Nothing if the service is unknown.
  std::optional<tern_grpc::ServingStatus> find(std::string_view service) const;
  // All that are known.
  std::map<std::string, tern_grpc::ServingStatus> all() const;
  // Tells `watch` the service's status, now and whenever it changes. A failure if there are as many
  // as may be.
  Status add(std::string_view service, const std::shared_ptr<HealthWatch>& watch);
  // Tells it nothing more. Of no effect if it has left.
  void leave(std::string_view service, const std::shared_ptr<HealthWatch>& watch) noexcept;

 private:
  using ServingStatus = tern_grpc::ServingStatus;
  struct Service {
    std::optional<bool> serving;  // what was said of it
    std::set<std::shared_ptr<HealthWatch>> watches;
  };
  using Services = std::map<std::string, Service, std::less<>>;

  // All with the mutex.
  std::optional<ServingStatus> status_of(std::string_view name, const Service* service) const;
  void tell(const Services::value_type& service) const;
  void tell_all() const;
  void forget_if_empty(Services::iterator service);

  bool is_of_server(std::string_view name) const;

  const std::weak_ptr<serve::ServerCore> core_;
  const std::size_t most_watches_;

  mutable std::mutex mutex_;  // guards the following, and the order in which watches are told
  Services services_;         // of which something was said, or that are watched
  bool others_serve_ = true;  // those of the server of which nothing was said
  bool shut_down_ = false;
  std::size_t watches_ = 0;
};

}  // namespace tern::grpc_services
