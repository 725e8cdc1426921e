// Where servers say that they are there, and clients look for them.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "tern/discovery.h"
#include "tern/instance.h"
#include "tern/io_pool.h"
#include "tern/result.h"
#include "tern/status.h"

namespace tern {

class Server;

// A server's entry in a registry, kept alive, put in again whenever the registry has lost it, for
// ever. Threads: any.
class Registration {
 public:
  // withdraw().
  virtual ~Registration() = default;

  // Takes the entry out: asks the registry once, and waits at most a second or two for its answer.
  // Twice is fine. Not on a loop's thread.
  virtual void withdraw() = 0;
  // Changes what is listed beside the address: weight, zone, metadata.
  virtual void update(Instance instance) = 0;
  // Whether it is listed, as far as this side knows: the last attempt's failure, or OK.
  virtual Status status() const = 0;
  // Tells `told` of status() when an attempt has succeeded or failed, on any thread, one at a time,
  // and at once if one has before. Once more than that replaces `told`; empty: nobody is told. It
  // must not call this. Those that know nothing to tell leave this as it is.
  virtual void on_status(std::function<void(const Status& status)>) {}
};

// Threads: any. What it has handed out may live on after it.
class Registry {
 public:
  virtual ~Registry() = default;

  // The servers that are listed under `service`. Looks begin at once and go on as long as the
  // discovery lives.
  virtual std::shared_ptr<Discovery> discover(std::string_view service) = 0;

  // Lists `instance` under `service`. Returns at once: a registry that is not there is tried until
  // it is.
  virtual std::unique_ptr<Registration> announce(std::string_view service, Instance instance) = 0;
};

// Opens registries by their address:
//
//   http@host:port[/path]              the HTTP registry (tern/http_registry.h)
//   file@path                          a file that is watched; it lists, and takes no announcements
//   dns@host:port, srv@name            DNS; likewise
//   list@host:port,unix@path           the servers themselves; likewise
//   etcd@host:port[,host:port…][/prefix]       after add_etcd(), of the target tern::etcd
//   zookeeper@host:port[,host:port…][/prefix]  after add_zookeeper(), of the target tern::zookeeper
//
// Threads: add() before the others; open() from any.
class Registries {
 public:
  using Open = std::function<Result<std::shared_ptr<Registry>>(std::string_view where, IoPool&)>;

  // With those that need no further library.
  Registries();

  // `scheme` is what stands before the first '@'; `open` gets what stands behind it.
  void add(std::string scheme, Open open);

  // Timers and connections live on `pool`, which outlives the registry and all that it hands out.
  // Fails only for an address that cannot be read: a registry need not be there yet.
  Result<std::shared_ptr<Registry>> open(std::string_view address, IoPool& pool) const;

 private:
  std::map<std::string, Open, std::less<>> schemes_;
};

// One line for a server: lists the address that it listens on under `service`, and withdraws it
// when server.stop() begins, before anything else ends. Fails for an address that means every
// address of the machine, such as "tcp@0.0.0.0:7000": say which one others can reach. A registry
// that is not there is tried until it is; the server's log says so, and when the server is listed.
Status announce(Server& server, Registry& registry, std::string_view service, Instance instance);

}  // namespace tern
