// Uses each part with a target of its own: registries that are not there, credentials, a key that
// is none, and services of a server. Exits with 0 if each says what it should.
#include <condition_variable>
#include <iostream>
#include <mutex>
#include <string>

#include "tern/discovery.h"
#include "tern/registry.h"
#include "tern/tern.h"
#ifdef WITH_etcd
#include "tern/etcd.h"
#endif
#ifdef WITH_grpc_services
#include "tern/grpc_services.h"
#endif
#ifdef WITH_jwt
#include "tern/jwt.h"
#endif
#ifdef WITH_tls
#include "tern/tls.h"
#endif
#ifdef WITH_zookeeper
#include "tern/zookeeper.h"
#endif

namespace {

// Waits until it is known that nothing is known, and why.
[[maybe_unused]] bool says_that_it_is_not_there(const tern::Registries& registries,
                                                const std::string& address) {
  tern::IoPool pool;
  auto registry = registries.open(address, pool);
  if (!registry.ok()) {
    std::cerr << registry.status().to_string() << '\n';
    return false;
  }
  auto discovery = (*registry)->discover("arith.Arith");
  std::mutex mutex;
  std::condition_variable changed;
  std::string failure;
  auto watch = discovery->watch([&](const tern::ServerView& view) {
    std::lock_guard lock(mutex);
    failure = view.status.to_string();
    changed.notify_all();
  });
  std::unique_lock lock(mutex);
  changed.wait(lock, [&] { return !failure.empty(); });
  std::cout << failure << '\n';
  lock.unlock();
  watch.reset();
  return failure.find("127.0.0.1:1") != std::string::npos;
}

}  // namespace

int main() {
  tern::Registries registries;
  bool good = true;
#ifdef WITH_etcd
  tern::add_etcd(registries);
  good = says_that_it_is_not_there(registries, "etcd@127.0.0.1:1") && good;
#endif
#ifdef WITH_grpc_services
  tern::Server server;
  auto health = tern::add_health(server);
  good = health.ok() && tern::add_reflection(server).ok() && good;
#endif
#ifdef WITH_tls
  good = tern::tls::channel_credentials().ok() && good;
#endif
#ifdef WITH_zookeeper
  tern::ZooKeeperOptions options;
  options.session_timeout = std::chrono::milliseconds(500);
  tern::add_zookeeper(registries, options);
  good = says_that_it_is_not_there(registries, "zookeeper@127.0.0.1:1") && good;
#endif
#ifdef WITH_jwt
  const tern::Status no_key = tern::JwtKeys::from_pem("no key").status();
  std::cout << no_key.to_string() << '\n';
  good = no_key.code() == tern::Code::kInvalidArgument && good;
#endif
  return good ? 0 : 1;
}
