// Where servers announce themselves, and clients find them.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "tern/discovery.h"
#include "tern/function.h"
#include "tern/instance.h"
#include "tern/io_pool.h"
#include "tern/result.h"
#include "tern/status.h"

namespace tern {

class Server;

// A server's entry in a registry. It is renewed as long as this lives, and added again whenever the
// registry has lost it. Threads: any, except as withdraw() says.
class Registration {
 public:
  // Withdraws the entry, if that has not been done. Waits as withdraw() does if the pool has
  // threads of its own and this is not a loop's thread. Otherwise, as on an io_context that the
  // user runs, the loop withdraws the entry when it runs next, and the pool must live until then.
  virtual ~Registration() = default;

  // Removes the entry: asks the registry once, and returns when it has answered, or after 2 s at
  // most. May be called again. Throws std::logic_error on a loop's thread: it would wait for
  // itself. On an io_context of the user's own: while another thread runs it, or after it has been
  // stopped.
  void withdraw();

  // Begins to do what withdraw() does, and returns at once. For programs whose threads must not
  // wait: also in handlers and callbacks, and on the thread that runs a loop by hand.
  //
  // `done` is called once, on the entry's loop and not from within this call, when the registry has
  // answered, or 2 s of the pool's clock have passed. `done` must not throw, and may destroy this
  // registration, whose destructor then does not wait. If this is called several times, every
  // `done` is called. If the io_context is the user's and has been stopped, the registry is not
  // asked, and `done` is called from within this call.
  virtual void async_withdraw(UniqueFunction<void()> done) = 0;

  // Changes what is listed with the address: weight, zone, metadata.
  virtual void update(Instance instance) = 0;
  // Whether it is listed, as far as this side knows: the last attempt's failure, or OK.
  virtual Status status() const = 0;
  // Calls `told` with status() after each attempt, on any thread, one call at a time; and at once
  // if there has been an attempt. A second on_status() replaces `told`; empty: no callback. `told`
  // must not call this object. A registration without attempts does not override this.
  virtual void on_status(std::function<void(const Status& status)>) {}
};

// Threads: any. What it has returned may outlive it.
class Registry {
 public:
  virtual ~Registry() = default;

  // The servers that are listed under `service`. Look-ups begin at once and go on as long as the
  // discovery lives.
  virtual std::shared_ptr<Discovery> discover(std::string_view service) = 0;

  // Lists `instance` under `service`. Returns at once: a registry that cannot be reached is tried
  // until it can.
  virtual std::unique_ptr<Registration> announce(std::string_view service, Instance instance) = 0;
};

// Opens registries by their address:
//
//   http@host:port[/path]              the HTTP registry (tern/http_registry.h)
//   https@host:port[/path]             the same over TLS, once it was added with credentials
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

  // Timers and connections live on `pool`, which outlives the registry and all that it returns.
  // Fails only for an address that cannot be read: the registry need not run yet.
  Result<std::shared_ptr<Registry>> open(std::string_view address, IoPool& pool) const;

 private:
  std::map<std::string, Open, std::less<>> schemes_;
};

// One line for a server: lists the address that it listens on under `service`, and withdraws it
// when server.stop() or async_stop() begins, before anything else ends; no thread is needed for
// that. Fails for an address that means every address of the machine, such as "tcp@0.0.0.0:7000":
// name one that others can reach. A registry that cannot be reached is tried until it can; the
// server's log says so, and says when the server is listed.
Status announce(Server& server, Registry& registry, std::string_view service, Instance instance);

}  // namespace tern
