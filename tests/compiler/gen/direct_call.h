// A call that a stub makes of a skeleton, with nothing between them.
#pragma once

#include <gtest/gtest.h>

#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <asio/io_context.hpp>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "tern/buffer.h"
#include "tern/codegen/call_state.h"
#include "tern/io_pool.h"
#include "tern/service.h"

namespace tern::test {

// A copy by way of the native codec.
inline Status copy_value(const TypeOps& type, const void* from, void* to) {
  Buffer bytes;
  Status status = type.encode_native(from, bytes);
  if (!status.ok()) return status;
  return type.decode_native(bytes.view(), to, DecodeLimits());
}

// One call, answered into the caller's state.
class DirectCall : public ServerCall {
 public:
  DirectCall(const Method& method, const void* argument, CallRef caller, asio::io_context& io)
      : method_(method), caller_(std::move(caller)), argument_(argument), io_(io), pool_(io) {}

  const Method& method() const noexcept override { return method_; }
  std::string_view peer() const noexcept override { return "test"; }
  std::optional<std::chrono::nanoseconds> time_left() const noexcept override { return {}; }
  const Metadata& metadata() const noexcept override { return metadata_; }
  Metadata& reply_metadata() noexcept override { return reply_metadata_; }
  Metadata& initial_metadata() override { return initial_metadata_; }
  CallValues& values() noexcept override { return values_; }
  bool cancelled() const noexcept override { return false; }
  void on_cancel(UniqueFunction<void()>) override {}
  bool draining() const noexcept override { return false; }
  void on_drain(UniqueFunction<void()>) override {}
  ConnectionValues& connection() noexcept override { return connection_; }
  Channel* caller() noexcept override { return nullptr; }
  Loop& loop() noexcept override { return pool_.loop(0); }
  asio::any_io_executor executor() const noexcept override { return io_.get_executor(); }
  asio::any_io_executor workers() const noexcept override { return io_.get_executor(); }

  void send_reply(const TypeOps& type, const void* value) override {
    EXPECT_EQ(&type, &method_.result());
    caller_->complete(copy_value(type, value, caller_->reply_slot()));
  }
  void send_error(const Status& status) override { caller_->complete(status); }

 protected:
  bool decode_argument(const TypeOps& type, void* argument) override {
    EXPECT_EQ(&type, &method_.argument());
    return copy_value(type, argument_, argument).ok();
  }
  std::shared_ptr<StreamState> stream() override { return nullptr; }
  void keep_stream() override {}
  void spawn(asio::awaitable<void> handler) override {
    asio::co_spawn(io_, std::move(handler), asio::detached);
  }
  void send_exception(std::string_view what) override {
    caller_->complete(Status(Code::kInternal, std::string(what)));
  }
  void retain() noexcept override {}
  void release() noexcept override {}

  const Method& method_;
  CallRef caller_;

 private:
  const void* argument_;
  asio::io_context& io_;
  IoPool pool_;
  Metadata metadata_;
  Metadata reply_metadata_;
  Metadata initial_metadata_;
  CallValues values_;
  ConnectionValues connection_;
};

}  // namespace tern::test
