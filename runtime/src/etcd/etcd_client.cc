#include "etcd/etcd_client.h"

#include <fmt/format.h>

#include <utility>

#include "etcd/etcd_messages.h"
#include "registry/registry_where.h"

namespace tern::etcd {

namespace {

// Of one answer or line: 10,000 servers with much to tell.
constexpr std::size_t kAnswerBytes = 16 * 1024 * 1024;

// Whether another server may do better.
bool is_unreachable(Code code) {
  return code == Code::kUnavailable || code == Code::kDeadlineExceeded ||
         code == Code::kResourceExhausted || code == Code::kInternal || code == Code::kUnknown;
}

}  // namespace

Client::Client(Loop& loop, std::shared_ptr<const Setup> setup)
    : loop_(loop),
      setup_(std::move(setup)),
      backoff_(setup_->options.backoff, setup_->options.random) {}

std::unique_ptr<Call> Client::call(std::string path, std::string body,
                                   std::chrono::nanoseconds timeout, Done done) {
  return stream(std::move(path), std::move(body), timeout, OnLine(), std::move(done));
}

std::unique_ptr<Call> Client::stream(std::string path, std::string body,
                                     std::chrono::nanoseconds timeout, OnLine on_line, Done done) {
  auto call = std::make_unique<Call>(*this, std::move(path), std::move(body), timeout,
                                     std::move(on_line), std::move(done));
  call->start();
  return call;
}

std::chrono::nanoseconds Client::next_wait() {
  bool another = std::exchange(just_moved_, false) && given_up_ < setup_->servers.size();
  if (another) return std::chrono::nanoseconds::zero();
  given_up_ = 0;
  return backoff_.next();
}

void Client::note_success() {
  given_up_ = 0;
  backoff_.reset();
}

void Client::forget_token() {
  token_.clear();
  token_known_ = false;
}

void Client::note_unreachable(std::size_t server) {
  if (server != current_) return;
  current_ = (current_ + 1) % setup_->servers.size();
  ++given_up_;
  just_moved_ = true;
}

Call::Call(Client& client, std::string path, std::string body, std::chrono::nanoseconds timeout,
           Client::OnLine on_line, Client::Done done)
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

Call::~Call() {
  if (destroyed_ != nullptr) *destroyed_ = true;
}

void Call::start() {
  if (client_.needs_token()) {
    authenticate();
  } else {
    send();
  }
}

registry::HttpExchangeRequest Call::request(std::string path, std::string body) const {
  registry::HttpExchangeRequest request;
  request.endpoint = client_.setup_->servers[server_];
  request.host = registry::host_and_port(request.endpoint);
  request.method = "POST";
  request.target = std::move(path);
  request.headers.emplace_back("Content-Type", "application/json");
  request.body = std::move(body);
  return request;
}

void Call::authenticate() {
  const EtcdOptions& options = client_.setup_->options;
  registry::HttpExchangeLimits limits;
  limits.whole = timeout_;
  exchange_ = registry::HttpExchange::start(
      client_.loop_, *client_.setup_->dialer,
      request("/v3/auth/authenticate", authenticate_body(options.name, options.password)), limits,
      [this](Result<registry::HttpExchangeResponse> response) { on_token(std::move(response)); });
}

void Call::on_token(Result<registry::HttpExchangeResponse> response) {
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
    Result<std::string> token = parse_token(response->body);
    if (!token.ok()) {
      finish(token.take_status());
      return;
    }
    client_.token_ = std::move(*token);
  }
  client_.token_known_ = true;
  send();
}

void Call::send() {
  registry::HttpExchangeRequest post = request(path_, body_);
  if (!client_.token_.empty()) post.headers.emplace_back("Authorization", client_.token_);
  registry::HttpExchangeLimits limits;
  limits.body_bytes = kAnswerBytes;
  registry::HttpExchange::OnPart on_part;
  if (on_line_) {
    limits.whole = std::chrono::nanoseconds::zero();
    client_.loop_.start_timer(first_line_timer_, timeout_);
    on_part = [this](const registry::HttpExchangeResponse&, std::string_view part) {
      this->on_part(part);
    };
  } else {
    limits.whole = timeout_;
  }
  exchange_ = registry::HttpExchange::start(
      client_.loop_, *client_.setup_->dialer, std::move(post), limits, std::move(on_part),
      [this](Result<registry::HttpExchangeResponse> response) {
        on_response(std::move(response));
      });
}

void Call::on_part(std::string_view part) {
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

void Call::on_response(Result<registry::HttpExchangeResponse> response) {
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
               is_token_failure(failure.message());
  if (!renew) {
    finish(std::move(failure));
    return;
  }
  token_renewed_ = true;
  client_.forget_token();
  authenticate();
}

Status Call::failure_of(const registry::HttpExchangeResponse& response) const {
  return parse_failure(response.status, response.body);
}

void Call::finish(Result<std::string> result) {
  first_line_timer_.cancel();
  if (!result.ok()) {
    if (is_unreachable(result.status().code())) client_.note_unreachable(server_);
    std::string where = registry::host_and_port(client_.setup_->servers[server_]);
    result = result.status().with_context(fmt::format("etcd at {}{}", where, path_));
  }
  Client::Done done = std::move(done_);
  done(std::move(result));
}

}  // namespace tern::etcd
