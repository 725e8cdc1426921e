#include "registry/registry_handler.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <utility>

#include "base/ascii.h"
#include "base/duration_text.h"
#include "base/random.h"
#include "base/same_secret.h"
#include "http/head.h"
#include "http/query.h"
#include "http/response.h"
#include "tern/server.h"

namespace tern::registry {

namespace {

using Answer = HttpHandler::Answer;
using Request = HttpHandler::Request;

Answer plain(int status, std::string_view text) {
  Answer answer(status);
  answer.content_type = http::kText;
  answer.body = fmt::format("{} {}\n", status, text);
  return answer;
}

std::string_view header(const Request& request, std::string_view name) {
  return request.headers->get(base::to_lower(name));
}

// What a header says, or the query where there is no header.
std::string_view header_or_query(const Request& request, std::string_view name,
                                 std::string_view key) {
  std::string_view value = header(request, name);
  return !value.empty() ? value : http::query_value(request.query, key).value_or("");
}

std::string_view service_of(const Request& request) {
  return header_or_query(request, kServiceHeader, "service");
}

// Programs register; a page in a browser must not.
bool comes_from_a_page(const Request& request) {
  return !request.headers->get("origin").empty() || !request.headers->get("sec-fetch-site").empty();
}

bool wants_json(const Request& request) {
  return request.headers->get("accept").find(http::kJson) != std::string_view::npos ||
         http::query_value(request.query, "format").value_or("") == "json";
}

std::string new_epoch(const std::function<double()>& source) {
  base::RandomNumbers random(source);
  const std::uint32_t high = random.next_bits();
  return fmt::format("{:08x}{:08x}", high, random.next_bits());
}

}  // namespace

// Ends the wait when the connection has ended.
class Core::Waiting final : public HttpHandler::Pending {
 public:
  Waiting(std::shared_ptr<Core> core, Waiters::iterator waiter)
      : core_(std::move(core)), waiter_(waiter) {}
  ~Waiting() override { core_->forget(waiter_); }
  void on_shutdown() override { core_->on_shutdown(waiter_); }

 private:
  std::shared_ptr<Core> core_;
  Waiters::iterator waiter_;
};

Core::Core(Loop& loop, HttpRegistryServerOptions options, std::string epoch)
    : loop_(loop),
      options_(std::move(options)),
      timer_([this] { on_timer(); }),
      table_(options_.expire, options_.max_servers, std::move(epoch), loop.now()) {}

void Core::start() {
  std::lock_guard lock(mutex_);
  arm(table_.next_due());
}

bool Core::may(const Request& request, bool reading) const {
  if (options_.token.empty() || (reading && !options_.token_for_reading)) return true;
  return base::same_secret(request.headers->get("authorization"), "Bearer " + options_.token);
}

std::unique_ptr<HttpHandler::Pending> Core::handle(const Request& request, const HeaderNames& names,
                                                   Done done) {
  bool reading = request.verb == "GET";
  if (!reading && request.verb != "POST" && request.verb != "DELETE") {
    Answer answer(405);
    answer.headers.emplace_back("Allow", "GET, POST, DELETE");
    done(std::move(answer));
    return nullptr;
  }
  if (!reading && comes_from_a_page(request)) {
    done(plain(403, "this came from a page in a browser; only programs register"));
    return nullptr;
  }
  if (!may(request, reading)) {
    Answer answer = plain(401, "expected \"Authorization: Bearer\" with the registry's token");
    answer.headers.emplace_back("WWW-Authenticate", "Bearer");
    done(std::move(answer));
    return nullptr;
  }
  if (reading) return get(request, names, std::move(done));
  std::vector<PendingAnswer> told;
  Answer answer;
  {
    std::lock_guard lock(mutex_);
    table_.expire(loop_.now());
    answer = request.verb == "POST" ? post(request, names) : withdraw(request, names);
    if (table_.changes() != seen_) take_told(told);
    arm(table_.next_due());
  }
  for (PendingAnswer& one : told) one.done(std::move(one.answer));
  done(std::move(answer));
  return nullptr;
}

// With mutex_ held.
Answer Core::post(const Request& request, const HeaderNames& names) {
  std::string_view address = header(request, names.server);
  // To the letter what GeeRPC says.
  if (address.empty()) return Answer(500);
  ListingText text;
  text.service = service_of(request);
  text.weight = header_or_query(request, kWeightHeader, "weight");
  text.zone = header_or_query(request, kZoneHeader, "zone");
  text.metadata = header(request, kMetadataHeader);
  Result<Listing> listing = parse_listing(address, text);
  if (!listing.ok()) return plain(400, listing.status().message());
  if (table_.put(std::move(*listing), loop_.now()) == ServerTable::Put::kFull) {
    return plain(503, fmt::format("registry: it lists {} servers, which is the limit",
                                  options_.max_servers));
  }
  Answer answer;
  answer.headers.emplace_back(kEpochHeader, table_.epoch());
  if (options_.expire.count() > 0) {
    auto expire = std::chrono::duration_cast<std::chrono::milliseconds>(options_.expire);
    answer.headers.emplace_back(kExpireHeader, fmt::format("{}", expire.count()));
  }
  return answer;
}

// With mutex_ held.
Answer Core::withdraw(const Request& request, const HeaderNames& names) {
  std::string_view address = header(request, names.server);
  if (address.empty()) {
    return plain(400, fmt::format("expected the address to withdraw in {}", names.server));
  }
  Result<Endpoint> endpoint = parse_listed_address(address);
  if (!endpoint.ok()) return plain(400, endpoint.status().message());
  table_.remove(address, http::percent_decode(service_of(request)).value_or(""));
  return Answer();
}

// With mutex_ held.
Answer Core::list_plainly(std::string_view service, const HeaderNames& names) const {
  Answer answer;
  answer.headers.emplace_back(names.servers,
                              fmt::format("{}", fmt::join(table_.addresses(service), ",")));
  return answer;
}

// With mutex_ held.
Answer Core::list_in_json(std::string_view service, std::string_view server) const {
  Answer answer;
  answer.content_type = http::kJson;
  answer.headers.emplace_back("Cache-Control", "no-store");
  answer.body = to_json(server.empty() ? table_.list(service) : table_.list(service, server));
  return answer;
}

std::unique_ptr<HttpHandler::Pending> Core::get(const Request& request, const HeaderNames& names,
                                                Done done) {
  Waiter waiter;
  std::chrono::nanoseconds wait{0};
  bool json = wants_json(request);
  std::optional<std::string> service = http::percent_decode(service_of(request));
  if (!service) {
    done(plain(400, "service: expected %xx behind every \"%\""));
    return nullptr;
  }
  waiter.service = std::move(*service);
  if (json) {
    std::optional<std::string> server =
        http::percent_decode(http::query_value(request.query, "server").value_or(""));
    std::optional<std::chrono::nanoseconds> asked =
        base::parse_duration(http::query_value(request.query, "wait").value_or("0ms"));
    if (!server || !asked) {
      done(plain(400, !asked ? "wait: expected a number and ms, s, min or h, as in wait=30s"
                             : "server: expected %xx behind every \"%\""));
      return nullptr;
    }
    waiter.server = std::move(*server);
    waiter.version = http::query_value(request.query, "version").value_or("");
    wait = std::min(*asked, options_.max_wait);
  }
  Answer answer;
  std::vector<PendingAnswer> told;
  std::unique_ptr<HttpHandler::Pending> waiting;
  {
    std::lock_guard lock(mutex_);
    table_.expire(loop_.now());
    if (table_.changes() != seen_) take_told(told);
    if (json && wait.count() > 0 && !has_news(waiter) && waiters_.size() < options_.max_waiting) {
      waiter.due = saturating_add(loop_.now(), wait);
      waiter.done = std::move(done);
      arm(waiter.due);
      waiters_.push_back(std::move(waiter));
      waiting = std::make_unique<Waiting>(shared_from_this(), std::prev(waiters_.end()));
    } else {
      answer =
          json ? list_in_json(waiter.service, waiter.server) : list_plainly(waiter.service, names);
    }
  }
  for (PendingAnswer& one : told) one.done(std::move(one.answer));
  if (!waiting) done(std::move(answer));
  return waiting;
}

// With mutex_ held. Who asks for one server wants to know when it is no longer there.
bool Core::has_news(const Waiter& waiter) const {
  if (!waiter.server.empty()) return !table_.contains(waiter.service, waiter.server);
  return waiter.version != table_.version(waiter.service);
}

// With mutex_ held. Those for whom there is news, or no more time.
void Core::take_told(std::vector<PendingAnswer>& told) {
  seen_ = table_.changes();
  std::map<std::pair<std::string, std::string>, Answer> made;
  Clock::TimePoint now = loop_.now();
  for (auto waiter = waiters_.begin(); waiter != waiters_.end();) {
    auto next = std::next(waiter);
    if (waiter->due <= now || has_news(*waiter)) {
      auto key = std::make_pair(waiter->service, waiter->server);
      auto found = made.find(key);
      if (found == made.end()) {
        found = made.emplace(key, list_in_json(waiter->service, waiter->server)).first;
      }
      told.push_back({std::move(waiter->done), found->second});
      told_.splice(told_.end(), waiters_, waiter);
    }
    waiter = next;
  }
}

// With mutex_ held. The timer may be early, and then looks again.
void Core::arm(std::optional<Clock::TimePoint> due) {
  if (!due || (armed_for_ && *armed_for_ <= *due)) return;
  armed_for_ = due;
  loop_.post([weak = weak_from_this(), due = *due] {
    if (auto self = weak.lock()) self->loop_.start_timer(self->timer_, due);
  });
}

void Core::on_timer() {
  std::vector<PendingAnswer> told;
  {
    std::lock_guard lock(mutex_);
    armed_for_.reset();
    table_.expire(loop_.now());
    take_told(told);
    arm(table_.next_due());
    for (const Waiter& waiter : waiters_) arm(waiter.due);
  }
  for (PendingAnswer& one : told) one.done(std::move(one.answer));
}

void Core::on_shutdown(Waiters::iterator waiter) {
  PendingAnswer told;
  {
    std::lock_guard lock(mutex_);
    if (!waiter->done) return;
    told = {std::move(waiter->done), list_in_json(waiter->service, waiter->server)};
    told_.splice(told_.end(), waiters_, waiter);
  }
  told.done(std::move(told.answer));
}

void Core::forget(Waiters::iterator waiter) {
  std::lock_guard lock(mutex_);
  // If `done` has been moved from, the waiter is in told_.
  (waiter->done ? waiters_ : told_).erase(waiter);
}

}  // namespace tern::registry

namespace tern {

Status add_http_registry(Server& server, HttpRegistryServerOptions options) {
  Loop& loop = server.pool().next();
  std::vector<std::string> paths = options.paths;
  std::string epoch = registry::new_epoch(options.random);
  auto core = std::make_shared<registry::Core>(loop, std::move(options), std::move(epoch));
  for (std::string& path : paths) {
    registry::HeaderNames names = registry::header_names(path);
    auto handler = std::make_shared<registry::Handler>(core, loop, names);
    Status failure = server.add_http(std::move(path), std::move(handler));
    if (!failure.ok()) return failure;
  }
  core->start();
  return {};
}

}  // namespace tern
