#include "registry/http_exchange.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "base/ascii.h"
#include "base/duration_text.h"
#include "base/timer_queue.h"
#include "http/chunks.h"
#include "http/head.h"
#include "net/connection.h"
#include "net/loop.h"
#include "registry/http_request_text.h"

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
        on_part_(std::move(on_part)),
        done_(std::move(done)),
        head_reader_(http::HeadReader::Side::kResponse, limits.head_bytes) {}

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
  enum class Stage : std::uint8_t { kHead, kLength, kChunks, kToEnd, kOver };

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
    std::size_t used = 0;
    while (stage_ == Stage::kHead && used < bytes.size()) {
      std::size_t size = read_head(bytes.subspan(used));
      if (size == 0) return {used, 0};
      used += size;
    }
    if (stage_ != Stage::kOver) read_body(bytes.subspan(used));
    return {bytes.size(), 0};
  }

  void take_outgoing(Buffer& out) override { std::swap(out, outgoing_); }

  bool on_end() override {
    if (stage_ == Stage::kToEnd) {
      succeed();
    } else {
      fail(Code::kUnavailable, fmt::format("the response ends {}", where()));
    }
    return false;
  }

  void on_closed(const Status& why) override {
    // The connection is still at work when it says this.
    loop_.post([self = std::move(self_), connection = std::move(connection_)] {});
    if (!result_) result_ = why.with_context(fmt::format("http: {}", where()));
    report(std::move(*result_));
  }

  // 0: there is no whole head yet, or it was refused.
  std::size_t read_head(ByteView in) {
    http::Fault fault;
    http::Head head;
    std::size_t size = 0;
    http::HeadReader::Step step = head_reader_.read(in, head, size, fault);
    if (step == http::HeadReader::Step::kBroken) {
      bool too_long = fault.status == 414 || fault.status == 431;
      fail(too_long ? Code::kResourceExhausted : Code::kUnavailable,
           "the response cannot be read: " + fault.text);
      return 0;
    }
    if (step != http::HeadReader::Step::kWhole) return 0;
    if (head.status == 101) {
      fail(Code::kUnavailable, "the server switches protocols without a request for it");
      return 0;
    }
    if (head.status >= 200) begin_body(head);
    return size;
  }

  void begin_body(const http::Head& head) {
    response_.status = head.status;
    for (const http::Header& header : head.headers) {
      response_.headers.emplace_back(base::to_lower(header.name), std::string(header.value));
    }
    if (head.status != 200) on_part_.reset();
    if (request_.method == "HEAD" || head.status == 204 || head.status == 304) {
      succeed();
    } else if (head.chunked) {
      stage_ = Stage::kChunks;
    } else if (!head.content_length) {
      stage_ = Stage::kToEnd;
    } else {
      stage_ = Stage::kLength;
      length_ = left_ = *head.content_length;
      if (!on_part_ && left_ > limits_.body_bytes) {
        too_long();
      } else if (left_ == 0) {
        succeed();
      }
    }
  }

  void read_body(ByteView in) {
    switch (stage_) {
      case Stage::kLength: {
        ByteView part = in.first(std::min<std::uint64_t>(left_, in.size()));
        left_ -= part.size();
        add(as_text(part));
        if (stage_ == Stage::kLength && left_ == 0) succeed();
        break;
      }
      case Stage::kChunks:
        read_chunks(in);
        break;
      case Stage::kToEnd:
        add(as_text(in));
        break;
      case Stage::kHead:
      case Stage::kOver:
        break;
    }
  }

  void read_chunks(ByteView in) {
    http::Fault fault;
    Buffer part;
    std::size_t used = 0;
    std::size_t room =
        on_part_ ? static_cast<std::size_t>(-1) : limits_.body_bytes - response_.body.size();
    http::Chunks::Step step = chunks_.read(in, room, part, used, fault);
    if (step == http::Chunks::Step::kBroken && fault.status == 413) {
      too_long();
      return;
    }
    add(as_text(part.view()));
    if (stage_ != Stage::kChunks) return;
    if (step == http::Chunks::Step::kBroken) {
      fail(Code::kUnavailable, "the response cannot be read: " + fault.text);
    } else if (step == http::Chunks::Step::kWhole) {
      succeed();
    }
  }

  void add(std::string_view part) {
    if (part.empty()) return;
    if (on_part_) {
      on_part_(response_, part);
    } else if (part.size() > limits_.body_bytes - response_.body.size()) {
      too_long();
    } else {
      response_.body += part;
    }
  }

  // How far it got, for messages.
  std::string where() const {
    switch (stage_) {
      case Stage::kLength:
        return fmt::format("after {} of {} bytes of its body", length_ - left_, length_);
      case Stage::kChunks:
        return "in the middle of its chunks";
      default:
        return "before there was a response";
    }
  }

  void restart_silence() {
    if (limits_.silence > Time::zero()) loop_.start_timer(silence_timer_, limits_.silence);
  }
  void time_is_up(std::string_view what, Time limit) {
    fail(Code::kDeadlineExceeded,
         fmt::format("{} {}: {} within {}", request_.method, request_.endpoint.to_string(), what,
                     base::duration_text(limit)));
  }
  void too_long() {
    fail(Code::kResourceExhausted,
         fmt::format("the response is over {} bytes long, which is the limit", limits_.body_bytes));
  }
  void fail(Code code, const std::string& text) {
    end(Status(code, "http: " + text, connection_ ? HandlerRan::kUnknown : HandlerRan::kNo));
  }
  void succeed() { end(std::move(response_)); }

  // The first outcome is the one that counts.
  void end(Result<HttpExchangeResponse> result) {
    if (stage_ == Stage::kOver) return;
    stage_ = Stage::kOver;
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
    stage_ = Stage::kOver;
    whole_timer_.cancel();
    silence_timer_.cancel();
    on_part_.reset();
    Done done = std::move(done_);
    if (done) done(std::move(result));
  }

  Loop& loop_;
  HttpExchangeRequest request_;
  HttpExchangeLimits limits_;
  OnPart on_part_;
  Done done_;
  std::unique_ptr<Dialer::Attempt> attempt_;
  std::shared_ptr<net::Connection> connection_;
  std::shared_ptr<Run> self_;
  base::Timer whole_timer_;
  base::Timer silence_timer_;
  Buffer outgoing_;

  Stage stage_ = Stage::kHead;
  http::HeadReader head_reader_;
  http::Chunks chunks_;
  std::uint64_t length_ = 0;
  std::uint64_t left_ = 0;  // of it
  HttpExchangeResponse response_;
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
