// Services of arith.rpc.
// Written by rpcgen 0.1.0: do not edit it, change arith.rpc instead.
#pragma once

#include "tern/version.h"
#if TERN_CODEGEN_VERSION != 4
#error \
    "arith.service.h: rpcgen 0.1.0 wrote this for codegen version 4 of Tern; run the rpcgen of this runtime"
#endif

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "tern/call.h"
#include "tern/field.h"
#include "tern/service.h"

#include "arith.rpc.h"

namespace arith {

/// Calculates.
///
/// Calls arith.Arith through a channel, which must outlive this.
/// Its methods may be called from any thread.
class ArithStub {
 public:
  explicit ArithStub(tern::Channel& channel) noexcept : channel_(&channel) {}

  /// A times B.
  tern::Call<std::int64_t> Multiply(const Args& args, tern::CallOptions options = {});

  /// A divided by B.
  /// Declared errors: DivideByZero.
  tern::Call<Quotient> Divide(const Args& args, tern::CallOptions options = {});

  /// Answers after the given time has passed.
  tern::Call<void> Sleep(tern::Duration value, tern::CallOptions options = {});

 private:
  tern::Channel* channel_;
};

/// Calculates.
///
/// Serves arith.Arith: derive from it.
/// Handlers may run at the same time on several threads.
class ArithService : public tern::Service {
 public:
  /// A times B.
  virtual tern::Reply<std::int64_t> Multiply(tern::ServerContext& context, Args args) = 0;

  /// A divided by B.
  /// Declared errors: DivideByZero.
  virtual tern::Reply<Quotient> Divide(tern::ServerContext& context, Args args) = 0;

  /// Answers after the given time has passed.
  virtual tern::Reply<void> Sleep(tern::ServerContext& context, tern::Duration value) = 0;

  std::string_view name() const noexcept final;
  std::span<const tern::Method> methods() const noexcept final;
  void dispatch(std::size_t method, tern::ServerCall& call) final;
};

}  // namespace arith
