// Services of allowed.rpc.
// Written by rpcgen 0.1.0: do not edit it, change allowed.rpc instead.
#include "allowed.service.h"

#include <array>
#include <chrono>
#include <utility>

#include "tern/codegen/method.h"
#include "tern/codegen/methods_of.h"
#include "tern/codegen/type_ops.h"

template <>
struct tern::MethodsOf<allowed::VaultStub> {
  static constexpr std::array<std::string_view, 1> kRoles0{"user"};
  static constexpr std::array<std::string_view, 1> kRoles1{"admin"};
  static constexpr std::array<std::string_view, 2> kRoles2{"admin", "two_factor"};
  static constexpr std::array<std::string_view, 2> kRoles3{"admin", "auditor"};
  static constexpr std::array<tern::Method, 6> kTable{{
      {.service = "allowed.Vault",
       .name = "Read",
       .id = 0xe04295d2,
       .argument = &tern::type_ops<::allowed::Key>,
       .result = &tern::type_ops<std::string>,
       .errors = {},
       .timeout = std::chrono::nanoseconds(0),
       .idempotent = false,
       .access = {tern::Access::Kind::kAnyOf, kRoles0}},
      {.service = "allowed.Vault",
       .name = "Delete",
       .id = 0x69f00b95,
       .argument = &tern::type_ops<::allowed::Key>,
       .result = &tern::type_ops<tern::Nothing>,
       .errors = {},
       .timeout = std::chrono::seconds(1),
       .idempotent = false,
       .access = {tern::Access::Kind::kAnyOf, kRoles1}},
      {.service = "allowed.Vault",
       .name = "Seal",
       .id = 0xc568d677,
       .argument = &tern::type_ops<tern::Nothing>,
       .result = &tern::type_ops<tern::Nothing>,
       .errors = {},
       .timeout = std::chrono::nanoseconds(0),
       .idempotent = false,
       .access = {tern::Access::Kind::kAllOf, kRoles2}},
      {.service = "allowed.Vault",
       .name = "Audit",
       .id = 0xca9dadb5,
       .argument = &tern::type_ops<::allowed::Key>,
       .result = &tern::type_ops<::allowed::Key>,
       .errors = {},
       .timeout = std::chrono::nanoseconds(0),
       .idempotent = false,
       .kind = tern::MethodKind::kServerStream,
       .message_timeout = std::chrono::nanoseconds(0),
       .resume = nullptr,
       .access = {tern::Access::Kind::kAnyOf, kRoles3}},
      {.service = "allowed.Vault",
       .name = "Whoami",
       .id = 0xc5c34933,
       .argument = &tern::type_ops<tern::Nothing>,
       .result = &tern::type_ops<std::string>,
       .errors = {},
       .timeout = std::chrono::nanoseconds(0),
       .idempotent = false,
       .access = {tern::Access::Kind::kAuthenticated}},
      {.service = "allowed.Vault",
       .name = "Hello",
       .id = 0xac5868c2,
       .argument = &tern::type_ops<tern::Nothing>,
       .result = &tern::type_ops<std::string>,
       .errors = {},
       .timeout = std::chrono::nanoseconds(0),
       .idempotent = false,
       .access = {tern::Access::Kind::kPublic}},
  }};
  static_assert(kTable[0].id == tern::method_id("allowed.Vault", "Read"));
  static_assert(kTable[1].id == tern::method_id("allowed.Vault", "Delete"));
  static_assert(kTable[2].id == tern::method_id("allowed.Vault", "Seal"));
  static_assert(kTable[3].id == tern::method_id("allowed.Vault", "Audit"));
  static_assert(kTable[4].id == tern::method_id("allowed.Vault", "Whoami"));
  static_assert(kTable[5].id == tern::method_id("allowed.Vault", "Hello"));
};

namespace allowed {

tern::Call<std::string> VaultStub::Read(const Key& request, tern::CallOptions options) {
  return tern::start_call<std::string>(*channel_, tern::MethodsOf<VaultStub>::kTable[0], &request,
                                       options);
}

tern::Call<void> VaultStub::Delete(const Key& request, tern::CallOptions options) {
  return tern::start_call<void>(*channel_, tern::MethodsOf<VaultStub>::kTable[1], &request,
                                options);
}

tern::Call<void> VaultStub::Seal(tern::CallOptions options) {
  tern::Nothing nothing;
  return tern::start_call<void>(*channel_, tern::MethodsOf<VaultStub>::kTable[2], &nothing,
                                options);
}

tern::ServerStream<Key> VaultStub::Audit(const Key& request, tern::CallOptions options) {
  return tern::open_server_stream<Key>(*channel_, tern::MethodsOf<VaultStub>::kTable[3], &request,
                                       options);
}

tern::Call<std::string> VaultStub::Whoami(tern::CallOptions options) {
  tern::Nothing nothing;
  return tern::start_call<std::string>(*channel_, tern::MethodsOf<VaultStub>::kTable[4], &nothing,
                                       options);
}

tern::Call<std::string> VaultStub::Hello(tern::CallOptions options) {
  tern::Nothing nothing;
  return tern::start_call<std::string>(*channel_, tern::MethodsOf<VaultStub>::kTable[5], &nothing,
                                       options);
}

std::string_view VaultService::name() const noexcept {
  return "allowed.Vault";
}

std::span<const tern::Method> VaultService::methods() const noexcept {
  return tern::MethodsOf<VaultStub>::kTable;
}

void VaultService::dispatch(std::size_t method, tern::ServerCall& call) {
  switch (method) {
    case 0: {
      Key argument;
      if (call.decode(argument)) call.finish(Read(call, std::move(argument)));
      return;
    }
    case 1: {
      Key argument;
      if (call.decode(argument)) call.finish(Delete(call, std::move(argument)));
      return;
    }
    case 2:
      return call.finish(Seal(call));
    case 3: {
      Key argument;
      if (call.decode(argument)) call.finish(Audit(call, std::move(argument), call.writer<Key>()));
      return;
    }
    case 4:
      return call.finish(Whoami(call));
    case 5:
      return call.finish(Hello(call));
  }
}

}  // namespace allowed
