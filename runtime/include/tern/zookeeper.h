// ZooKeeper as a registry: the target tern::zookeeper.
#pragma once

#include <chrono>
#include <functional>
#include <string>

#include "tern/backoff.h"
#include "tern/registry.h"

namespace tern {

struct ZooKeeperOptions {
  ZooKeeperOptions() {
    backoff.initial = std::chrono::milliseconds(200);
    backoff.max = std::chrono::seconds(5);
  }

  // An entry expires when its server is silent for this long. ZooKeeper has limits of its own for
  // it.
  std::chrono::milliseconds session_timeout{std::chrono::seconds(10)};
  // "user:password" of ZooKeeper's scheme "digest". Set: nodes that this side makes are its own;
  // others who have it may change them too, and everybody may read them. Sent without encryption:
  // ZooKeeper's C client, as Debian builds it, has no TLS. "": everybody may do everything.
  std::string digest;
  // How long the last known servers are kept when ZooKeeper lists none of them any more.
  std::chrono::nanoseconds empty_grace{std::chrono::seconds(30)};
  // The waits after requests that ZooKeeper has refused. libzookeeper decides itself how often it
  // connects.
  Backoff backoff;
  std::function<double()> random;  // numbers in [0, 1), for jitter; null: system-seeded
  // Lets libzookeeper write what it does to stderr.
  bool library_log = false;
};

// Makes `registries` open addresses like "zookeeper@host:port[,host:port…][/prefix]": ZooKeeper 3.5
// or newer. Each registry that is opened is one session, with two threads of libzookeeper's.
// docs/zookeeper.md has the nodes and says what happens on failures.
void add_zookeeper(Registries& registries, ZooKeeperOptions options = ZooKeeperOptions());

}  // namespace tern
