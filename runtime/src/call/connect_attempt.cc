#include "call/connect_attempt.h"

#include <fmt/format.h>

#include <chrono>
#include <new>
#include <string>
#include <utility>

#include "base/duration_text.h"
#include "call/failure_text.h"
#include "call/open_session.h"
#include "net/dial.h"
#include "net/secure_dialer.h"
#include "wire/protocols.h"

namespace tern::call {

namespace {

using Time = std::chrono::nanoseconds;

std::shared_ptr<Dialer> dialer_of(const Endpoint& endpoint, const ClientOptions& options) {
  std::shared_ptr<Dialer> dialer = options.dialer;
  if (!dialer) dialer = std::make_shared<net::SocketDialer>(options.tcp);
  if (!endpoint.over_tls()) return dialer;
  const wire::Protocol& protocol = wire::protocol_of_address(endpoint.protocol, options.codec);
  return std::make_shared<net::SecureDialer>(
      std::move(dialer), options.credentials, net::SecureWhen::kConnected,
      wire::application_protocol(protocol, endpoint), protocol.needs_alpn);
}

}  // namespace

ConnectAttempt::ConnectAttempt(const ClientSessionSetup& setup, const Endpoint& endpoint,
                               ConnectAttemptUser& user)
    : setup_(setup),
      endpoint_(endpoint),
      dialer_(dialer_of(endpoint, setup.options)),
      user_(user),
      timer_([this] { on_timeout(); }) {}

ConnectAttempt::~ConnectAttempt() = default;

void ConnectAttempt::begin() {
  try {
    dial();
  } catch (const std::bad_alloc&) {
    dialling_.reset();
    fail(out_of_memory());
  }
}

void ConnectAttempt::stop() noexcept {
  dialling_.reset();
  end();
}

void ConnectAttempt::dial() {
  Time budget = setup_.options.connect_timeout;
  if (budget <= Time::zero()) {
    budget = Time::max();
  } else {
    setup_.loop.start_timer(timer_, budget);
  }
  dialling_ = dialer_->dial(
      setup_.loop, endpoint_, budget,
      [this](Result<std::unique_ptr<ByteStream>> dialed) { on_dialed(std::move(dialed)); });
}

void ConnectAttempt::on_dialed(Result<std::unique_ptr<ByteStream>> dialed) {
  std::shared_ptr<void> alive = user_.keep_alive();
  std::unique_ptr<Dialer::Attempt> at_work = std::move(dialling_);
  if (!dialed.ok()) {
    fail(dialed.status());
    return;
  }
  const ByteStream& stream = **dialed;
  if (setup_.options.token_source && !stream.peer_is_local() && !stream.peer_certificate()) {
    fail(Status(Code::kFailedPrecondition,
                "the client has a token, which it does not send without TLS to another machine",
                HandlerRan::kNo));
    return;
  }
  std::shared_ptr<ClientSession> session;
  Status failure;
  try {
    Result<std::shared_ptr<ClientSession>> opened =
        open_session(setup_, endpoint_, std::move(*dialed));
    failure = opened.status();
    if (opened.ok()) session = std::move(*opened);
  } catch (const std::bad_alloc&) {
    failure = out_of_memory();
  }
  if (session) {
    user_.on_session_made(std::move(session));
  } else {
    fail(failure);
  }
}

void ConnectAttempt::on_timeout() {
  std::shared_ptr<void> alive = user_.keep_alive();
  std::string limit = base::duration_text(setup_.options.connect_timeout);
  if (dialling()) {
    dialling_.reset();
    fail(
        Status(Code::kUnavailable, fmt::format("no connection within {}", limit), HandlerRan::kNo));
    return;
  }
  user_.on_no_answer(
      Status(Code::kUnavailable,
             fmt::format("handshake: no answer from the server within {} of connecting", limit),
             HandlerRan::kUnknown));
}

void ConnectAttempt::fail(const Status& why) {
  end();
  user_.on_attempt_failed(why);
}

}  // namespace tern::call
