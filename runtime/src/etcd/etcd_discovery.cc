#include "etcd/etcd_discovery.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "etcd/etcd_keys.h"
#include "registry/instance_json.h"
#include "registry/loop_task.h"

namespace tern::etcd {

namespace {

// Servers beyond this number are ignored.
constexpr std::size_t kMaxServers = 10'000;
// The time between look-ups that refresh() asks for, at least.
constexpr std::chrono::seconds kLookInterval{1};

}  // namespace

Watcher::Watcher(Loop& loop, std::shared_ptr<const Setup> setup, std::string_view service)
    : client_(loop, std::move(setup)),
      prefix_(service_prefix(client_.setup().prefix, service)),
      list_(loop, client_.setup().options.empty_grace),
      next_look_([this] { look(); }) {}

void Watcher::stop() {
  stopped_ = true;
  next_look_.cancel();
  look_.reset();
  watch_.reset();
}

void Watcher::refresh() {
  if (stopped_ || look_) return;
  Clock::TimePoint due = std::max(client_.loop().now(), saturating_add(looked_at_, kLookInterval));
  if (!next_look_.waiting() || due < next_look_.due()) client_.loop().start_timer(next_look_, due);
}

void Watcher::look() {
  if (stopped_) return;
  next_look_.cancel();
  looked_at_ = client_.loop().now();
  asked_revision_ = revision_;
  look_ = client_.call("/v3/kv/range", range_body(prefix_, kMaxServers),
                       client_.setup().options.request_timeout, [this](Result<std::string> answer) {
                         std::shared_ptr<Watcher> alive = shared_from_this();
                         std::unique_ptr<Call> over = std::move(look_);
                         on_listed(std::move(answer));
                       });
}

void Watcher::on_listed(Result<std::string> answer) {
  if (!answer.ok()) {
    fail(answer.status());
    return;
  }
  Result<Range> range = parse_range(*answer);
  if (!range.ok()) {
    client_.move_on();
    fail(range.status());
    return;
  }
  take_list(std::move(*range));
  if (stopped_) return;
  if (watch_) {
    client_.note_success();
  } else {
    watch();
  }
  client_.loop().start_timer(next_look_, client_.setup().options.check_interval);
}

void Watcher::take_list(Range range) {
  // In one store, the list is never older than what was known when the list was asked for.
  bool begun_anew = range.revision < asked_revision_;
  if (begun_anew) watch_.reset();
  if (!begun_anew && range.revision < revision_) {
    show(false);  // the watch has been faster
    return;
  }
  revision_ = listed_revision_ = range.revision;
  ByAddress before = std::exchange(found_, {});
  for (Entry& entry : range.entries) put(entry);
  // A watch that has missed a change may never report one: the connection can be dead on one side.
  // If it was only late, a new watch costs little.
  if (found_ != before) watch_.reset();
  show(begun_anew);
}

void Watcher::watch() {
  watch_ = client_.stream(
      "/v3/watch", watch_body(prefix_, revision_ + 1), client_.setup().options.request_timeout,
      [this](std::string_view line) {
        std::shared_ptr<Watcher> alive = shared_from_this();
        on_line(line);
      },
      [this](Result<std::string> end) {
        std::shared_ptr<Watcher> alive = shared_from_this();
        on_watch_over(end.ok()
                          ? Status(Code::kUnavailable, "etcd: the watch has ended", HandlerRan::kNo)
                          : end.status());
      });
}

void Watcher::on_line(std::string_view line) {
  Result<WatchMessage> message = parse_watch_message(line);
  if (!message.ok()) {
    client_.move_on();
    on_watch_over(message.status());
    return;
  }
  if (message->canceled) {
    if (is_token_failure(message->reason)) client_.forget_token();
    on_watch_over(Status(Code::kUnavailable,
                         fmt::format("etcd: the watch has ended: {}", message->reason),
                         HandlerRan::kNo));
    return;
  }
  if (message->events.empty()) return;
  for (Event& event : message->events) apply(event);
  revision_ = std::max(revision_, message->revision);
  show(false);
}

void Watcher::apply(Event& event) {
  Entry& entry = event.entry;
  // Older than the list, which was read while it was on its way.
  if (entry.revision <= listed_revision_) return;
  if (event.deleted) {
    if (entry.key.starts_with(prefix_)) found_.erase(entry.key.substr(prefix_.size()));
  } else {
    put(entry);
  }
}

// An entry that cannot be a server is ignored: it is somebody else's, and no reason to lose the
// others.
void Watcher::put(Entry& entry) {
  if (!entry.key.starts_with(prefix_)) return;
  std::string address = entry.key.substr(prefix_.size());
  Result<Instance> instance = registry::read_instance(address, entry.value);
  if (!instance.ok()) {
    found_.erase(address);
  } else if (found_.size() < kMaxServers || found_.contains(address)) {
    found_.insert_or_assign(std::move(address), std::move(*instance));
  }
}

void Watcher::show(bool doubted) {
  std::vector<Instance> servers;
  servers.reserve(found_.size());
  for (const auto& [address, instance] : found_) servers.push_back(instance);
  if (doubted) {
    list_.update_doubted(std::move(servers));
  } else {
    list_.update(std::move(servers));
  }
}

// A list read anew says what has been missed.
void Watcher::on_watch_over(const Status& why) {
  watch_.reset();
  if (!look_) fail(why);
}

void Watcher::fail(const Status& why) {
  // A watch on a server that does not answer reports nothing.
  watch_.reset();
  std::chrono::nanoseconds wait = client_.next_wait();
  list_.set_failure(why);
  if (!stopped_) client_.loop().start_timer(next_look_, wait);
}

Discovery::Discovery(IoPool& pool, std::shared_ptr<const Setup> setup, std::string_view service)
    : pool_(pool),
      loop_(pool.next()),
      watcher_(std::make_shared<Watcher>(loop_, std::move(setup), service)) {
  loop_.post([watcher = watcher_] { watcher->start(); });
}

Discovery::~Discovery() {
  registry::run_on_loop(pool_, loop_, [watcher = watcher_] { watcher->stop(); });
}

void Discovery::refresh() {
  loop_.post([watcher = watcher_] { watcher->refresh(); });
}

}  // namespace tern::etcd
