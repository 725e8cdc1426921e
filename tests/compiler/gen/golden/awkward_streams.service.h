// Services of awkward_streams.rpc.
// Written by rpcgen 0.1.0: do not edit it, change awkward_streams.rpc instead.
#pragma once

#include "tern/version.h"
#if TERN_CODEGEN_VERSION != 4
#error \
    "awkward_streams.service.h: rpcgen 0.1.0 wrote this for codegen version 4 of Tern; run the rpcgen of this runtime"
#endif

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "tern/call.h"
#include "tern/service.h"
#include "tern/stream.h"

#include "awkward_streams.rpc.h"

namespace awkward::flow {

/// Calls awkward.flow.Streams through a channel, which must outlive this.
/// Its methods may be called from any thread.
class StreamsStub {
 public:
  explicit StreamsStub(tern::Channel& channel) noexcept : channel_(&channel) {}

  /// Returns at once: read() the stream to its end, status() tells how it ended.
  /// Resumes after the last `position`.
  tern::ServerStream<::awkward::flow::Writer> Reader(const ::awkward::flow::Reader& request,
                                                     tern::CallOptions options = {});

  /// Returns at once: write() to the stream, then finish() for the result.
  tern::ClientStream<::awkward::flow::Writer, ::awkward::flow::Reader> Writer(
      tern::CallOptions options = {});

  /// Returns at once: read() the stream to its end, status() tells how it ended.
  tern::ServerStream<::awkward::flow::ServerStream> ServerStream(
      const ::awkward::flow::ServerStream& request, tern::CallOptions options = {});

  /// Returns at once: write() to the stream, then finish() for the result.
  tern::ClientStream<::awkward::flow::ClientStream, ::awkward::flow::ClientStream> ClientStream(
      tern::CallOptions options = {});

  /// Returns at once: read() and write() go beside each other, end_writing() ends a side.
  tern::BidiStream<::awkward::flow::BidiStream, ::awkward::flow::BidiStream> BidiStream(
      tern::CallOptions options = {});

  /// Returns at once: write() to the stream, then finish() for the result.
  tern::ClientStream<::awkward::flow::MethodKind, void> MethodKind(tern::CallOptions options = {});

  /// Returns at once: read() the stream to its end, status() tells how it ended.
  /// Resumes after the last `message`.
  tern::ServerStream<::awkward::flow::ResumeOps> ResumeOps(
      const ::awkward::flow::ResumeOps& request, tern::CallOptions options = {});

  /// Returns at once: read() and write() go beside each other, end_writing() ends a side.
  tern::BidiStream<::awkward::flow::in, ::awkward::flow::out> in(tern::CallOptions options = {});

  /// Returns at once: read() the stream to its end, status() tells how it ended.
  /// Resumes after the last `request`.
  tern::ServerStream<::awkward::flow::out> out(const ::awkward::flow::in& request,
                                               tern::CallOptions options = {});

  /// Returns at once: read() and write() go beside each other, end_writing() ends a side.
  tern::BidiStream<::awkward::flow::writer, ::awkward::flow::reader> reader(
      tern::CallOptions options = {});

  /// Returns at once: read() the stream to its end, status() tells how it ended.
  tern::ServerStream<::awkward::flow::reader> writer(const ::awkward::flow::writer& request,
                                                     tern::CallOptions options = {});

  /// Returns at once: read() the stream to its end, status() tells how it ended.
  tern::ServerStream<ServerCall> open_server_stream(tern::CallOptions options = {});

  /// Returns at once: write() to the stream, then finish() for the result.
  tern::ClientStream<Reply, Reply> call(tern::CallOptions options = {});

 private:
  tern::Channel* channel_;
};

/// Serves awkward.flow.Streams: derive from it.
/// Handlers may run at the same time on several threads.
class StreamsService : public tern::Service {
 public:
  /// Writes to `out`, which ends with what the handler returns.
  /// Resumes after the last `position`.
  virtual tern::Reply<void> Reader(tern::ServerContext& context, ::awkward::flow::Reader request,
                                   tern::Writer<::awkward::flow::Writer> out) = 0;

  /// Reads `in` to its end, where status() tells whether that is all, then returns.
  virtual tern::Reply<::awkward::flow::Reader> Writer(tern::ServerContext& context,
                                                      tern::Reader<::awkward::flow::Writer> in) = 0;

  /// Writes to `out`, which ends with what the handler returns.
  virtual tern::Reply<void> ServerStream(tern::ServerContext& context,
                                         ::awkward::flow::ServerStream request,
                                         tern::Writer<::awkward::flow::ServerStream> out) = 0;

  /// Reads `in` to its end, where status() tells whether that is all, then returns.
  virtual tern::Reply<::awkward::flow::ClientStream> ClientStream(
      tern::ServerContext& context, tern::Reader<::awkward::flow::ClientStream> in) = 0;

  /// Reads `in` and writes to `out`; both end with what the handler returns.
  virtual tern::Reply<void> BidiStream(tern::ServerContext& context,
                                       tern::Reader<::awkward::flow::BidiStream> in,
                                       tern::Writer<::awkward::flow::BidiStream> out) = 0;

  /// Reads `in` to its end, where status() tells whether that is all, then returns.
  virtual tern::Reply<void> MethodKind(tern::ServerContext& context,
                                       tern::Reader<::awkward::flow::MethodKind> in) = 0;

  /// Writes to `out`, which ends with what the handler returns.
  /// Resumes after the last `message`.
  virtual tern::Reply<void> ResumeOps(tern::ServerContext& context,
                                      ::awkward::flow::ResumeOps request,
                                      tern::Writer<::awkward::flow::ResumeOps> out) = 0;

  /// Reads `in` and writes to `out`; both end with what the handler returns.
  virtual tern::Reply<void> in(tern::ServerContext& context, tern::Reader<::awkward::flow::in> in,
                               tern::Writer<::awkward::flow::out> out) = 0;

  /// Writes to `out`, which ends with what the handler returns.
  /// Resumes after the last `request`.
  virtual tern::Reply<void> out(tern::ServerContext& context, ::awkward::flow::in request,
                                tern::Writer<::awkward::flow::out> out) = 0;

  /// Reads `in` and writes to `out`; both end with what the handler returns.
  virtual tern::Reply<void> reader(tern::ServerContext& context,
                                   tern::Reader<::awkward::flow::writer> in,
                                   tern::Writer<::awkward::flow::reader> out) = 0;

  /// Writes to `out`, which ends with what the handler returns.
  virtual tern::Reply<void> writer(tern::ServerContext& context, ::awkward::flow::writer request,
                                   tern::Writer<::awkward::flow::reader> out) = 0;

  /// Writes to `out`, which ends with what the handler returns.
  virtual tern::Reply<void> open_server_stream(tern::ServerContext& context,
                                               tern::Writer<ServerCall> out) = 0;

  /// Reads `in` to its end, where status() tells whether that is all, then returns.
  virtual tern::Reply<Reply> call(tern::ServerContext& context, tern::Reader<Reply> in) = 0;

  std::string_view name() const noexcept final;
  std::span<const tern::Method> methods() const noexcept final;
  void dispatch(std::size_t method, tern::ServerCall& call) final;
};

/// Methods called like what the functions that call them use.
///
/// Calls awkward.flow.Locals through a channel, which must outlive this.
/// Its methods may be called from any thread.
class LocalsStub {
 public:
  explicit LocalsStub(tern::Channel& channel) noexcept : channel_(&channel) {}

  /// Returns at once: read() and write() go beside each other, end_writing() ends a side.
  tern::BidiStream<std::int64_t, std::string> argument(tern::CallOptions options = {});

  /// Returns at once: write() to the stream, then finish() for the result.
  tern::ClientStream<Reply, Reply> finish(tern::CallOptions options = {});

 private:
  tern::Channel* channel_;
};

/// Methods called like what the functions that call them use.
///
/// Serves awkward.flow.Locals: derive from it.
/// Handlers may run at the same time on several threads.
class LocalsService : public tern::Service {
 public:
  /// Reads `in` and writes to `out`; both end with what the handler returns.
  virtual tern::Reply<void> argument(tern::ServerContext& context, tern::Reader<std::int64_t> in,
                                     tern::Writer<std::string> out) = 0;

  /// Reads `in` to its end, where status() tells whether that is all, then returns.
  virtual tern::Reply<Reply> finish(tern::ServerContext& context, tern::Reader<Reply> in) = 0;

  std::string_view name() const noexcept final;
  std::span<const tern::Method> methods() const noexcept final;
  void dispatch(std::size_t method, tern::ServerCall& call) final;
};

}  // namespace awkward::flow
