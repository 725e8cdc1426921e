// libzookeeper's handle, with its callbacks brought to a loop.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "net/loop.h"
#include "tern/function.h"
#include "tern/status.h"

namespace tern::zookeeper {

// Told by a handle, on the loop's thread.
class HandleUser {
 public:
  virtual void on_open_failed(const std::string& why) = 0;
  // The session is there; also after it was disconnected.
  virtual void on_connected(std::int64_t session, std::chrono::milliseconds timeout) = 0;
  virtual void on_disconnected() = 0;
  // The handle is of no use any more.
  virtual void on_expired() = 0;
  // A watch on the node, which is gone with that: it, its value or its children have changed.
  virtual void on_node_changed(const std::string& path) = 0;

 protected:
  ~HandleUser() = default;
};

// How an operation ended.
struct Outcome {
  int code = 0;                    // ZOK and so on
  std::string value;               // get()
  std::int64_t owner = 0;          // get(): the session whose node it is
  std::int32_t version = 0;        // get()
  std::vector<std::string> names;  // children()

  Status status(std::string_view what) const;
};

// One session's worth of libzookeeper. Names are resolved, and the session is closed, on threads of
// their own, since the library waits in both. Threads: the loop's. Destroying it closes the
// session; nothing is called any more.
class Handle {
 public:
  // Called once, not from within the operation, unless the handle is destroyed first: then it is
  // destroyed on any thread.
  using Done = UniqueFunction<void(Outcome)>;

  // `user` outlives it. `servers`: "host:port,host:port". `digest`: "user:password", whose the
  // nodes are; "": everybody's.
  Handle(Loop& loop, const std::string& servers, std::chrono::milliseconds timeout, bool log,
         HandleUser& user, const std::string& digest = "");
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;
  ~Handle();

  void create(const std::string& path, std::string_view value, bool ephemeral, Done done);
  void set(const std::string& path, std::string_view value, Done done);
  void remove(const std::string& path, std::int32_t version, Done done);
  // These leave a watch.
  void get(const std::string& path, Done done);
  void children(const std::string& path, Done done);
  void exists(const std::string& path, Done done);

 private:
  struct Link;
  struct Open;

  template <typename Start>
  void start(Done done, Start start);

  std::shared_ptr<Link> link_;
  const bool owned_;  // nodes are those of a user
  std::unique_ptr<Open> open_;
};

}  // namespace tern::zookeeper
