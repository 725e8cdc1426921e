#include "integration/many_servers/foo_servers.h"

#include <atomic>
#include <condition_variable>
#include <future>
#include <mutex>
#include <random>
#include <thread>

#include "foo.service.h"

namespace tern::test {

std::string own_loopback_host() {
  std::random_device random;
  auto part = [&] { return std::to_string(1 + random() % 254); };
  return "127." + part() + "." + part() + "." + part();
}

void FooServersTest::start_registry() {
  const bool first = registry_address_.empty();
  const std::string listen =
      first ? "tcp@" + host_ + ":0"
            : "tcp@" + registry_address_.substr(5, registry_address_.find('/') - 5);
  registry_process_ = std::make_unique<ChildProcess>(
      std::vector<std::string>{TERN_COMMAND, "registry", "--listen", listen, "--ttl", "6s"});
  ASSERT_NE(registry_process_->first_line(), "") << "the registry did not listen on " << listen;
  if (!first) return;
  registry_address_ = registry_process_->first_line();
  Result<std::shared_ptr<Registry>> opened = Registries().open(registry_address_, pool_);
  ASSERT_TRUE(opened.ok()) << opened.status().to_string();
  registry_ = *opened;
  listed_ = registry_->discover("Foo");
}

void FooServersTest::launch(FooServer& server, const std::string& listen) {
  std::vector<std::string> command = {TERN_CLUSTER_SERVER, "--listen", listen, "--registry",
                                      registry_address_};
  command.insert(command.end(), server.options.begin(), server.options.end());
  server.process = std::make_unique<ChildProcess>(command);
  server.address = server.process->first_line();
  ASSERT_NE(server.address, "") << "the server did not listen on " << listen;
  wait_until_listed(server.address);
}

void FooServersTest::add_server(const std::vector<std::string>& options) {
  FooServer& server = servers_.emplace_back();
  server.options = options;
  launch(server, "tcp@" + host_ + ":0");
}

void FooServersTest::start_again(FooServer& server) {
  const std::string address = server.address;
  launch(server, address);
}

void FooServersTest::wait_until_listed(const std::string& address) {
  std::promise<void> listed;
  bool found = false;  // touched by the watch alone
  auto watch = listed_->watch([&](const ServerView& view) {
    if (found || !view.known()) return;
    for (const Instance& server : *view.servers) found |= server.endpoint.to_string() == address;
    if (found) listed.set_value();
  });
  listed.get_future().wait();
}

// Who waits is told at every call.
struct Callers::Caller {
  Caller(Cluster& cluster, Method of) : method(of), foo(cluster) {}

  void run() {
    for (std::int64_t i = 0; !stopped; ++i) {
      Result<std::int64_t> result =
          method == Method::kSum ? foo.Sum({0, i}).get() : foo.Sleep({0, i}).get();
      std::lock_guard lock(mutex);
      ++calls;
      if (!result.ok() || *result != i) {
        if (failed++ == 0) first_failure = result.status().to_string();
      }
      called.notify_all();
    }
  }

  const Method method;
  foo::FooStub foo;
  std::atomic<bool> stopped = false;

  std::mutex mutex;  // guards the following
  std::condition_variable called;
  std::size_t calls = 0;
  std::size_t failed = 0;
  std::string first_failure;

  std::thread thread;
};

Callers::Callers(const std::vector<std::unique_ptr<Cluster>>& clients, Method method) {
  for (const std::unique_ptr<Cluster>& client : clients) {
    callers_.push_back(std::make_unique<Caller>(*client, method));
  }
  for (const std::unique_ptr<Caller>& caller : callers_) {
    caller->thread = std::thread([&caller = *caller] { caller.run(); });
  }
}

Callers::~Callers() {
  stop();
}

void Callers::wait_for(std::size_t calls) {
  std::vector<std::size_t> wanted;
  for (const std::unique_ptr<Caller>& caller : callers_) {
    std::lock_guard lock(caller->mutex);
    wanted.push_back(caller->calls + calls);
  }
  for (std::size_t i = 0; i < callers_.size(); ++i) {
    std::unique_lock lock(callers_[i]->mutex);
    callers_[i]->called.wait(lock, [&] { return callers_[i]->calls >= wanted[i]; });
  }
}

void Callers::stop() {
  for (const std::unique_ptr<Caller>& caller : callers_) caller->stopped = true;
  for (const std::unique_ptr<Caller>& caller : callers_) {
    if (caller->thread.joinable()) caller->thread.join();
  }
}

std::vector<std::size_t> Callers::calls() const {
  std::vector<std::size_t> of_each;
  for (const std::unique_ptr<Caller>& caller : callers_) of_each.push_back(caller->calls);
  return of_each;
}

std::vector<std::size_t> Callers::failed() const {
  std::vector<std::size_t> of_each;
  for (const std::unique_ptr<Caller>& caller : callers_) of_each.push_back(caller->failed);
  return of_each;
}

std::string Callers::first_failure() const {
  for (const std::unique_ptr<Caller>& caller : callers_) {
    if (!caller->first_failure.empty()) return caller->first_failure;
  }
  return {};
}

}  // namespace tern::test
