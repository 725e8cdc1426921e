// Whether the server of a client's session lives.
#pragma once

#include <cstdint>

#include "base/guarded.h"
#include "call/client_session_user.h"
#include "call/keepalive.h"
#include "call/pings.h"
#include "call/request_queue.h"
#include "net/connection.h"
#include "tern/function.h"
#include "tern/status.h"
#include "wire/client_protocol.h"

namespace tern::call {

// Sends the session's pings: those of the keepalive, and those that somebody waits for.
// Threads: the loop's, without the lock.
class Liveness {
 public:
  // All of it outlives this. `on_lost` ends the connection of a server that does not answer.
  Liveness(const ClientSessionSetup& setup, const wire::ClientProtocol& protocol,
           net::Connection& connection, base::Guarded<RequestQueue>& queue,
           UniqueFunction<void(const Status&)> on_lost);
  Liveness(const Liveness&) = delete;
  Liveness& operator=(const Liveness&) = delete;

  // Something has come.
  void heard() { keepalive_.heard(traffic()); }
  // A call waits: from now on silence is noticed.
  void listen() { keepalive_.listen(traffic()); }
  // Queues a ping: `done` gets OK, or why there is no answer. A flush must follow. False: the
  // protocol has no pings, and `done` is as it was.
  bool ask(UniqueFunction<void(Status)>& done);
  // The answer to the ping `number`.
  void answered(std::uint64_t number) { pings_.answered(number); }

  // The connection has ended: no silence is noticed any more.
  void end() noexcept { keepalive_.end(); }
  // Nor does an answer come.
  void fail(const Status& why) { pings_.fail(why); }

 private:
  Keepalive::Traffic traffic() const noexcept {
    return {connection_.bytes_read(), connection_.bytes_written(), connection_.shared_traffic()};
  }
  void on_quiet();

  const ClientSessionSetup& setup_;
  const wire::ClientProtocol& protocol_;
  net::Connection& connection_;
  base::Guarded<RequestQueue>& queue_;
  UniqueFunction<void(const Status&)> on_lost_;
  Keepalive keepalive_;
  Pings pings_;
};

}  // namespace tern::call
