// Services of recursion.rpc.
// Written by rpcgen 0.1.0: do not edit it, change recursion.rpc instead.
#pragma once

#include "tern/version.h"
#if TERN_CODEGEN_VERSION != 4
#error \
    "recursion.service.h: rpcgen 0.1.0 wrote this for codegen version 4 of Tern; run the rpcgen of this runtime"
#endif

#include <cstddef>
#include <span>
#include <string_view>

#include "tern/call.h"
#include "tern/service.h"

#include "recursion.rpc.h"

namespace recursion {

/// Calls recursion.Calculator through a channel, which must outlive this.
/// Its methods may be called from any thread.
class CalculatorStub {
 public:
  explicit CalculatorStub(tern::Channel& channel) noexcept : channel_(&channel) {}

  tern::Call<double> Evaluate(const Expression& request, tern::CallOptions options = {});

 private:
  tern::Channel* channel_;
};

/// Serves recursion.Calculator: derive from it.
/// Handlers may run at the same time on several threads.
class CalculatorService : public tern::Service {
 public:
  virtual tern::Reply<double> Evaluate(tern::ServerContext& context, Expression request) = 0;

  std::string_view name() const noexcept final;
  std::span<const tern::Method> methods() const noexcept final;
  void dispatch(std::size_t method, tern::ServerCall& call) final;
};

}  // namespace recursion
