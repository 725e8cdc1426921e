#include "grpc_services/health_statuses.h"

#include <fmt/format.h>

#include <algorithm>
#include <asio/io_context.hpp>
#include <utility>
#include <vector>

#include "net/loop.h"
#include "serve/server_core.h"

namespace tern::grpc_services {

void HealthStatuses::set(std::string_view service, bool serving) {
  std::lock_guard lock(mutex_);
  auto found = services_.find(service);
  if (found == services_.end()) found = services_.try_emplace(std::string(service)).first;
  found->second.serving = serving;
  tell(*found);
}

void HealthStatuses::set_all(bool serving) {
  std::lock_guard lock(mutex_);
  others_serve_ = serving;
  for (auto& [name, service] : services_) {
    if (service.serving) service.serving = serving;
  }
  tell_all();
}

void HealthStatuses::clear(std::string_view service) {
  std::lock_guard lock(mutex_);
  const auto found = services_.find(service);
  if (found == services_.end()) return;
  found->second.serving.reset();
  tell(*found);
  forget_if_empty(found);
}

void HealthStatuses::shut_down() {
  std::lock_guard lock(mutex_);
  shut_down_ = true;
  tell_all();
}

// What a watch was told leaves in the turn of its loop that its stream has posted now; two turns
// later it has been written.
void HealthStatuses::shut_down(UniqueFunction<void()> done) {
  std::set<std::shared_ptr<Loop>> loops;
  const auto last = std::make_shared<UniqueFunction<void()>>(std::move(done));
  {
    std::lock_guard lock(mutex_);
    shut_down_ = true;
    tell_all();
    for (const auto& [name, service] : services_) {
      for (const auto& watch : service.watches) loops.insert(watch->loop());
    }
  }
  for (const std::shared_ptr<Loop>& loop : loops) {
    if (loop->io().stopped()) continue;  // it will run nothing
    loop->post([loop, last] { loop->post([last] {}); });
  }
}

std::optional<tern_grpc::ServingStatus> HealthStatuses::find(std::string_view service) const {
  std::lock_guard lock(mutex_);
  const auto found = services_.find(service);
  return status_of(service, found == services_.end() ? nullptr : &found->second);
}

std::map<std::string, tern_grpc::ServingStatus> HealthStatuses::all() const {
  std::vector<std::string> names = {""};
  if (const auto core = core_.lock()) {
    names.insert(names.end(), core->router().names().begin(), core->router().names().end());
  }
  std::map<std::string, ServingStatus> out;
  std::lock_guard lock(mutex_);
  for (const auto& [name, service] : services_) names.push_back(name);
  for (const std::string& name : names) {
    const auto found = services_.find(name);
    const auto status = status_of(name, found == services_.end() ? nullptr : &found->second);
    if (status) out.emplace(name, *status);
  }
  return out;
}

Status HealthStatuses::add(std::string_view service, const std::shared_ptr<HealthWatch>& watch) {
  std::lock_guard lock(mutex_);
  if (watches_ >= most_watches_) {
    return Status(Code::kResourceExhausted,
                  fmt::format("health: {} calls of Watch are open, which is the limit "
                              "(HealthOptions::watches)",
                              watches_));
  }
  auto found = services_.find(service);
  if (found == services_.end()) found = services_.try_emplace(std::string(service)).first;
  try {
    found->second.watches.insert(watch);
  } catch (...) {
    forget_if_empty(found);
    throw;
  }
  ++watches_;
  watch->tell(status_of(service, &found->second).value_or(ServingStatus::SERVICE_UNKNOWN));
  return {};
}

void HealthStatuses::leave(std::string_view service,
                           const std::shared_ptr<HealthWatch>& watch) noexcept {
  std::lock_guard lock(mutex_);
  const auto found = services_.find(service);
  if (found == services_.end() || found->second.watches.erase(watch) == 0) return;
  --watches_;
  forget_if_empty(found);
}

void HealthStatuses::forget_if_empty(Services::iterator service) {
  if (!service->second.serving && service->second.watches.empty()) services_.erase(service);
}

std::optional<tern_grpc::ServingStatus> HealthStatuses::status_of(std::string_view name,
                                                                  const Service* service) const {
  const bool was_said = service != nullptr && service->serving;
  if (!was_said && !is_of_server(name)) return std::nullopt;
  const bool serving = was_said ? *service->serving : others_serve_;
  return serving && !shut_down_ ? ServingStatus::SERVING : ServingStatus::NOT_SERVING;
}

bool HealthStatuses::is_of_server(std::string_view name) const {
  if (name.empty()) return true;
  const auto core = core_.lock();
  if (!core) return false;
  const std::vector<std::string>& names = core->router().names();
  return std::find(names.begin(), names.end(), name) != names.end();
}

void HealthStatuses::tell(const Services::value_type& service) const {
  if (service.second.watches.empty()) return;
  const ServingStatus status =
      status_of(service.first, &service.second).value_or(ServingStatus::SERVICE_UNKNOWN);
  for (const auto& watch : service.second.watches) watch->tell(status);
}

void HealthStatuses::tell_all() const {
  for (const auto& service : services_) tell(service);
}

}  // namespace tern::grpc_services
