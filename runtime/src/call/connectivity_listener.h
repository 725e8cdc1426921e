// Who is told what becomes of a channel's connection.
#pragma once

#include "tern/clock.h"
#include "tern/status.h"

namespace tern::call {

// Threads: the loop's, without the channel's lock.
class ConnectivityListener {
 public:
  // Calls go out.
  virtual void on_connected() = 0;
  // The server of the connection that was there goes away; on_disconnected() follows. The calls
  // that it has go on.
  virtual void on_going_away() {}
  // The connection that was there takes no more calls: it is lost, or the server goes away.
  virtual void on_disconnected(const Status& why) = 0;
  // An attempt to connect has failed; the next one comes after `wait`.
  virtual void on_connect_failed(const Status& why, Clock::Duration wait) = 0;

 protected:
  ~ConnectivityListener() = default;
};

}  // namespace tern::call
