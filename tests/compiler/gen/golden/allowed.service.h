// Services of allowed.rpc.
// Written by rpcgen 0.1.0: do not edit it, change allowed.rpc instead.
#pragma once

#include "tern/version.h"
#if TERN_CODEGEN_VERSION != 4
#error \
    "allowed.service.h: rpcgen 0.1.0 wrote this for codegen version 4 of Tern; run the rpcgen of this runtime"
#endif

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "tern/call.h"
#include "tern/service.h"
#include "tern/stream.h"

#include "allowed.rpc.h"

namespace allowed {

/// Calls allowed.Vault through a channel, which must outlive this.
/// Its methods may be called from any thread.
class VaultStub {
 public:
  explicit VaultStub(tern::Channel& channel) noexcept : channel_(&channel) {}

  /// Allowed: who has the role user.
  tern::Call<std::string> Read(const Key& request, tern::CallOptions options = {});
  /// Time limit: 1 s, unless the caller sets another.
  /// Allowed: who has the role admin.
  tern::Call<void> Delete(const Key& request, tern::CallOptions options = {});
  /// Allowed: who has all of the roles admin, two_factor.
  tern::Call<void> Seal(tern::CallOptions options = {});

  /// Returns at once: read() the stream to its end, status() tells how it ended.
  /// Allowed: who has one of the roles admin, auditor.
  tern::ServerStream<Key> Audit(const Key& request, tern::CallOptions options = {});
  /// Allowed: everybody who is known.
  tern::Call<std::string> Whoami(tern::CallOptions options = {});
  /// Allowed: everybody.
  tern::Call<std::string> Hello(tern::CallOptions options = {});

 private:
  tern::Channel* channel_;
};

/// Serves allowed.Vault: derive from it.
/// Handlers may run at the same time on several threads.
class VaultService : public tern::Service {
 public:
  /// Allowed: who has the role user.
  virtual tern::Reply<std::string> Read(tern::ServerContext& context, Key request) = 0;
  /// Time limit: 1 s, unless the caller sets another.
  /// Allowed: who has the role admin.
  virtual tern::Reply<void> Delete(tern::ServerContext& context, Key request) = 0;
  /// Allowed: who has all of the roles admin, two_factor.
  virtual tern::Reply<void> Seal(tern::ServerContext& context) = 0;

  /// Writes to `out`, which ends with what the handler returns.
  /// Allowed: who has one of the roles admin, auditor.
  virtual tern::Reply<void> Audit(tern::ServerContext& context, Key request,
                                  tern::Writer<Key> out) = 0;
  /// Allowed: everybody who is known.
  virtual tern::Reply<std::string> Whoami(tern::ServerContext& context) = 0;
  /// Allowed: everybody.
  virtual tern::Reply<std::string> Hello(tern::ServerContext& context) = 0;

  std::string_view name() const noexcept final;
  std::span<const tern::Method> methods() const noexcept final;
  void dispatch(std::size_t method, tern::ServerCall& call) final;
};

}  // namespace allowed
