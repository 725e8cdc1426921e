#include "registry/http_exchange.h"

#include <fmt/format.h>

#include <optional>

#include "base/duration_text.h"
#include "base/timer_queue.h"
#include "net/connection.h"
#include "net/loop.h"
#include "registry/http_request_text.h"
#include "registry/http_response_reader.h"

namespace tern::registry {

namespace {

using Time = std::chrono::nanoseconds;

}  // namespace

// Held by the handle; and by itself while it has a connection, whose user must outlive it.
class HttpExchange::Run final : public net::ConnectionUser,
                                public std::enable_shared_from_this<Run> {
 public:
  Run(Loop& loop, HttpExchangeRequest request, const HttpExchangeLimits& limits, OnPart on_part,
      Done done)
      : loop_(loop),
        request_(std::move(request)),
        limits_(limits),
        done_(std::move(done)),
        reader_(limits,
                request_.method == "HEAD" ? HttpResponseReader::Body::kNone
                                          : HttpResponseReader::Body::kAsItSays,
                std::move(on_part)) {}

  void start(Dialer& dialer) {
    if (std::string why = unsendable(request_); !why.empty()) {
      loop_.post([self = shared_from_this(), why = std::move(why)] {
        self->report(Status(Code::kInvalidArgument, "http: " + why, HandlerRan::kNo));
      });
      return;
    }
    whole_timer_.set_callback([this] { time_is_up("not complete", limits_.whole); });
    silence_timer_.set_callback([this] { time_is_up("nothing received", limits_.silence); });
    if (limits_.whole > Time::zero()) loop_.start_timer(whole_timer_, limits_.whole);
    restart_silence();
    attempt_ = dialer.dial(
        loop_, request_.endpoint, Time::max(),
        [this](Result<std::unique_ptr<ByteStream>> dialed) { on_dialed(std::move(dialed)); });
  }

  void give_up() {
    done_.reset();
    end(Status(Code::kCancelled, "http: cancelled", HandlerRan::kUnknown));
  }

 private:
  void on_dialed(Result<std::unique_ptr<ByteStream>> dialed) {
    std::shared_ptr<Run> self = shared_from_this();
    std::unique_ptr<Dialer::Attempt> attempt = std::move(attempt_);
    if (!dialed.ok()) {
      end(dialed.status());
      return;
    }
    write_request(request_, outgoing_);
    net::ConnectionOptions options;
    options.write_timeout = Time::zero();  // there are limits above
    connection_ = std::make_shared<net::Connection>(loop_, std::move(*dialed), *this, options);
    self_ = self;
    connection_->start();
    connection_->flush();
  }

  Consumed on_bytes(ByteView bytes) override {
    restart_silence();
    const std::size_t used = reader_.read(bytes);
    settle();
    return {used, 0};
  }

  void take_outgoing(Buffer& out) override { std::swap(out, outgoing_); }

  bool on_end() override {
    reader_.end();
    settle();
    return false;
  }

  void on_closed(const Status& why) override {
    // The connection is still at work when it says this.
    loop_.post([self = std::move(self_), connection = std::move(connection_)] {});
    if (!result_) result_ = why.with_context(fmt::format("http: {}", reader_.where()));
    report(std::move(*result_));
  }

  void restart_silence() {
    if (limits_.silence > Time::zero()) loop_.start_timer(silence_timer_, limits_.silence);
  }
  void time_is_up(std::string_view what, Time limit) {
    fail(Code::kDeadlineExceeded,
         fmt::format("{} {}: {} within {}", request_.method, request_.endpoint.to_string(), what,
                     base::duration_text(limit)));
  }
  void fail(Code code, const std::string& text) {
    end(Status(code, "http: " + text, connection_ ? HandlerRan::kUnknown : HandlerRan::kNo));
  }
  // What the reader has come to.
  void settle() {
    using State = HttpResponseReader::State;
    if (reader_.state() == State::kWhole) end(reader_.take());
    if (reader_.state() == State::kBroken) fail(reader_.failure().code, reader_.failure().text);
  }

  // The first outcome is the one that counts.
  void end(Result<HttpExchangeResponse> result) {
    if (over_) return;
    over_ = true;
    reader_.stop();
    std::shared_ptr<Run> self = shared_from_this();
    attempt_.reset();
    whole_timer_.cancel();
    silence_timer_.cancel();
    result_ = std::move(result);
    if (connection_) {
      connection_->close(Status(Code::kCancelled, "the exchange is over"));
    } else {
      report(std::move(*result_));
    }
  }

  void report(Result<HttpExchangeResponse> result) {
    over_ = true;
    whole_timer_.cancel();
    silence_timer_.cancel();
    reader_.forget_on_part();
    Done done = std::move(done_);
    if (done) done(std::move(result));
  }

  Loop& loop_;
  HttpExchangeRequest request_;
  HttpExchangeLimits limits_;
  Done done_;
  std::unique_ptr<Dialer::Attempt> attempt_;
  std::shared_ptr<net::Connection> connection_;
  std::shared_ptr<Run> self_;
  base::Timer whole_timer_;
  base::Timer silence_timer_;
  Buffer outgoing_;

  HttpResponseReader reader_;
  bool over_ = false;  // it has its outcome
  std::optional<Result<HttpExchangeResponse>> result_;
};

std::unique_ptr<HttpExchange> HttpExchange::start(Loop& loop, Dialer& dialer,
                                                  HttpExchangeRequest request,
                                                  const HttpExchangeLimits& limits, Done done) {
  return start(loop, dialer, std::move(request), limits, OnPart(), std::move(done));
}

std::unique_ptr<HttpExchange> HttpExchange::start(Loop& loop, Dialer& dialer,
                                                  HttpExchangeRequest request,
                                                  const HttpExchangeLimits& limits, OnPart on_part,
                                                  Done done) {
  auto run =
      std::make_shared<Run>(loop, std::move(request), limits, std::move(on_part), std::move(done));
  std::unique_ptr<HttpExchange> exchange(new HttpExchange(run));
  run->start(dialer);
  return exchange;
}

HttpExchange::HttpExchange(std::shared_ptr<Run> run) : run_(std::move(run)) {}

HttpExchange::~HttpExchange() {
  run_->give_up();
}

}  // namespace tern::registry
