// etcd as a registry: the target tern::etcd.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "tern/backoff.h"
#include "tern/dialer.h"
#include "tern/registry.h"

namespace tern {

struct EtcdOptions {
  EtcdOptions() {
    backoff.initial = std::chrono::milliseconds(200);
    backoff.max = std::chrono::seconds(5);
  }

  std::string name;      // a user of etcd's; "": etcd asks for none
  std::string password;  // goes over the network as it is

  // An entry whose server is silent for so long is gone. It is renewed three times in that time.
  std::chrono::seconds ttl{10};
  // One request, connecting included. Then the next of the servers is asked.
  std::chrono::nanoseconds request_timeout{std::chrono::seconds(3)};
  // How often the list is read beside the watch, which can fall silent without ending.
  std::chrono::nanoseconds check_interval{std::chrono::seconds(30)};
  // How long the last servers known are kept when etcd lists none of them any more.
  std::chrono::nanoseconds empty_grace{std::chrono::seconds(30)};
  // Between attempts, once every server has been tried.
  Backoff backoff;

  std::function<double()> random;  // numbers in [0, 1), for jitter; null: one of its own
  std::shared_ptr<Dialer> dialer;  // null: sockets
};

// Makes `registries` open addresses like "etcd@host:port[,host:port…][/prefix]": etcd 3.4 or newer,
// by its JSON gateway. docs/etcd.md has the keys and what happens when what fails.
void add_etcd(Registries& registries, EtcdOptions options = EtcdOptions());

}  // namespace tern
