// What a client's session is told, and whom it tells.
#pragma once

#include <memory>
#include <mutex>
#include <string>

#include "call/ping_patience.h"
#include "net/loop.h"
#include "tern/client.h"
#include "tern/status.h"

namespace tern::call {

class ClientSession;

// The connector above. All calls come on the loop's thread, without the lock.
class ClientSessionUser {
 public:
  // The server has accepted the handshake.
  virtual void on_ready(ClientSession& session) = 0;
  // The server asks for no more calls on this connection.
  virtual void on_going_away(ClientSession& session) = 0;
  // It has had too many pings: PingPatience is to grow. At most once a session.
  virtual void on_too_many_pings() = 0;
  // A stream of it has had its answer: calls may have waited for that.
  virtual void on_stream_answered(ClientSession& session) = 0;
  // It takes no more calls: this side ends the connection when the answers that are on their way
  // have come.
  virtual void on_leaving(ClientSession& session) = 0;
  // What it sends cannot be read: it takes no more calls, and is to learn why.
  virtual void on_unreadable(ClientSession& session, const Status& why) = 0;
  // The end, exactly once, before the calls that waited are told. Lets go of the session, but not
  // from within this call.
  virtual void on_lost(ClientSession& session, const Status& why) = 0;
  // Keeps the user and its sessions alive while code of callers runs.
  virtual std::shared_ptr<void> keep_alive() noexcept = 0;

 protected:
  ~ClientSessionUser() = default;
};

// What all sessions of a channel have in common, and what outlives them.
struct ClientSessionSetup {
  Loop& loop;
  std::mutex& mutex;  // the channel's
  const ClientOptions& options;
  const std::string& address;
  ClientSessionUser& user;
  const PingPatience& patience;
};

}  // namespace tern::call
