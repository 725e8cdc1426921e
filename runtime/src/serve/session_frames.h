// What a session reads after the handshake.
#pragma once

#include <cstdint>

#include "net/connection.h"
#include "tern/buffer.h"
#include "wire/frame.h"

namespace tern::serve {

class Session;

// Reads the frames of a turn, as far as reading does not wait, and gives each to the part of the
// session that it is for. Threads: the loop's.
class SessionFrames {
 public:
  explicit SessionFrames(Session& session) noexcept : session_(session) {}
  SessionFrames(const SessionFrames&) = delete;
  SessionFrames& operator=(const SessionFrames&) = delete;

  // The session has a protocol. May throw what it has no memory for.
  net::ConnectionUser::Consumed read(ByteView bytes);

 private:
  void take(const wire::Frame& frame);
  void take_other(const wire::Frame& frame);
  void cancel(std::uint64_t id);

  Session& session_;
};

}  // namespace tern::serve
