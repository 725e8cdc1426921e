// Services of awkward.rpc.
// Written by rpcgen 0.1.0: do not edit it, change awkward.rpc instead.
#pragma once

#include "tern/version.h"
#if TERN_CODEGEN_VERSION != 4
#error \
    "awkward.service.h: rpcgen 0.1.0 wrote this for codegen version 4 of Tern; run the rpcgen of this runtime"
#endif

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "tern/call.h"
#include "tern/service.h"

#include "awkward.rpc.h"

namespace awkward::namespace_ {

/// Methods called like types, and types called like what their code uses.
///
/// Calls awkward.namespace.Calls through a channel, which must outlive this.
/// Its methods may be called from any thread.
class CallsStub {
 public:
  explicit CallsStub(tern::Channel& channel) noexcept : channel_(&channel) {}

  tern::Call<::awkward::namespace_::Point> Point(const ::awkward::namespace_::Point& request,
                                                 tern::CallOptions options = {});
  tern::Call<::awkward::namespace_::Color> Color(::awkward::namespace_::Color value,
                                                 tern::CallOptions options = {});
  tern::Call<::awkward::namespace_::context> delete_(const ::awkward::namespace_::argument& request,
                                                     tern::CallOptions options = {});
  tern::Call<::awkward::namespace_::call> options(const ::awkward::namespace_::context& request,
                                                  tern::CallOptions options = {});
  tern::Call<::awkward::namespace_::argument> call(const ::awkward::namespace_::call& request,
                                                   tern::CallOptions options = {});
  tern::Call<std::vector<::awkward::namespace_::Empty>> Empty(
      const ::awkward::namespace_::Empty& request, tern::CallOptions options = {});

 private:
  tern::Channel* channel_;
};

/// Methods called like types, and types called like what their code uses.
///
/// Serves awkward.namespace.Calls: derive from it.
/// Handlers may run at the same time on several threads.
class CallsService : public tern::Service {
 public:
  virtual tern::Reply<::awkward::namespace_::Point> Point(tern::ServerContext& context,
                                                          ::awkward::namespace_::Point request) = 0;
  virtual tern::Reply<::awkward::namespace_::Color> Color(tern::ServerContext& context,
                                                          ::awkward::namespace_::Color value) = 0;
  virtual tern::Reply<::awkward::namespace_::context> delete_(
      tern::ServerContext& context, ::awkward::namespace_::argument request) = 0;
  virtual tern::Reply<::awkward::namespace_::call> options(
      tern::ServerContext& context, ::awkward::namespace_::context request) = 0;
  virtual tern::Reply<::awkward::namespace_::argument> call(
      tern::ServerContext& context, ::awkward::namespace_::call request) = 0;
  virtual tern::Reply<std::vector<::awkward::namespace_::Empty>> Empty(
      tern::ServerContext& context, ::awkward::namespace_::Empty request) = 0;

  std::string_view name() const noexcept final;
  std::span<const tern::Method> methods() const noexcept final;
  void dispatch(std::size_t method, tern::ServerCall& call) final;
};

}  // namespace awkward::namespace_
