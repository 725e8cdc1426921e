// Services of everything.rpc.
// Written by rpcgen 0.1.0: do not edit it, change everything.rpc instead.
#pragma once

#include "tern/version.h"
#if TERN_CODEGEN_VERSION != 4
#error \
    "everything.service.h: rpcgen 0.1.0 wrote this for codegen version 4 of Tern; run the rpcgen of this runtime"
#endif

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tern/call.h"
#include "tern/field.h"
#include "tern/service.h"

#include "common.rpc.h"
#include "everything.rpc.h"

// Users of what is deprecated here are warned; this file is not.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"

namespace tests::everything {

/// Methods of every shape.
///
/// Calls tests.everything.Everything through a channel, which must outlive this.
/// Its methods may be called from any thread.
class EverythingStub {
 public:
  explicit EverythingStub(tern::Channel& channel) noexcept : channel_(&channel) {}

  /// Gives back what it is given.
  tern::Call<Scalars> Echo(const Scalars& request, tern::CallOptions options = {});
  tern::Call<Optionals> EchoOptionals(const Optionals& request, tern::CallOptions options = {});
  tern::Call<Lists> EchoLists(const Lists& request, tern::CallOptions options = {});
  tern::Call<Maps> EchoMaps(const Maps& request, tern::CallOptions options = {});
  tern::Call<Shape> EchoShape(const Shape& request, tern::CallOptions options = {});
  tern::Call<Tree> EchoTree(const Tree& request, tern::CallOptions options = {});
  tern::Call<bool> Bool(bool value, tern::CallOptions options = {});
  tern::Call<std::int32_t> Int32(std::int32_t value, tern::CallOptions options = {});
  tern::Call<std::int64_t> Int64(std::int64_t value, tern::CallOptions options = {});
  tern::Call<std::uint32_t> Uint32(std::uint32_t value, tern::CallOptions options = {});
  tern::Call<std::uint64_t> Uint64(std::uint64_t value, tern::CallOptions options = {});
  tern::Call<float> Float(float value, tern::CallOptions options = {});
  tern::Call<double> Double(double value, tern::CallOptions options = {});
  tern::Call<std::string> Text(const std::string& value, tern::CallOptions options = {});
  tern::Call<std::vector<std::byte>> Blob(const std::vector<std::byte>& value,
                                          tern::CallOptions options = {});
  tern::Call<tern::Timestamp> Later(tern::Timestamp value, tern::CallOptions options = {});
  tern::Call<tern::Duration> Longer(tern::Duration value, tern::CallOptions options = {});
  tern::Call<Color> Paint(Color value, tern::CallOptions options = {});
  tern::Call<std::int64_t> Sum(const std::vector<std::int64_t>& values,
                               tern::CallOptions options = {});
  tern::Call<std::map<std::int32_t, std::vector<std::string>>> Invert(
      const std::map<std::string, std::int32_t>& values, tern::CallOptions options = {});

  /// Takes nothing, gives nothing.
  tern::Call<void> Ping(tern::CallOptions options = {});
  tern::Call<tern::Timestamp> Now(tern::CallOptions options = {});
  tern::Call<void> Log(const std::string& value, tern::CallOptions options = {});
  tern::Call<::tests::common::Point> Move(const ::tests::common::Point& request,
                                          tern::CallOptions options = {});

  /// Fails in one of three ways.
  /// Declared errors: Broken, Silent, ::tests::common::NotFound.
  /// Time limit: 500 ms, unless the caller sets another.
  tern::Call<Scalars> Fail(const std::string& value, tern::CallOptions options = {});
  /// Declared errors: Retired.
  [[deprecated]] tern::Call<void> Former(const Old& request, tern::CallOptions options = {});
  tern::Call<void> delete_(const std::string& value, tern::CallOptions options = {});
  tern::Call<std::vector<std::string>> list(std::int32_t value, tern::CallOptions options = {});
  /// Declared errors: Silent.
  /// Time limit: 2 h, unless the caller sets another.
  tern::Call<std::string> error(tern::CallOptions options = {});

 private:
  tern::Channel* channel_;
};

/// Methods of every shape.
///
/// Serves tests.everything.Everything: derive from it.
/// Handlers may run at the same time on several threads.
class EverythingService : public tern::Service {
 public:
  /// Gives back what it is given.
  virtual tern::Reply<Scalars> Echo(tern::ServerContext& context, Scalars request) = 0;
  virtual tern::Reply<Optionals> EchoOptionals(tern::ServerContext& context, Optionals request) = 0;
  virtual tern::Reply<Lists> EchoLists(tern::ServerContext& context, Lists request) = 0;
  virtual tern::Reply<Maps> EchoMaps(tern::ServerContext& context, Maps request) = 0;
  virtual tern::Reply<Shape> EchoShape(tern::ServerContext& context, Shape request) = 0;
  virtual tern::Reply<Tree> EchoTree(tern::ServerContext& context, Tree request) = 0;
  virtual tern::Reply<bool> Bool(tern::ServerContext& context, bool value) = 0;
  virtual tern::Reply<std::int32_t> Int32(tern::ServerContext& context, std::int32_t value) = 0;
  virtual tern::Reply<std::int64_t> Int64(tern::ServerContext& context, std::int64_t value) = 0;
  virtual tern::Reply<std::uint32_t> Uint32(tern::ServerContext& context, std::uint32_t value) = 0;
  virtual tern::Reply<std::uint64_t> Uint64(tern::ServerContext& context, std::uint64_t value) = 0;
  virtual tern::Reply<float> Float(tern::ServerContext& context, float value) = 0;
  virtual tern::Reply<double> Double(tern::ServerContext& context, double value) = 0;
  virtual tern::Reply<std::string> Text(tern::ServerContext& context, std::string value) = 0;
  virtual tern::Reply<std::vector<std::byte>> Blob(tern::ServerContext& context,
                                                   std::vector<std::byte> value) = 0;
  virtual tern::Reply<tern::Timestamp> Later(tern::ServerContext& context,
                                             tern::Timestamp value) = 0;
  virtual tern::Reply<tern::Duration> Longer(tern::ServerContext& context,
                                             tern::Duration value) = 0;
  virtual tern::Reply<Color> Paint(tern::ServerContext& context, Color value) = 0;
  virtual tern::Reply<std::int64_t> Sum(tern::ServerContext& context,
                                        std::vector<std::int64_t> values) = 0;
  virtual tern::Reply<std::map<std::int32_t, std::vector<std::string>>> Invert(
      tern::ServerContext& context, std::map<std::string, std::int32_t> values) = 0;

  /// Takes nothing, gives nothing.
  virtual tern::Reply<void> Ping(tern::ServerContext& context) = 0;
  virtual tern::Reply<tern::Timestamp> Now(tern::ServerContext& context) = 0;
  virtual tern::Reply<void> Log(tern::ServerContext& context, std::string value) = 0;
  virtual tern::Reply<::tests::common::Point> Move(tern::ServerContext& context,
                                                   ::tests::common::Point request) = 0;

  /// Fails in one of three ways.
  /// Declared errors: Broken, Silent, ::tests::common::NotFound.
  /// Time limit: 500 ms, unless the caller sets another.
  virtual tern::Reply<Scalars> Fail(tern::ServerContext& context, std::string value) = 0;
  /// Declared errors: Retired.
  virtual tern::Reply<void> Former(tern::ServerContext& context, Old request) = 0;
  virtual tern::Reply<void> delete_(tern::ServerContext& context, std::string value) = 0;
  virtual tern::Reply<std::vector<std::string>> list(tern::ServerContext& context,
                                                     std::int32_t value) = 0;
  /// Declared errors: Silent.
  /// Time limit: 2 h, unless the caller sets another.
  virtual tern::Reply<std::string> error(tern::ServerContext& context) = 0;

  std::string_view name() const noexcept final;
  std::span<const tern::Method> methods() const noexcept final;
  void dispatch(std::size_t method, tern::ServerCall& call) final;
};

/// A second one in the same file.
///
/// Calls tests.everything.Other through a channel, which must outlive this.
/// Its methods may be called from any thread.
class [[deprecated]] OtherStub {
 public:
  explicit OtherStub(tern::Channel& channel) noexcept : channel_(&channel) {}

  tern::Call<std::string> Echo(const std::string& value, tern::CallOptions options = {});

 private:
  tern::Channel* channel_;
};

/// A second one in the same file.
///
/// Serves tests.everything.Other: derive from it.
/// Handlers may run at the same time on several threads.
class [[deprecated]] OtherService : public tern::Service {
 public:
  virtual tern::Reply<std::string> Echo(tern::ServerContext& context, std::string value) = 0;

  std::string_view name() const noexcept final;
  std::span<const tern::Method> methods() const noexcept final;
  void dispatch(std::size_t method, tern::ServerCall& call) final;
};

}  // namespace tests::everything

#pragma GCC diagnostic pop
