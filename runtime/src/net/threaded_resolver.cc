#include "net/threaded_resolver.h"

#include <fmt/format.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <deque>
#include <exception>
#include <map>
#include <mutex>
#include <system_error>
#include <utility>

#include "base/kept_thread.h"

namespace tern::net {

namespace {

struct Asker {
  Loop& loop;
  NameResolver::Done done;  // the loop's thread
};

}  // namespace

// Shared with the threads, which may outlive the resolver.
class ThreadedResolver::Core : public std::enable_shared_from_this<Core> {
 public:
  using AskerPtr = std::shared_ptr<Asker>;

  Core(Lookup lookup, std::size_t max_threads)
      : lookup_(std::move(lookup)), max_threads_(std::max<std::size_t>(max_threads, 1)) {}

  void ask(const std::string& host, const AskerPtr& asker) {
    std::lock_guard lock(mutex_);
    auto [question, is_new] = questions_.try_emplace(host);
    question->second.push_back(asker);
    if (closed_) {
      answer(host,
             Status(Code::kUnavailable, fmt::format("host \"{}\": the resolver is closed", host),
                    HandlerRan::kNo));
      return;
    }
    if (!is_new) return;
    queue_.push_back(host);
    if (threads_ >= max_threads_) return;
    try {
      base::KeptThread([self = shared_from_this()] { self->work(); }).leave();
      ++threads_;
    } catch (const std::exception& thrown) {
      if (threads_ > 0) return;  // those that there are come to it
      answer(host,
             Status(Code::kUnavailable,
                    fmt::format("host \"{}\": no thread to look it up on: {}", host, thrown.what()),
                    HandlerRan::kNo));
      queue_.pop_back();
    }
  }

  // A question that nobody waits for any more is not asked, if it has not been.
  void forget(const std::string& host, const AskerPtr& asker) {
    std::lock_guard lock(mutex_);
    auto question = questions_.find(host);
    if (question == questions_.end()) return;
    std::erase(question->second, asker);
    auto queued = std::find(queue_.begin(), queue_.end(), host);
    if (!question->second.empty() || queued == queue_.end()) return;
    queue_.erase(queued);
    questions_.erase(question);
  }

  void close() {
    std::lock_guard lock(mutex_);
    closed_ = true;
    queue_.clear();
    questions_.clear();
  }

 private:
  // A thread's life: until nothing is left to do.
  void work() {
    std::unique_lock lock(mutex_);
    while (!queue_.empty()) {
      std::string host = std::move(queue_.front());
      queue_.pop_front();
      lock.unlock();
      Result<Addresses> found = look_up(host);
      lock.lock();
      answer(host, found);
    }
    --threads_;
  }

  Result<Addresses> look_up(const std::string& host) {
    try {
      return lookup_(host);
    } catch (const std::exception& thrown) {
      return Status(Code::kUnavailable, fmt::format("host \"{}\": {}", host, thrown.what()),
                    HandlerRan::kNo);
    }
  }

  // With mutex_ held, so that one who gives a question up, and its loop perhaps, waits for this.
  void answer(const std::string& host, const Result<Addresses>& found) {
    auto question = questions_.find(host);
    if (question == questions_.end()) return;
    for (AskerPtr& asker : question->second) {
      Loop& loop = asker->loop;
      loop.post([asker = std::move(asker), found] {
        Done done = std::move(asker->done);
        if (done) done(found);
      });
    }
    questions_.erase(question);
  }

  const Lookup lookup_;
  const std::size_t max_threads_;

  std::mutex mutex_;  // guards the following
  std::map<std::string, std::vector<AskerPtr>> questions_;
  std::deque<std::string> queue_;  // of those, what no thread has taken
  std::size_t threads_ = 0;
  bool closed_ = false;
};

ThreadedResolver::ThreadedResolver(Lookup lookup, std::size_t max_threads)
    : core_(std::make_shared<Core>(std::move(lookup), max_threads)) {}

ThreadedResolver::~ThreadedResolver() {
  close();
}

void ThreadedResolver::close() {
  core_->close();
}

class ThreadedResolver::Question final : public Query {
 public:
  Question(std::shared_ptr<Core> core, std::string host, std::shared_ptr<Asker> asker)
      : core_(std::move(core)), host_(std::move(host)), asker_(std::move(asker)) {}
  ~Question() override {
    asker_->done.reset();
    core_->forget(host_, asker_);
  }

 private:
  std::shared_ptr<Core> core_;
  std::string host_;
  std::shared_ptr<Asker> asker_;
};

std::unique_ptr<NameResolver::Query> ThreadedResolver::resolve(Loop& loop, const std::string& host,
                                                               Done done) {
  auto asker = std::make_shared<Asker>(Asker{loop, std::move(done)});
  core_->ask(host, asker);
  return std::make_unique<Question>(core_, host, std::move(asker));
}

Result<NameResolver::Addresses> ThreadedResolver::ask_system(const std::string& host) {
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* list = nullptr;
  int error = ::getaddrinfo(host.c_str(), nullptr, &hints, &list);
  if (error != 0) {
    std::string why = error == EAI_SYSTEM ? std::generic_category().message(errno)
                                          : std::string(::gai_strerror(error));
    return Status(Code::kUnavailable, fmt::format("host \"{}\": {}", host, why), HandlerRan::kNo);
  }
  std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owner(list, &::freeaddrinfo);
  Addresses found;
  for (const addrinfo* one = list; one; one = one->ai_next) {
    if (one->ai_family == AF_INET) {
      const auto& in = reinterpret_cast<const sockaddr_in&>(*one->ai_addr);
      found.emplace_back(asio::ip::address_v4(ntohl(in.sin_addr.s_addr)));
    } else if (one->ai_family == AF_INET6) {
      const auto& in6 = reinterpret_cast<const sockaddr_in6&>(*one->ai_addr);
      asio::ip::address_v6::bytes_type bytes;
      std::memcpy(bytes.data(), &in6.sin6_addr, bytes.size());
      found.emplace_back(asio::ip::address_v6(bytes, in6.sin6_scope_id));
    }
  }
  return found;
}

}  // namespace tern::net
