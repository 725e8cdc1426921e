// Services of streams.rpc.
// Written by rpcgen 0.1.0: do not edit it, change streams.rpc instead.
#pragma once

#include "tern/version.h"
#if TERN_CODEGEN_VERSION != 4
#error \
    "streams.service.h: rpcgen 0.1.0 wrote this for codegen version 4 of Tern; run the rpcgen of this runtime"
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
#include "tern/stream.h"

#include "common.rpc.h"
#include "streams.rpc.h"

// Users of what is deprecated here are warned; this file is not.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"

namespace tests::streams {

/// Calls tests.streams.Store through a channel, which must outlive this.
/// Its methods may be called from any thread.
class StoreStub {
 public:
  explicit StoreStub(tern::Channel& channel) noexcept : channel_(&channel) {}

  /// The changes of a key, from a revision on.
  /// Returns at once: read() the stream to its end, status() tells how it ended.
  /// Declared errors: Gone.
  /// Time limit of the stream: 12 h, unless the caller sets another.
  /// Limit of a silence: 30 s, unless the caller sets another.
  /// Resumes after the last `revision`.
  tern::ServerStream<Change> Watch(const WatchRequest& request, tern::CallOptions options = {});

  /// Takes all that it is sent, or nothing.
  /// Returns at once: write() to the stream, then finish() for the result.
  /// Declared errors: Full, Gone.
  /// Time limit of the stream: 1 min, unless the caller sets another.
  tern::ClientStream<Change, Summary> Upload(tern::CallOptions options = {});

  /// Returns at once: read() and write() go beside each other, end_writing() ends a side.
  /// Limit of a silence: 500 ms, unless the caller sets another.
  tern::BidiStream<Change, Summary> Chat(tern::CallOptions options = {});

  /// One call, one answer.
  /// Declared errors: Gone.
  tern::Call<Change> Get(const std::string& value, tern::CallOptions options = {});

  /// Nothing to ask for.
  /// Returns at once: read() the stream to its end, status() tells how it ended.
  tern::ServerStream<Change> All(tern::CallOptions options = {});

  /// Nothing to tell.
  /// Returns at once: write() to the stream, then finish() for the result.
  tern::ClientStream<std::string, void> Drop(tern::CallOptions options = {});

  /// Returns at once: read() the stream to its end, status() tells how it ended.
  /// Resumes after the last `class`.
  tern::ServerStream<Entry> Log(const Entry& request, tern::CallOptions options = {});

  /// Returns at once: read() and write() go beside each other, end_writing() ends a side.
  [[deprecated]] tern::BidiStream<::tests::common::Point, ::tests::common::Point> Both(
      tern::CallOptions options = {});

 private:
  tern::Channel* channel_;
};

/// Serves tests.streams.Store: derive from it.
/// Handlers may run at the same time on several threads.
class StoreService : public tern::Service {
 public:
  /// The changes of a key, from a revision on.
  /// Writes to `out`, which ends with what the handler returns.
  /// Declared errors: Gone.
  /// Time limit of the stream: 12 h, unless the caller sets another.
  /// Limit of a silence: 30 s, unless the caller sets another.
  /// Resumes after the last `revision`.
  virtual tern::Reply<void> Watch(tern::ServerContext& context, WatchRequest request,
                                  tern::Writer<Change> out) = 0;

  /// Takes all that it is sent, or nothing.
  /// Reads `in` to its end, where status() tells whether that is all, then returns.
  /// Declared errors: Full, Gone.
  /// Time limit of the stream: 1 min, unless the caller sets another.
  virtual tern::Reply<Summary> Upload(tern::ServerContext& context, tern::Reader<Change> in) = 0;

  /// Reads `in` and writes to `out`; both end with what the handler returns.
  /// Limit of a silence: 500 ms, unless the caller sets another.
  virtual tern::Reply<void> Chat(tern::ServerContext& context, tern::Reader<Change> in,
                                 tern::Writer<Summary> out) = 0;

  /// One call, one answer.
  /// Declared errors: Gone.
  virtual tern::Reply<Change> Get(tern::ServerContext& context, std::string value) = 0;

  /// Nothing to ask for.
  /// Writes to `out`, which ends with what the handler returns.
  virtual tern::Reply<void> All(tern::ServerContext& context, tern::Writer<Change> out) = 0;

  /// Nothing to tell.
  /// Reads `in` to its end, where status() tells whether that is all, then returns.
  virtual tern::Reply<void> Drop(tern::ServerContext& context, tern::Reader<std::string> in) = 0;

  /// Writes to `out`, which ends with what the handler returns.
  /// Resumes after the last `class`.
  virtual tern::Reply<void> Log(tern::ServerContext& context, Entry request,
                                tern::Writer<Entry> out) = 0;

  /// Reads `in` and writes to `out`; both end with what the handler returns.
  virtual tern::Reply<void> Both(tern::ServerContext& context,
                                 tern::Reader<::tests::common::Point> in,
                                 tern::Writer<::tests::common::Point> out) = 0;

  std::string_view name() const noexcept final;
  std::span<const tern::Method> methods() const noexcept final;
  void dispatch(std::size_t method, tern::ServerCall& call) final;
};

/// What is streamed need not be a struct.
///
/// Calls tests.streams.Scalars through a channel, which must outlive this.
/// Its methods may be called from any thread.
class ScalarsStub {
 public:
  explicit ScalarsStub(tern::Channel& channel) noexcept : channel_(&channel) {}

  /// Returns at once: read() the stream to its end, status() tells how it ended.
  tern::ServerStream<std::int64_t> Count(std::int64_t value, tern::CallOptions options = {});

  /// Returns at once: write() to the stream, then finish() for the result.
  tern::ClientStream<double, double> Sum(tern::CallOptions options = {});

  /// Returns at once: read() and write() go beside each other, end_writing() ends a side.
  tern::BidiStream<Color, Color> Colors(tern::CallOptions options = {});

  /// Returns at once: read() the stream to its end, status() tells how it ended.
  tern::ServerStream<std::vector<std::string>> Texts(const std::vector<std::string>& values,
                                                     tern::CallOptions options = {});

  /// Returns at once: read() the stream to its end, status() tells how it ended.
  tern::ServerStream<std::map<std::string, std::vector<::tests::common::Severity>>> Tables(
      const std::map<std::string, std::int32_t>& values, tern::CallOptions options = {});

  /// Returns at once: write() to the stream, then finish() for the result.
  tern::ClientStream<std::vector<std::byte>, tern::Timestamp> Blobs(tern::CallOptions options = {});

  /// Returns at once: read() and write() go beside each other, end_writing() ends a side.
  tern::BidiStream<tern::Timestamp, tern::Duration> Times(tern::CallOptions options = {});

 private:
  tern::Channel* channel_;
};

/// What is streamed need not be a struct.
///
/// Serves tests.streams.Scalars: derive from it.
/// Handlers may run at the same time on several threads.
class ScalarsService : public tern::Service {
 public:
  /// Writes to `out`, which ends with what the handler returns.
  virtual tern::Reply<void> Count(tern::ServerContext& context, std::int64_t value,
                                  tern::Writer<std::int64_t> out) = 0;

  /// Reads `in` to its end, where status() tells whether that is all, then returns.
  virtual tern::Reply<double> Sum(tern::ServerContext& context, tern::Reader<double> in) = 0;

  /// Reads `in` and writes to `out`; both end with what the handler returns.
  virtual tern::Reply<void> Colors(tern::ServerContext& context, tern::Reader<Color> in,
                                   tern::Writer<Color> out) = 0;

  /// Writes to `out`, which ends with what the handler returns.
  virtual tern::Reply<void> Texts(tern::ServerContext& context, std::vector<std::string> values,
                                  tern::Writer<std::vector<std::string>> out) = 0;

  /// Writes to `out`, which ends with what the handler returns.
  virtual tern::Reply<void> Tables(
      tern::ServerContext& context, std::map<std::string, std::int32_t> values,
      tern::Writer<std::map<std::string, std::vector<::tests::common::Severity>>> out) = 0;

  /// Reads `in` to its end, where status() tells whether that is all, then returns.
  virtual tern::Reply<tern::Timestamp> Blobs(tern::ServerContext& context,
                                             tern::Reader<std::vector<std::byte>> in) = 0;

  /// Reads `in` and writes to `out`; both end with what the handler returns.
  virtual tern::Reply<void> Times(tern::ServerContext& context, tern::Reader<tern::Timestamp> in,
                                  tern::Writer<tern::Duration> out) = 0;

  std::string_view name() const noexcept final;
  std::span<const tern::Method> methods() const noexcept final;
  void dispatch(std::size_t method, tern::ServerCall& call) final;
};

}  // namespace tests::streams

#pragma GCC diagnostic pop
