// Which handler a request names.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tern/service.h"
#include "tern/status.h"
#include "wire/method_finder.h"
#include "wire/unknown_method.h"

namespace tern::serve {

// One method that is served.
struct Route {
  const Method* method = nullptr;
  std::size_t index = 0;       // among all routes, densely
  Service* service = nullptr;  // null: made anew for each connection
  std::size_t factory = 0;     // which one makes it
  std::size_t position = 0;    // in the service's methods()
};

// Where a name leads.
struct Lookup {
  const Route* route = nullptr;                                   // null: nowhere, and
  wire::UnknownMethod unknown = wire::UnknownMethod::kIllFormed;  // why
};

// Threads: add before sharing; find from any thread.
class Router final : public wire::MethodFinder {
 public:
  using Factory = std::function<std::unique_ptr<Service>()>;

  // Fails with kAlreadyExists if the service's name or one of its methods' ids is taken.
  Status add(std::shared_ptr<Service> service);
  // Makes one service to learn its name and methods.
  Status add_per_connection(Factory factory);

  // Null if no method has that id.
  const Route* find(std::uint32_t id) const noexcept {
    if (ids_.empty()) return nullptr;
    for (std::size_t at = id & mask_;; at = (at + 1) & mask_) {
      const IdSlot& slot = ids_[at];
      if (slot.route == 0) return nullptr;
      if (slot.id == id) return &routes_[slot.route - 1];
    }
  }
  // "Arith.Multiply", "arith.Arith.Multiply" or "arith.Arith/Multiply". The short form of a service
  // name works while only one service has it.
  Lookup find(std::string_view name) const;
  const Method* find_method(std::string_view name) const noexcept override {
    const Route* route = find(name).route;
    return route ? route->method : nullptr;
  }

  // Stands for the method of a request that leads to none, until its caller may know that: a method
  // of no service, for every authenticated caller. Its index is behind those of routes().
  const Route& nowhere(bool opens_stream) const noexcept { return nowhere_[opens_stream ? 1 : 0]; }
  bool is_nowhere(const Route& route) const noexcept { return route.index == routes_.size(); }

  bool is_secret() const noexcept override { return secret_; }
  // Of a server with an authenticator; before sharing.
  void keep_secret() noexcept { secret_ = true; }

  // The names of the services, for people: "a.A, b.B and 3 more"; "nothing" if there are none.
  std::string services() const;
  // In the order in which they were added.
  const std::vector<std::string>& names() const noexcept { return names_; }
  std::span<const Route> routes() const noexcept { return routes_; }
  // One more than the highest index of a Route.
  std::size_t indexes() const noexcept { return routes_.size() + 1; }
  std::size_t factories() const noexcept { return factories_.size(); }
  std::unique_ptr<Service> make(std::size_t factory) const { return factories_[factory](); }

 private:
  // As which it is seen: in lists of what is open, in the log.
  static const Method kNowhere;
  static const Method kNowhereStream;

  struct IdSlot {
    std::uint32_t id = 0;
    std::uint32_t route = 0;  // from 1; 0: free
  };
  struct NameSlot {
    std::string name;
    std::size_t route = 0;   // from 1; 0: free
    bool ambiguous = false;  // of two services
  };

  Status check(const Service& service) const;
  Status add_routes(const Service& service, Service* shared, std::size_t factory);
  void index_id(std::size_t route);
  void index_name(std::string name, std::size_t route);
  std::size_t slot_of(std::string_view name) const noexcept;
  void index_from(std::size_t first);

  std::vector<std::shared_ptr<Service>> services_;
  std::vector<Factory> factories_;
  std::vector<std::string> names_;  // of all services
  std::vector<Route> routes_;
  std::array<Route, 2> nowhere_ = {Route{&kNowhere}, Route{&kNowhereStream}};
  // Open addressing, a power of two of slots, at most half of them used.
  std::vector<IdSlot> ids_;
  std::vector<NameSlot> by_name_;
  std::size_t mask_ = 0;
  std::size_t name_mask_ = 0;
  bool secret_ = false;
};

}  // namespace tern::serve
