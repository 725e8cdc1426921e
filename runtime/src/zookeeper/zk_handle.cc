#include "zookeeper/zk_handle.h"

#include <fmt/format.h>
#include <zookeeper/zookeeper.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <mutex>
#include <system_error>
#include <utility>

#include "base/kept_thread.h"

namespace tern::zookeeper {

namespace {

void drop_log(const char*) {}

Code code_of(int zookeeper_code) {
  switch (zookeeper_code) {
    case ZOK:
      return Code::kOk;
    case ZNONODE:
      return Code::kNotFound;
    case ZNODEEXISTS:
      return Code::kAlreadyExists;
    case ZNOAUTH:
    case ZAUTHFAILED:
      return Code::kPermissionDenied;
    case ZBADARGUMENTS:
      return Code::kInvalidArgument;
    default:
      return Code::kUnavailable;
  }
}

}  // namespace

Status Outcome::status(std::string_view what) const {
  if (code == ZOK) return {};
  bool unknown = code == ZCONNECTIONLOSS || code == ZOPERATIONTIMEOUT;
  return Status(code_of(code), fmt::format("zookeeper: {}: {}", what, zerror(code)),
                unknown ? HandlerRan::kUnknown : HandlerRan::kNo);
}

// Between the library's threads and the loop's, for as long as there is a handle.
struct Handle::Link : std::enable_shared_from_this<Link> {
  Link(Loop& to, HandleUser& told, Handle& of) : loop(&to), user(&told), handle(&of) {}

  // Runs `task` on the loop after open() has been called, if the handle exists now and still then.
  void post(UniqueFunction<void(Link&)> task) {
    std::lock_guard lock(mutex);
    if (opened) {
      post_now(std::move(task));
    } else {
      early.push_back(std::move(task));
    }
  }
  // `task` is the first to run.
  void open(UniqueFunction<void(Link&)> task) {
    std::lock_guard lock(mutex);
    opened = true;
    post_now(std::move(task));
    for (auto& one : early) post_now(std::move(one));
    early.clear();
  }
  void cut() {
    std::lock_guard lock(mutex);
    loop = nullptr;
    handle = nullptr;
  }

  // With the mutex locked.
  void post_now(UniqueFunction<void(Link&)> task) {
    if (loop == nullptr) return;
    loop->post([link = shared_from_this(), task = std::move(task)]() mutable {
      if (link->handle != nullptr) task(*link);
    });
  }

  std::mutex mutex;  // guards the following
  Loop* loop;
  bool opened = false;  // what comes earlier waits: the library calls before it has said with what
  std::vector<UniqueFunction<void(Link&)>> early;

  // On the loop's thread only.
  HandleUser* user;
  Handle* handle;
};

// The library's handle, and what it gives back with every event.
struct Handle::Open {
  Open(zhandle_t* to, std::unique_ptr<std::shared_ptr<Link>> told)
      : zookeeper(to), context(std::move(told)) {}
  // Tells the server that the session is over, for which the library waits.
  ~Open() {
    base::KeptThread([zookeeper = zookeeper, context = std::move(context)] {
      zookeeper_close(zookeeper);
    }).leave();
  }

  static void on_event(zhandle_t* zookeeper, int type, int state, const char* path, void* context);

  zhandle_t* zookeeper;
  std::unique_ptr<std::shared_ptr<Link>> context;
};

void Handle::Open::on_event(zhandle_t* zookeeper, int type, int state, const char* path,
                            void* context) {
  Link& link = **static_cast<std::shared_ptr<Link>*>(context);
  if (type != ZOO_SESSION_EVENT) {
    if (type == ZOO_NOTWATCHING_EVENT || path == nullptr) return;
    link.post([path = std::string(path)](Link& to) { to.user->on_node_changed(path); });
  } else if (state == ZOO_CONNECTED_STATE) {
    std::int64_t session = zoo_client_id(zookeeper)->client_id;
    std::chrono::milliseconds timeout(zoo_recv_timeout(zookeeper));
    link.post([session, timeout](Link& to) { to.user->on_connected(session, timeout); });
  } else if (state == ZOO_EXPIRED_SESSION_STATE || state == ZOO_AUTH_FAILED_STATE) {
    link.post([](Link& to) { to.user->on_expired(); });
  } else {
    link.post([](Link& to) { to.user->on_disconnected(); });
  }
}

namespace {

// An operation under way, which the library gives back when it is over.
template <typename Link>
struct PendingOf {
  std::shared_ptr<Link> link;
  Handle::Done done;

  void finish(Outcome outcome) {
    link->post([done = std::move(done), outcome = std::move(outcome)](Link&) mutable {
      done(std::move(outcome));
    });
    delete this;
  }
};

template <typename Pending>
void on_void(int code, const void* data) {
  Outcome outcome;
  outcome.code = code;
  static_cast<Pending*>(const_cast<void*>(data))->finish(std::move(outcome));
}

template <typename Pending>
void on_string(int code, const char*, const void* data) {
  on_void<Pending>(code, data);
}

template <typename Pending>
void on_stat(int code, const struct Stat*, const void* data) {
  on_void<Pending>(code, data);
}

template <typename Pending>
void on_data(int code, const char* value, int size, const struct Stat* stat, const void* data) {
  Outcome outcome;
  outcome.code = code;
  if (code == ZOK) {
    if (value != nullptr && size > 0) outcome.value.assign(value, static_cast<std::size_t>(size));
    outcome.owner = stat->ephemeralOwner;
    outcome.version = stat->version;
  }
  static_cast<Pending*>(const_cast<void*>(data))->finish(std::move(outcome));
}

template <typename Pending>
void on_strings(int code, const struct String_vector* strings, const void* data) {
  Outcome outcome;
  outcome.code = code;
  if (code == ZOK && strings != nullptr) {
    outcome.names.assign(strings->data, strings->data + strings->count);
  }
  static_cast<Pending*>(const_cast<void*>(data))->finish(std::move(outcome));
}

// All for those who have the digest, reading for everybody.
const ACL_vector& own_nodes() {
  static std::array<ACL, 2> entries = {
      {{ZOO_PERM_ALL, ZOO_AUTH_IDS}, {ZOO_PERM_READ, ZOO_ANYONE_ID_UNSAFE}}};
  static const ACL_vector all = {static_cast<std::int32_t>(entries.size()), entries.data()};
  return all;
}

}  // namespace

Handle::Handle(Loop& loop, const std::string& servers, std::chrono::milliseconds timeout, bool log,
               HandleUser& user, const std::string& digest)
    : link_(std::make_shared<Link>(loop, user, *this)), owned_(!digest.empty()) {
  base::KeptThread([link = link_, servers, timeout, log, digest] {
    auto context = std::make_unique<std::shared_ptr<Link>>(link);
    zhandle_t* zookeeper =
        zookeeper_init2(servers.c_str(), &Open::on_event, static_cast<int>(timeout.count()),
                        nullptr, context.get(), 0, log ? nullptr : &drop_log);
    if (zookeeper == nullptr) {
      std::string why = std::generic_category().message(errno);
      link->open([why](Link& to) { to.user->on_open_failed(why); });
      return;
    }
    // The library says it again whenever it connects. What is wrong with it, the first node shows.
    if (!digest.empty()) {
      zoo_add_auth(zookeeper, "digest", digest.data(), static_cast<int>(digest.size()), nullptr,
                   nullptr);
    }
    // Closed again if nobody takes it.
    link->open([open = std::make_unique<Open>(zookeeper, std::move(context))](Link& to) mutable {
      to.handle->open_ = std::move(open);
    });
  }).leave();
}

Handle::~Handle() {
  link_->cut();
}

// `start` hands the operation to the library.
template <typename Start>
void Handle::start(Done done, Start start) {
  auto* pending = new PendingOf<Link>{link_, std::move(done)};
  int code = open_ ? start(open_->zookeeper, pending) : ZINVALIDSTATE;
  if (code == ZOK) return;
  Outcome outcome;
  outcome.code = code;
  pending->finish(std::move(outcome));
}

void Handle::create(const std::string& path, std::string_view value, bool ephemeral, Done done) {
  start(std::move(done), [&](zhandle_t* zookeeper, auto* pending) {
    return zoo_acreate(zookeeper, path.c_str(), value.data(), static_cast<int>(value.size()),
                       owned_ ? &own_nodes() : &ZOO_OPEN_ACL_UNSAFE,
                       ephemeral ? ZOO_EPHEMERAL : ZOO_PERSISTENT, &on_string<PendingOf<Link>>,
                       pending);
  });
}

void Handle::set(const std::string& path, std::string_view value, Done done) {
  start(std::move(done), [&](zhandle_t* zookeeper, auto* pending) {
    return zoo_aset(zookeeper, path.c_str(), value.data(), static_cast<int>(value.size()), -1,
                    &on_stat<PendingOf<Link>>, pending);
  });
}

void Handle::remove(const std::string& path, std::int32_t version, Done done) {
  start(std::move(done), [&](zhandle_t* zookeeper, auto* pending) {
    return zoo_adelete(zookeeper, path.c_str(), version, &on_void<PendingOf<Link>>, pending);
  });
}

void Handle::get(const std::string& path, Done done) {
  start(std::move(done), [&](zhandle_t* zookeeper, auto* pending) {
    return zoo_aget(zookeeper, path.c_str(), 1, &on_data<PendingOf<Link>>, pending);
  });
}

void Handle::children(const std::string& path, Done done) {
  start(std::move(done), [&](zhandle_t* zookeeper, auto* pending) {
    return zoo_aget_children(zookeeper, path.c_str(), 1, &on_strings<PendingOf<Link>>, pending);
  });
}

void Handle::exists(const std::string& path, Done done) {
  start(std::move(done), [&](zhandle_t* zookeeper, auto* pending) {
    return zoo_aexists(zookeeper, path.c_str(), 1, &on_stat<PendingOf<Link>>, pending);
  });
}

}  // namespace tern::zookeeper
