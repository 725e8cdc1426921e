// Messages of grpc_services/idl/health.rpc.
// Written by rpcgen 0.1.0: do not edit it, change grpc_services/idl/health.rpc instead.
#pragma once

#include "tern/version.h"
#if TERN_CODEGEN_VERSION != 4
#error \
    "grpc_services/idl/health.rpc.h: rpcgen 0.1.0 wrote this for codegen version 4 of Tern; run the rpcgen of this runtime"
#endif

#include <array>
#include <cstdint>
#include <initializer_list>
#include <iosfwd>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "tern/field.h"

/// grpc.health.v1 of published/, as rpcgen imports it. It is served under that name; the package is
/// another one, so that a program can also have what protobuf makes of the published file.
namespace tern_grpc {

enum class ServingStatus : std::int32_t {
  UNKNOWN = 0,
  SERVING = 1,
  NOT_SERVING = 2,
  /// Watch alone says it.
  SERVICE_UNKNOWN = 3,
};

/// A value's name; "" for a number that has none here: a newer peer may send those.
constexpr std::string_view enum_name(ServingStatus value) noexcept {
  switch (value) {
    case ServingStatus::UNKNOWN:
      return "UNKNOWN";
    case ServingStatus::SERVING:
      return "SERVING";
    case ServingStatus::NOT_SERVING:
      return "NOT_SERVING";
    case ServingStatus::SERVICE_UNKNOWN:
      return "SERVICE_UNKNOWN";
  }
  return "";
}

/// Finds the value of that name. False, with `value` as it was, if there is none.
constexpr bool enum_value(std::string_view name, ServingStatus& value) noexcept {
  for (ServingStatus each : {ServingStatus::UNKNOWN, ServingStatus::SERVING,
                             ServingStatus::NOT_SERVING, ServingStatus::SERVICE_UNKNOWN}) {
    if (enum_name(each) == name) {
      value = each;
      return true;
    }
  }
  return false;
}

struct HealthCheckRequest {
  /// The name of a service; "": the server as a whole.
  std::string service;

  HealthCheckRequest() = default;
  constexpr HealthCheckRequest(std::string service_) : service(std::move(service_)) {}
  bool operator==(const HealthCheckRequest&) const = default;
  friend std::ostream& operator<<(std::ostream&, const HealthCheckRequest&);

  static constexpr std::string_view kTypeName = "tern_grpc.HealthCheckRequest";
  static constexpr std::array<tern::Field, 1> kFields{{{1, "service"}}};
  template <typename Self, typename Visitor>
  static constexpr bool visit_fields(Self& self, Visitor& visit) {
    return visit(kFields[0], self.service);
  }
};

struct HealthCheckResponse {
  ServingStatus status = ServingStatus::UNKNOWN;

  HealthCheckResponse() = default;
  constexpr HealthCheckResponse(ServingStatus status_) : status(status_) {}
  bool operator==(const HealthCheckResponse&) const = default;
  friend std::ostream& operator<<(std::ostream&, const HealthCheckResponse&);

  static constexpr std::string_view kTypeName = "tern_grpc.HealthCheckResponse";
  static constexpr std::array<tern::Field, 1> kFields{{{1, "status"}}};
  template <typename Self, typename Visitor>
  static constexpr bool visit_fields(Self& self, Visitor& visit) {
    return visit(kFields[0], self.status);
  }
};

struct HealthListRequest {
  HealthListRequest() = default;
  bool operator==(const HealthListRequest&) const = default;
  friend std::ostream& operator<<(std::ostream&, const HealthListRequest&);

  static constexpr std::string_view kTypeName = "tern_grpc.HealthListRequest";
  static constexpr std::array<tern::Field, 0> kFields{};
  template <typename Self, typename Visitor>
  static constexpr bool visit_fields(Self&, Visitor&) {
    return true;
  }
};

struct HealthListResponse {
  std::map<std::string, HealthCheckResponse> statuses;

  HealthListResponse() = default;
  HealthListResponse(std::map<std::string, HealthCheckResponse> statuses_)
      : statuses(std::move(statuses_)) {}
  bool operator==(const HealthListResponse&) const = default;
  friend std::ostream& operator<<(std::ostream&, const HealthListResponse&);

  static constexpr std::string_view kTypeName = "tern_grpc.HealthListResponse";
  static constexpr std::array<tern::Field, 1> kFields{{{1, "statuses"}}};
  template <typename Self, typename Visitor>
  static constexpr bool visit_fields(Self& self, Visitor& visit) {
    return visit(kFields[0], self.statuses);
  }
};

}  // namespace tern_grpc
