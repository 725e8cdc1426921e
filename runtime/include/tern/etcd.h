// etcd as a registry: the target tern::etcd.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "tern/backoff.h"
#include "tern/credentials.h"
#include "tern/dialer.h"
#include "tern/registry.h"

namespace tern {

struct EtcdOptions {
  EtcdOptions() {
    backoff.initial = std::chrono::milliseconds(200);
    backoff.max = std::chrono::seconds(5);
  }

  std::string name;      // a user of etcd's; "": etcd asks for none
  std::string password;  // sent without encryption, unless there are credentials

  // An entry expires when its server is silent for this long. The server renews it three times in
  // that time.
  std::chrono::seconds ttl{10};
  // One request, connecting included. Then the next of the servers is asked.
  std::chrono::nanoseconds request_timeout{std::chrono::seconds(3)};
  // How often the list is read in addition to the watch, which can become silent without ending.
  std::chrono::nanoseconds check_interval{std::chrono::seconds(30)};
  // How long the last known servers are kept when etcd lists none of them any more.
  std::chrono::nanoseconds empty_grace{std::chrono::seconds(30)};
  // The waits between attempts, once every server has been tried.
  Backoff backoff;

  std::function<double()> random;  // numbers in [0, 1), for jitter; null: system-seeded
  std::shared_ptr<Dialer> dialer;  // null: sockets
  // Set: etcd is asked over TLS. tern::tls::channel_credentials() makes some, with a client's
  // certificate if etcd asks for one (--client-cert-auth).
  std::shared_ptr<ChannelCredentials> credentials;
};

// Makes `registries` open addresses like "etcd@host:port[,host:port…][/prefix]": etcd 3.4 or newer,
// by its JSON gateway. docs/etcd.md has the keys and says what happens on failures.
void add_etcd(Registries& registries, EtcdOptions options = EtcdOptions());

}  // namespace tern
