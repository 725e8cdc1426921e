#include "kv_store.h"

#include <algorithm>
#include <asio/post.hpp>
#include <asio/redirect_error.hpp>
#include <asio/steady_timer.hpp>
#include <asio/use_awaitable.hpp>
#include <chrono>
#include <optional>
#include <utility>

namespace {

constexpr std::int64_t kLongestWatch = 24 * 60 * 60;

}  // namespace

// Lives on the loop of the connection that watches; Set comes from any.
struct KvStore::Watcher {
  explicit Watcher(const asio::any_io_executor& executor) : timer(executor) {}

  asio::steady_timer timer;
  std::optional<std::string> key;
};

// On the list from its beginning to its end, however that comes: the key, the time, or a caller
// that gives up.
class KvStore::Watching {
 public:
  Watching(KvStore& store, const asio::any_io_executor& executor)
      : store_(store), watcher_(std::make_shared<Watcher>(executor)) {
    std::lock_guard lock(store_.mutex_);
    store_.watchers_.push_back(watcher_);
  }
  Watching(const Watching&) = delete;
  Watching& operator=(const Watching&) = delete;
  ~Watching() {
    std::lock_guard lock(store_.mutex_);
    std::erase(store_.watchers_, watcher_);
  }

  Watcher& watcher() { return *watcher_; }

 private:
  KvStore& store_;
  std::shared_ptr<Watcher> watcher_;
};

KvStore::KvStore() = default;
KvStore::~KvStore() = default;

tern::Reply<std::string> KvStore::Get(tern::ServerContext& /*context*/, std::string key) {
  std::lock_guard lock(mutex_);
  auto found = texts_.find(key);
  if (found == texts_.end()) return interop::NotFound(std::move(key));
  return found->second;
}

tern::Reply<void> KvStore::Set(tern::ServerContext& /*context*/, std::vector<std::string> pair) {
  if (pair.size() != 2) {
    return tern::Status(
        tern::Code::kInvalidArgument,
        "Set takes a key and a text; " + std::to_string(pair.size()) + " strings came");
  }
  std::vector<std::shared_ptr<Watcher>> told;
  {
    std::lock_guard lock(mutex_);
    texts_[pair[0]] = std::move(pair[1]);
    told.swap(watchers_);
  }
  for (std::shared_ptr<Watcher>& watcher : told) {
    asio::any_io_executor executor = watcher->timer.get_executor();
    asio::post(executor, [watcher = std::move(watcher), key = pair[0]] {
      watcher->key = key;
      watcher->timer.cancel();
    });
  }
  return {};
}

tern::Reply<std::string> KvStore::Watch(tern::ServerContext& context, std::int64_t seconds) {
  if (seconds <= 0) return interop::TimedOut(seconds);
  // From here on, not from when the coroutine begins: a Set behind this call must be seen.
  auto watching = std::make_unique<Watching>(*this, context.executor());
  return wait(std::move(watching), seconds);
}

asio::awaitable<tern::Result<std::string>> KvStore::wait(std::unique_ptr<Watching> watching,
                                                         std::int64_t seconds) {
  Watcher& watcher = watching->watcher();
  asio::error_code stopped;
  if (!watcher.key) {
    watcher.timer.expires_after(std::chrono::seconds(std::min(seconds, kLongestWatch)));
    auto token = asio::redirect_error(asio::use_awaitable, stopped);
    co_await watcher.timer.async_wait(token);
  }
  if (watcher.key) co_return std::move(*watcher.key);
  if (stopped) co_return tern::Status(tern::Code::kCancelled, "nobody waits for the key");
  co_return interop::TimedOut(seconds);
}
