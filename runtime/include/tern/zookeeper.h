// ZooKeeper as a registry: the target tern::zookeeper.
#pragma once

#include <chrono>
#include <functional>

#include "tern/backoff.h"
#include "tern/registry.h"

namespace tern {

struct ZooKeeperOptions {
  ZooKeeperOptions() {
    backoff.initial = std::chrono::milliseconds(200);
    backoff.max = std::chrono::seconds(5);
  }

  // An entry whose server is silent for so long is gone. ZooKeeper has limits of its own for it.
  std::chrono::milliseconds session_timeout{std::chrono::seconds(10)};
  // How long the last servers known are kept when ZooKeeper lists none of them any more.
  std::chrono::nanoseconds empty_grace{std::chrono::seconds(30)};
  // Between attempts that ZooKeeper has refused. How connections follow each other is for
  // libzookeeper to say.
  Backoff backoff;
  std::function<double()> random;  // numbers in [0, 1), for jitter; null: one of its own
  // Lets libzookeeper write what it does to stderr.
  bool library_log = false;
};

// Makes `registries` open addresses like "zookeeper@host:port[,host:port…][/prefix]": ZooKeeper 3.5
// or newer. Each registry that is opened is one session, with two threads of libzookeeper's.
// docs/zookeeper.md has the nodes and what happens when what fails.
void add_zookeeper(Registries& registries, ZooKeeperOptions options = ZooKeeperOptions());

}  // namespace tern
