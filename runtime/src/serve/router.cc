#include "serve/router.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <chrono>
#include <functional>
#include <utility>

#include "tern/codegen/type_ops_of.h"

namespace tern::serve {

namespace {

// Three names a method, and half of the slots stay free.
constexpr std::size_t kNamesPerMethod = 3;

std::string_view short_name(std::string_view service) {
  return service.substr(service.rfind('.') + 1);
}

}  // namespace

const Method Router::kNowhere{"(none)",
                              "(none)",
                              0,
                              type_ops<Nothing>,
                              type_ops<Nothing>,
                              {},
                              std::chrono::nanoseconds(0),
                              false,
                              MethodKind::kUnary,
                              std::chrono::nanoseconds(0),
                              nullptr,
                              {Access::Kind::kAuthenticated, {}}};
const Method Router::kNowhereStream{"(none)",
                                    "(none)",
                                    0,
                                    type_ops<Nothing>,
                                    type_ops<Nothing>,
                                    {},
                                    std::chrono::nanoseconds(0),
                                    false,
                                    MethodKind::kBidiStream,
                                    std::chrono::nanoseconds(0),
                                    nullptr,
                                    {Access::Kind::kAuthenticated, {}}};

Status Router::add(std::shared_ptr<Service> service) {
  if (!service) return Status(Code::kInvalidArgument, "service: null; expected an object");
  if (Status taken = check(*service); !taken.ok()) return taken;
  Service* shared = service.get();
  services_.push_back(std::move(service));
  return add_routes(*shared, shared, 0);
}

Status Router::add_per_connection(Factory factory) {
  if (!factory) return Status(Code::kInvalidArgument, "service factory: empty");
  std::unique_ptr<Service> first = factory();
  if (!first) return Status(Code::kInvalidArgument, "service factory: it made no service");
  if (Status taken = check(*first); !taken.ok()) return taken;
  factories_.push_back(std::move(factory));
  return add_routes(*first, nullptr, factories_.size() - 1);
}

Status Router::check(const Service& service) const {
  std::string_view name = service.name();
  if (std::find(names_.begin(), names_.end(), name) != names_.end()) {
    return Status(Code::kAlreadyExists, fmt::format("service {}: it is served already", name));
  }
  for (const Method& method : service.methods()) {
    if (const Route* other = find(method.id)) {
      return Status(
          Code::kAlreadyExists,
          fmt::format("service {}: method {} has the id {:#010x} of {}.{}; rename one of them",
                      name, method.name, method.id, other->method->service, other->method->name));
    }
  }
  return {};
}

Status Router::add_routes(const Service& service, Service* shared, std::size_t factory) {
  names_.emplace_back(service.name());
  std::span<const Method> methods = service.methods();
  std::size_t first = routes_.size();
  for (std::size_t i = 0; i < methods.size(); ++i) {
    Route route;
    route.method = &methods[i];
    route.index = routes_.size();
    route.service = shared;
    route.factory = factory;
    route.position = i;
    routes_.push_back(route);
  }
  for (Route& route : nowhere_) route.index = routes_.size();
  std::size_t slots = std::bit_ceil(std::max<std::size_t>(routes_.size(), 4) * 2);
  if (slots > ids_.size()) {
    ids_.assign(slots, IdSlot());
    mask_ = slots - 1;
    by_name_.assign(std::bit_ceil(slots * kNamesPerMethod), NameSlot());
    name_mask_ = by_name_.size() - 1;
    first = 0;
  }
  index_from(first);
  return {};
}

void Router::index_from(std::size_t first) {
  for (std::size_t i = first; i < routes_.size(); ++i) {
    index_id(i);
    const Method& method = *routes_[i].method;
    index_name(fmt::format("{}.{}", method.service, method.name), i);
    index_name(fmt::format("{}/{}", method.service, method.name), i);
    index_name(fmt::format("{}.{}", short_name(method.service), method.name), i);
  }
}

void Router::index_id(std::size_t route) {
  std::uint32_t id = routes_[route].method->id;
  std::size_t at = id & mask_;
  while (ids_[at].route != 0) at = (at + 1) & mask_;
  ids_[at] = {id, static_cast<std::uint32_t>(route + 1)};
}

// Where `name` is, or the free slot where it belongs.
std::size_t Router::slot_of(std::string_view name) const noexcept {
  std::size_t at = std::hash<std::string_view>()(name) & name_mask_;
  while (by_name_[at].route != 0 && by_name_[at].name != name) at = (at + 1) & name_mask_;
  return at;
}

void Router::index_name(std::string name, std::size_t route) {
  NameSlot& slot = by_name_[slot_of(name)];
  if (slot.route == 0) {
    slot = {std::move(name), route + 1, false};
  } else if (slot.route != route + 1) {
    // The short name of one service can be the whole name of another, which then keeps it.
    auto whole = [&slot, this](std::size_t index) {
      const Method& method = *routes_[index].method;
      return slot.name == fmt::format("{}.{}", method.service, method.name);
    };
    if (whole(route)) {
      slot.route = route + 1;
      slot.ambiguous = false;
    } else if (!whole(slot.route - 1)) {
      slot.ambiguous = true;
    }
  }
}

std::string Router::services() const {
  constexpr std::size_t kShown = 5;
  if (names_.empty()) return "nothing";
  const std::size_t shown = std::min(names_.size(), kShown);
  std::string text =
      fmt::format("{}", fmt::join(names_.begin(), names_.begin() + static_cast<long>(shown), ", "));
  if (shown < names_.size()) text += fmt::format(" and {} more", names_.size() - shown);
  return text;
}

Lookup Router::find(std::string_view name) const {
  if (!by_name_.empty()) {
    const NameSlot& slot = by_name_[slot_of(name)];
    if (slot.ambiguous) return {nullptr, wire::UnknownMethod::kAmbiguous};
    if (slot.route != 0) return {&routes_[slot.route - 1]};
  }
  std::size_t split = name.rfind('/');
  if (split == std::string_view::npos) split = name.rfind('.');
  // As Go does it: at the last dot, whatever stands on either side.
  if (split == std::string_view::npos) return {nullptr, wire::UnknownMethod::kIllFormed};
  std::string_view service = name.substr(0, split);
  bool known = std::any_of(names_.begin(), names_.end(), [service](const std::string& other) {
    return other == service || short_name(other) == service;
  });
  return {nullptr, known ? wire::UnknownMethod::kMethod : wire::UnknownMethod::kService};
}

}  // namespace tern::serve
