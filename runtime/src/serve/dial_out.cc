#include "serve/dial_out.h"

#include <utility>

#include "net/dial.h"
#include "net/secure_dialer.h"
#include "serve/serve_loop.h"
#include "serve/server_core.h"

namespace tern::serve {

namespace {

// The client takes the connection, and its part of the handshake of TLS, when it needs a server.
std::shared_ptr<Dialer> dialer_of(const ServerOptions& options) {
  std::shared_ptr<Dialer> dialer = options.dialer;
  if (!dialer) dialer = std::make_shared<net::SocketDialer>(options.tcp);
  return std::make_shared<net::SecureDialer>(std::move(dialer), options.dial_credentials,
                                             net::SecureWhen::kImmediately);
}

}  // namespace

DialOut::DialOut(ServerCore& core, ServeLoop& serve_loop, Endpoint endpoint, const Backoff& backoff)
    : core_(core),
      serve_loop_(serve_loop),
      endpoint_(std::move(endpoint)),
      backoff_(backoff, core.options().random),
      dialer_(dialer_of(core.options())),
      timer_([this] { dial(); }) {}

DialOut::~DialOut() = default;

void DialOut::start() {
  if (!stopped_) dial();
}

void DialOut::stop() {
  stopped_ = true;
  attempt_.reset();
  serve_loop_.loop().cancel_timer(timer_);
}

void DialOut::dial() {
  std::chrono::nanoseconds limit = core_.options().handshake_timeout;
  if (limit <= std::chrono::nanoseconds::zero()) limit = std::chrono::nanoseconds::max();
  attempt_ =
      dialer_->dial(serve_loop_.loop(), endpoint_, limit,
                    [this, weak = weak_from_this()](Result<std::unique_ptr<ByteStream>> dialed) {
                      if (auto alive = weak.lock()) on_dialed(std::move(dialed));
                    });
}

void DialOut::on_dialed(Result<std::unique_ptr<ByteStream>> dialed) {
  std::unique_ptr<Dialer::Attempt> attempt = std::move(attempt_);
  if (stopped_) return;
  if (!dialed.ok()) {
    core_.log().refusal(endpoint_.to_string(), dialed.status());
    wait_and_dial();
    return;
  }
  serve_loop_.open_dialed(std::move(*dialed), [weak = weak_from_this()](bool spoken_to) {
    if (auto self = weak.lock()) self->on_session_closed(spoken_to);
  });
}

void DialOut::on_session_closed(bool spoken_to) {
  if (stopped_) return;
  if (spoken_to) backoff_.reset();
  wait_and_dial();
}

void DialOut::wait_and_dial() {
  serve_loop_.loop().start_timer(timer_, backoff_.next());
}

}  // namespace tern::serve
