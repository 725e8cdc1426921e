#include "net/secure_dialer.h"

#include <fmt/format.h>

#include <utility>

#include "base/duration_text.h"
#include "base/timer_queue.h"
#include "net/loop.h"
#include "net/pending_dial.h"

namespace tern::net {

namespace {

// One way to an address of TLS. The stream that it waits for keeps it alive, too.
class Securing final : public PendingDial,
                       public ByteStreamUser,
                       public std::enable_shared_from_this<Securing> {
 public:
  Securing(Loop& loop, const Endpoint& endpoint, std::shared_ptr<ChannelCredentials> credentials,
           SecureWhen when, ChannelTarget target, Dialer::Done done)
      : PendingDial(loop, endpoint, std::move(done)),
        credentials_(std::move(credentials)),
        when_(when),
        target_(std::move(target)) {}

  void start(Dialer& dialer, std::chrono::nanoseconds timeout) {
    timeout_.set_callback([this, timeout] {
      fail(Code::kDeadlineExceeded,
           fmt::format("{} within {}", stream_ ? "the TLS handshake was not done" : "not connected",
                       base::duration_text(timeout)));
    });
    loop_.start_timer(timeout_, timeout);
    attempt_ = dialer.dial(loop_, endpoint_, timeout,
                           [weak = weak_from_this()](Result<std::unique_ptr<ByteStream>> dialed) {
                             if (auto self = weak.lock()) self->on_dialed(std::move(dialed));
                           });
  }

  // Later, and not from within this call.
  void fail_soon(Status why) {
    loop_.post([self = shared_from_this(), why = std::move(why)] { self->finish(why); });
  }

 private:
  void on_dialed(Result<std::unique_ptr<ByteStream>> dialed) {
    std::unique_ptr<Dialer::Attempt> over = std::move(attempt_);
    if (!dialed.ok()) {
      finish(dialed.take_status());
      return;
    }
    std::unique_ptr<ByteStream> secure = credentials_->connect(loop_, std::move(*dialed), target_);
    if (when_ == SecureWhen::kImmediately) {
      finish(std::move(secure));
      return;
    }
    stream_ = std::move(secure);
    stream_->wait_writable(shared_from_this());
  }

  void on_readable() override {}
  // The handshake is done, or has failed: a write of nothing says which.
  void on_writable() override {
    if (!stream_) return;
    IoResult result = stream_->write_some({});
    if (result.error) {
      std::string why = stream_->error_text();
      fail(Code::kUnavailable, why.empty() ? result.error.message() : why, result.error);
    } else if (stream_->established()) {
      finish(std::move(stream_));
    } else {
      stream_->wait_writable(shared_from_this());
    }
  }

  std::shared_ptr<void> keep_alive() override { return shared_from_this(); }
  void stop() override {
    loop_.cancel_timer(timeout_);
    attempt_.reset();
    if (stream_) stream_->close();
    stream_.reset();
  }

  const std::shared_ptr<ChannelCredentials> credentials_;
  const SecureWhen when_;
  const ChannelTarget target_;
  std::unique_ptr<Dialer::Attempt> attempt_;
  std::unique_ptr<ByteStream> stream_;  // whose handshake runs
  base::Timer timeout_;
};

}  // namespace

SecureDialer::SecureDialer(std::shared_ptr<Dialer> dialer,
                           std::shared_ptr<ChannelCredentials> credentials, SecureWhen when,
                           std::string_view application_protocol, bool must_agree)
    : dialer_(std::move(dialer)),
      credentials_(std::move(credentials)),
      when_(when),
      application_protocol_(application_protocol),
      must_agree_(must_agree) {}

std::unique_ptr<Dialer::Attempt> SecureDialer::dial(Loop& loop, const Endpoint& endpoint,
                                                    std::chrono::nanoseconds timeout, Done done) {
  if (!endpoint.over_tls() || dialer_->secures()) {
    return dialer_->dial(loop, endpoint, timeout, std::move(done));
  }
  ChannelTarget target;
  target.endpoint = endpoint;
  target.application_protocol = application_protocol_;
  target.must_agree = must_agree_;
  auto securing = std::make_shared<Securing>(loop, endpoint, credentials_, when_, std::move(target),
                                             std::move(done));
  Status missing = missing_credentials(endpoint, credentials_.get(), dialer_.get(),
                                       "credentials where it dials");
  if (missing.ok()) {
    securing->start(*dialer_, timeout);
  } else {
    securing->fail_soon(std::move(missing));
  }
  return std::make_unique<DialAttempt>(std::move(securing));
}

Status missing_credentials(const Endpoint& endpoint, const ChannelCredentials* credentials,
                           const Dialer* dialer, std::string_view option) {
  if (endpoint.transport == Endpoint::Transport::kTlsOrTcp) {
    return Status(Code::kInvalidArgument,
                  fmt::format("address \"{}\": \"tls-or-tcp\" is for servers that listen; a client "
                              "dials \"tls@host:port\" or \"tcp@host:port\"",
                              endpoint.to_string()),
                  HandlerRan::kNo);
  }
  if (!endpoint.over_tls() || credentials || (dialer && dialer->secures())) return {};
  return Status(Code::kInvalidArgument,
                fmt::format("address \"{}\": there are no credentials for TLS; set {}, for example "
                            "to what tern::tls::channel_credentials() makes",
                            endpoint.to_string(), option),
                HandlerRan::kNo);
}

}  // namespace tern::net
