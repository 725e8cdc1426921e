// One call of Watch: a stream of what a service's status becomes.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>

#include "grpc_services/idl/health.rpc.h"
#include "net/loop.h"
#include "tern/stream.h"

namespace tern::grpc_services {

// A client that does not read holds up nobody, and no memory: it is sent the latest status when it
// reads again, and not those before.
// Threads: any.
class HealthWatch : public std::enable_shared_from_this<HealthWatch> {
 public:
  HealthWatch(Writer<tern_grpc::HealthCheckResponse> out, std::shared_ptr<Loop> loop)
      : out_(std::move(out)), loop_(std::move(loop)) {}

  // What the handler returns, before finish().
  Reply<void> keep() { return kept(out_); }
  // Sends it, unless it is what was sent last.
  void tell(tern_grpc::ServingStatus status) noexcept;
  // Ends the stream behind what was sent. The first one counts.
  void finish(Status why);
  // Where its connection lives.
  const std::shared_ptr<Loop>& loop() const noexcept { return loop_; }

 private:
  enum class State : std::uint8_t {
    kIdle,
    kWaits,  // until there is room for message_
    kEnded
  };

  // With the mutex.
  void write();
  void written(bool queued);

  std::mutex mutex_;  // guards the following; message_ is the stream's in kWaits
  Writer<tern_grpc::HealthCheckResponse> out_;
  State state_ = State::kIdle;
  tern_grpc::HealthCheckResponse message_;
  std::optional<tern_grpc::ServingStatus> sent_;
  tern_grpc::ServingStatus wanted_ = tern_grpc::ServingStatus::UNKNOWN;

  const std::shared_ptr<Loop> loop_;
};

}  // namespace tern::grpc_services
