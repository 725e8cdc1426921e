// A dial that is under way.
#pragma once

#include <fmt/format.h>

#include <memory>
#include <string_view>
#include <system_error>
#include <utility>

#include "net/loop.h"
#include "tern/byte_stream.h"
#include "tern/dialer.h"
#include "tern/endpoint.h"
#include "tern/result.h"

namespace tern::net {

// Shared by the attempt that the caller holds and by the operations that run for it. Its outcome is
// said once; then, or when the attempt is given up, it stops. Threads: the loop's.
class PendingDial {
 public:
  PendingDial(const PendingDial&) = delete;
  PendingDial& operator=(const PendingDial&) = delete;

  // The caller does not wait any more.
  void give_up() {
    done_.reset();
    stop();
  }

 protected:
  PendingDial(Loop& loop, const Endpoint& endpoint, Dialer::Done done)
      : loop_(loop), endpoint_(endpoint), done_(std::move(done)) {}
  ~PendingDial() = default;

  // Ends what runs for it.
  virtual void stop() = 0;
  virtual std::shared_ptr<void> keep_alive() = 0;

  // Somebody waits for the outcome.
  bool awaited() const noexcept { return static_cast<bool>(done_); }
  void finish(Result<std::unique_ptr<ByteStream>> result) {
    std::shared_ptr<void> self = keep_alive();  // `done` may destroy the attempt
    Dialer::Done done = std::move(done_);
    stop();
    if (done) done(std::move(result));
  }
  void fail(Code code, std::string_view why, std::error_code cause = {}) {
    finish(Status(code, fmt::format("connect to \"{}\": {}", endpoint_.to_string(), why),
                  HandlerRan::kNo)
               .with_cause(cause));
  }

  Loop& loop_;
  const Endpoint endpoint_;

 private:
  Dialer::Done done_;
};

// What the caller holds.
class DialAttempt final : public Dialer::Attempt {
 public:
  explicit DialAttempt(std::shared_ptr<PendingDial> dial) noexcept : dial_(std::move(dial)) {}
  DialAttempt(const DialAttempt&) = delete;
  DialAttempt& operator=(const DialAttempt&) = delete;
  ~DialAttempt() override { dial_->give_up(); }

 private:
  const std::shared_ptr<PendingDial> dial_;
};

}  // namespace tern::net
