// A session of OpenSSL's over a byte stream, up to the end of its handshake.
#pragma once

#include <cstdint>
#include <string_view>

#include "tls/context.h"
#include "tls/handles.h"
#include "tls/stream_bio.h"
#include "tls/stream_setup.h"

namespace tern::tls {

// What the stream below must be before it is worth trying again.
enum class Needs : std::uint8_t { kReadable, kWritable };

// Never waits. Threads: one.
class SslSession {
 public:
  enum class Step : std::uint8_t {
    kBlocked,  // needs() says on what
    kDone,
    kFailed  // the error is in OpenSSL's queue
  };

  explicit SslSession(ByteStream& inner) : bio_(inner) {}

  // Once, one of them, before all else. False without memory, or if the server's name is none: the
  // error is in OpenSSL's queue. `notes` lives until forget_notes().
  bool begin_server(const ContextPtr& context, HandshakeNotes& notes);
  bool begin_client(const StreamSetup& setup, HandshakeNotes& notes);
  void forget_notes() noexcept;

  Step shake_hands();
  Needs needs() const noexcept { return needs_; }

  // What both sides have agreed to by ALPN; "": nothing.
  std::string_view application_protocol() const noexcept;

  SSL& ssl() noexcept { return *ssl_; }
  StreamBio& bio() noexcept { return bio_; }
  const StreamBio& bio() const noexcept { return bio_; }

 private:
  bool make(const ContextPtr& context, HandshakeNotes& notes);
  bool expect_name(const std::string& name, HandshakeNotes& notes);
  bool offer_protocol(const std::string& name);

  StreamBio bio_;
  ContextPtr context_;  // with what its callbacks use
  SslPtr ssl_;
  Needs needs_ = Needs::kReadable;
};

}  // namespace tern::tls
