// What a handler sees of its call.
#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>

#include "serve/router.h"
#include "serve/time_limit.h"
#include "tern/clock.h"
#include "tern/function.h"
#include "tern/interceptor.h"
#include "tern/metadata.h"
#include "tern/service.h"

namespace tern::serve {

class Session;

// The ServerContext of a session's call: of one call after the other, as SessionCall is.
// Threads: the loop's, but for cancelled().
class CallContext : public ServerCall {
 public:
  const Method& method() const noexcept final { return *route_->method; }
  std::string_view peer() const noexcept final;
  std::optional<std::chrono::nanoseconds> time_left() const noexcept final;
  const Identity* identity() const noexcept final { return identity_.get(); }
  std::shared_ptr<const PeerCertificate> peer_certificate() const noexcept final;
  const Metadata& metadata() const noexcept final { return metadata_; }
  Metadata& reply_metadata() noexcept final { return reply_metadata_; }
  CallValues& values() noexcept final { return values_; }
  bool cancelled() const noexcept final { return cancelled_.load(std::memory_order_acquire); }
  void on_cancel(UniqueFunction<void()> callback) final;
  bool draining() const noexcept final;
  ConnectionValues& connection() noexcept final;
  Channel* caller() noexcept final;
  Loop& loop() noexcept final;
  asio::any_io_executor executor() const noexcept final;
  asio::any_io_executor workers() const noexcept final;

  const Route& route() const noexcept { return *route_; }
  // The same as an interceptor sees it.
  InterceptedCall intercepted();

 protected:
  CallContext() = default;
  ~CallContext() override = default;

  // For TimeLimit: when it arrived, and how long it may take.
  void begin_context(Session& session, const Route& route, Clock::TimePoint arrived,
                     std::chrono::nanoseconds caller_timeout,
                     std::chrono::nanoseconds handle_timeout) noexcept {
    session_ = &session;
    route_ = &route;
    cancelled_.store(false, std::memory_order_relaxed);
    limit_.set(arrived, caller_timeout, handle_timeout);
  }
  // Nobody sees it any more.
  void clear_context() noexcept {
    on_cancel_.reset();
    if (!metadata_.empty()) metadata_.clear();
    if (!reply_metadata_.empty()) reply_metadata_.clear();
    if (!values_.empty()) values_.clear();
    if (identity_) identity_.reset();
  }

  Session& session() const noexcept { return *session_; }
  const TimeLimit& limit() const noexcept { return limit_; }
  // Who calls; null: nobody knows.
  void set_identity(std::unique_ptr<const Identity> identity) noexcept {
    identity_ = std::move(identity);
  }
  // Where the metadata of the request is read to.
  Metadata& request_metadata() noexcept { return metadata_; }
  // Null if it is empty.
  const Metadata* sent_metadata() const noexcept {
    return reply_metadata_.empty() ? nullptr : &reply_metadata_;
  }
  bool waits_for_cancel() const noexcept { return static_cast<bool>(on_cancel_); }
  // From now on cancelled(): tells who waits for that.
  void set_cancelled() noexcept;

 private:
  Session* session_ = nullptr;
  const Route* route_ = nullptr;
  TimeLimit limit_;
  std::atomic<bool> cancelled_ = false;
  Metadata metadata_;
  Metadata reply_metadata_;
  CallValues values_;
  std::unique_ptr<const Identity> identity_;
  UniqueFunction<void()> on_cancel_;
};

}  // namespace tern::serve
