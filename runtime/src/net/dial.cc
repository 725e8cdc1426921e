#include "net/dial.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>

#include "base/duration_text.h"
#include "base/timer_queue.h"
#include "net/address_dialer.h"
#include "net/loop.h"
#include "net/pending_dial.h"

namespace tern::net {

namespace {

constexpr std::chrono::milliseconds kLeastDelay{10};

// One name's way to a connection.
class Dialing final : public PendingDial, public std::enable_shared_from_this<Dialing> {
 public:
  Dialing(Loop& loop, const Endpoint& endpoint, std::shared_ptr<Dialer> dialer, Dialer::Done done)
      : PendingDial(loop, endpoint, std::move(done)), dialer_(std::move(dialer)) {}

  void start(NameResolver& names, std::chrono::nanoseconds timeout) {
    time_ = timeout;
    timeout_.set_callback([this] { on_timeout(); });
    next_timer_.set_callback([this] { begin_next(); });
    loop_.start_timer(timeout_, timeout);
    query_ = names.resolve(loop_, endpoint_.host, [this](Result<NameResolver::Addresses> found) {
      on_resolved(std::move(found));
    });
  }

 private:
  void on_resolved(Result<NameResolver::Addresses> found) {
    if (!found.ok()) {
      fail(Code::kUnavailable, found.status().message());
      return;
    }
    addresses_ = interleave_families(*found);
    if (addresses_.size() > SocketDialer::kMaxAddresses) {
      addresses_.resize(SocketDialer::kMaxAddresses);
    }
    if (addresses_.empty()) {
      fail(Code::kUnavailable, fmt::format("host \"{}\" has no address", endpoint_.host));
      return;
    }
    auto share = time_ / static_cast<std::int64_t>(2 * addresses_.size());
    delay_ = std::clamp<std::chrono::nanoseconds>(share, kLeastDelay, SocketDialer::kAttemptDelay);
    begin_next();
  }

  void begin_next() {
    Endpoint address = endpoint_;
    std::size_t index = attempts_.size();
    address.host = addresses_[index].to_string();
    attempts_.push_back(dialer_->dial(loop_, address, std::chrono::nanoseconds::max(),
                                      [this, index](Result<std::unique_ptr<ByteStream>> dialed) {
                                        on_dialed(index, std::move(dialed));
                                      }));
    ++under_way_;
    if (attempts_.size() < addresses_.size()) loop_.start_timer(next_timer_, delay_);
  }

  void on_dialed(std::size_t index, Result<std::unique_ptr<ByteStream>> dialed) {
    std::unique_ptr<Dialer::Attempt> attempt = std::move(attempts_[index]);
    if (dialed.ok()) {
      finish(std::move(dialed));
      return;
    }
    --under_way_;
    last_failure_ = dialed.take_status();
    if (attempts_.size() < addresses_.size()) {
      begin_next();
    } else if (under_way_ == 0) {
      std::string of =
          addresses_.size() == 1
              ? std::string()
              : fmt::format("none of {} addresses; the last to fail: ", addresses_.size());
      fail(Code::kUnavailable, fmt::format("{}{}", of, last_failure_.message()),
           last_failure_.cause());
    }
  }

  void on_timeout() {
    std::string so_far;
    if (addresses_.empty()) {
      so_far = fmt::format("; the addresses of host \"{}\" are not known yet", endpoint_.host);
    } else {
      so_far = fmt::format("; {} of {} addresses tried", attempts_.size(), addresses_.size());
      if (!last_failure_.ok()) so_far += fmt::format("; {}", last_failure_.message());
    }
    fail(Code::kDeadlineExceeded,
         fmt::format("not connected within {}{}", base::duration_text(time_), so_far));
  }

  std::shared_ptr<void> keep_alive() override { return shared_from_this(); }
  void stop() override {
    loop_.cancel_timer(timeout_);
    loop_.cancel_timer(next_timer_);
    query_.reset();
    attempts_.clear();
  }

  std::shared_ptr<Dialer> dialer_;
  std::chrono::nanoseconds time_{};
  std::unique_ptr<NameResolver::Query> query_;
  NameResolver::Addresses addresses_;
  std::vector<std::unique_ptr<Dialer::Attempt>> attempts_;  // of each that has begun; null: failed
  std::size_t under_way_ = 0;
  std::chrono::nanoseconds delay_{};
  Status last_failure_;
  base::Timer next_timer_;
  base::Timer timeout_;
};

bool is_number(const std::string& host) {
  std::error_code not_a_number;
  asio::ip::make_address(host, not_a_number);
  return !not_a_number;
}

}  // namespace

NameResolver::Addresses interleave_families(const NameResolver::Addresses& addresses) {
  NameResolver::Addresses first, second, mixed;
  for (const asio::ip::address& one : addresses) {
    (one.is_v4() == addresses.front().is_v4() ? first : second).push_back(one);
  }
  for (std::size_t i = 0; i < std::max(first.size(), second.size()); ++i) {
    if (i < first.size()) mixed.push_back(first[i]);
    if (i < second.size()) mixed.push_back(second[i]);
  }
  return mixed;
}

SocketDialer::SocketDialer(const TcpOptions& tcp)
    : addresses_(std::make_shared<AddressDialer>(tcp)) {}

SocketDialer::SocketDialer(std::shared_ptr<NameResolver> names, std::shared_ptr<Dialer> addresses)
    : names_(std::move(names)),
      addresses_(addresses ? std::move(addresses) : std::make_shared<AddressDialer>()) {}

std::unique_ptr<Dialer::Attempt> SocketDialer::dial(Loop& loop, const Endpoint& endpoint,
                                                    std::chrono::nanoseconds timeout, Done done) {
  if (endpoint.transport == Endpoint::Transport::kUnix || is_number(endpoint.host)) {
    return addresses_->dial(loop, endpoint, timeout, std::move(done));
  }
  auto dialing = std::make_shared<Dialing>(loop, endpoint, addresses_, std::move(done));
  dialing->start(names_ ? *names_ : loop.names(), timeout);
  return std::make_unique<DialAttempt>(std::move(dialing));
}

}  // namespace tern::net
