#include "etcd/etcd_client.h"

#include <fmt/format.h>

#include <utility>

#include "etcd/etcd_messages.h"
#include "registry/registry_where.h"

namespace tern {

namespace {

// Of one answer or line: 10,000 servers with much to tell.
constexpr std::size_t kAnswerBytes = 16 * 1024 * 1024;

// Whether another server may do better.
bool is_unreachable(Code code) {
  return code == Code::kUnavailable || code == Code::kDeadlineExceeded ||
         code == Code::kResourceExhausted || code == Code::kInternal || code == Code::kUnknown;
}

}  // namespace

EtcdClient::EtcdClient(Loop& loop, std::shared_ptr<const EtcdSetup> setup)
    : loop_(loop),
      setup_(std::move(setup)),
      backoff_(setup_->options.backoff, setup_->options.random) {}

std::unique_ptr<EtcdCall> EtcdClient::call(std::string path, std::string body,
                                           std::chrono::nanoseconds timeout, Done done) {
  return stream(std::move(path), std::move(body), timeout, OnLine(), std::move(done));
}

std::unique_ptr<EtcdCall> EtcdClient::stream(std::string path, std::string body,
                                             std::chrono::nanoseconds timeout, OnLine on_line,
                                             Done done) {
  auto call = std::make_unique<EtcdCall>(*this, std::move(path), std::move(body), timeout,
                                         std::move(on_line), std::move(done));
  call->start();
  return call;
}

std::chrono::nanoseconds EtcdClient::next_wait() {
  bool another = std::exchange(just_moved_, false) && given_up_ < setup_->servers.size();
  if (another) return std::chrono::nanoseconds::zero();
  given_up_ = 0;
  return backoff_.next();
}

void EtcdClient::note_success() {
  given_up_ = 0;
  backoff_.reset();
}

void EtcdClient::forget_token() {
  token_.clear();
  token_known_ = false;
}

void EtcdClient::note_unreachable(std::size_t server) {
  if (server != current_) return;
  current_ = (current_ + 1) % setup_->servers.size();
  ++given_up_;
  just_moved_ = true;
}

EtcdCall::EtcdCall(EtcdClient& client, std::string path, std::string body,
                   std::chrono::nanoseconds timeout, EtcdClient::OnLine on_line,
                   EtcdClient::Done done)
    : client_(client),
      server_(client.current_),
      path_(std::move(path)),
      body_(std::move(body)),
      timeout_(timeout),
      on_line_(std::move(on_line)),
      done_(std::move(done)),
      first_line_timer_([this] {
        exchange_.reset();
        finish(Status(Code::kDeadlineExceeded, "the stream does not begin", HandlerRan::kUnknown));
      }) {}

EtcdCall::~EtcdCall() {
  if (destroyed_ != nullptr) *destroyed_ = true;
}

void EtcdCall::start() {
  if (client_.needs_token()) {
    authenticate();
  } else {
    send();
  }
}

HttpExchangeRequest EtcdCall::request(std::string path, std::string body) const {
  HttpExchangeRequest request;
  request.endpoint = client_.setup_->servers[server_];
  request.host = registry::host_and_port(request.endpoint);
  request.method = "POST";
  request.target = std::move(path);
  request.headers.emplace_back("Content-Type", "application/json");
  request.body = std::move(body);
  return request;
}

void EtcdCall::authenticate() {
  const EtcdOptions& options = client_.setup_->options;
  HttpExchangeLimits limits;
  limits.whole = timeout_;
  exchange_ = HttpExchange::start(
      client_.loop_, *client_.setup_->dialer,
      request("/v3/auth/authenticate", etcd_authenticate_body(options.name, options.password)),
      limits, [this](Result<HttpExchangeResponse> response) { on_token(std::move(response)); });
}

void EtcdCall::on_token(Result<HttpExchangeResponse> response) {
  if (!response.ok()) {
    finish(response.take_status());
    return;
  }
  if (response->status != 200) {
    Status failure = failure_of(*response);
    if (failure.message().find("authentication is not enabled") == std::string_view::npos) {
      finish(std::move(failure));
      return;
    }
    client_.token_.clear();
  } else {
    Result<std::string> token = read_etcd_token(response->body);
    if (!token.ok()) {
      finish(token.take_status());
      return;
    }
    client_.token_ = std::move(*token);
  }
  client_.token_known_ = true;
  send();
}

void EtcdCall::send() {
  HttpExchangeRequest post = request(path_, body_);
  if (!client_.token_.empty()) post.headers.emplace_back("Authorization", client_.token_);
  HttpExchangeLimits limits;
  limits.body_bytes = kAnswerBytes;
  HttpExchange::OnPart on_part;
  if (on_line_) {
    limits.whole = std::chrono::nanoseconds::zero();
    client_.loop_.start_timer(first_line_timer_, timeout_);
    on_part = [this](const HttpExchangeResponse&, std::string_view part) { this->on_part(part); };
  } else {
    limits.whole = timeout_;
  }
  exchange_ = HttpExchange::start(
      client_.loop_, *client_.setup_->dialer, std::move(post), limits, std::move(on_part),
      [this](Result<HttpExchangeResponse> response) { on_response(std::move(response)); });
}

void EtcdCall::on_part(std::string_view part) {
  bool destroyed = false;
  destroyed_ = &destroyed;
  for (;;) {
    std::size_t end = part.find('\n');
    line_ += part.substr(0, end);
    if (end == std::string_view::npos) break;
    part.remove_prefix(end + 1);
    first_line_timer_.cancel();
    std::string line = std::exchange(line_, {});
    if (!line.empty()) on_line_(line);
    if (destroyed) return;
  }
  destroyed_ = nullptr;
  if (line_.size() <= kAnswerBytes) return;
  exchange_.reset();
  finish(Status(Code::kResourceExhausted,
                fmt::format("a line is over {} bytes long, which is the limit", kAnswerBytes),
                HandlerRan::kUnknown));
}

void EtcdCall::on_response(Result<HttpExchangeResponse> response) {
  if (!response.ok()) {
    finish(response.take_status());
    return;
  }
  if (response->status == 200) {
    finish(std::move(response->body));
    return;
  }
  Status failure = failure_of(*response);
  bool renew = !token_renewed_ && !client_.setup_->options.name.empty() &&
               is_etcd_token_failure(failure.message());
  if (!renew) {
    finish(std::move(failure));
    return;
  }
  token_renewed_ = true;
  client_.forget_token();
  authenticate();
}

Status EtcdCall::failure_of(const HttpExchangeResponse& response) const {
  return read_etcd_failure(response.status, response.body);
}

void EtcdCall::finish(Result<std::string> result) {
  first_line_timer_.cancel();
  if (!result.ok()) {
    if (is_unreachable(result.status().code())) client_.note_unreachable(server_);
    std::string where = registry::host_and_port(client_.setup_->servers[server_]);
    result = result.status().with_context(fmt::format("etcd at {}{}", where, path_));
  }
  EtcdClient::Done done = std::move(done_);
  done(std::move(result));
}

}  // namespace tern
