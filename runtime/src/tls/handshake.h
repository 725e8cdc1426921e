// From the first byte of a connection to one that is secure.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

#include "tern/peer_certificate.h"
#include "tls/failure.h"
#include "tls/first_bytes.h"
#include "tls/handshake_turns.h"
#include "tls/ssl_session.h"

namespace tern::tls {

// Never waits. Threads: one.
class Handshake {
 public:
  enum class State : std::uint8_t {
    kFirstBytes,  // a server that takes both: the first bytes have not come
    kRuns,
    kSecure,
    kPlaintext,         // to be passed on as it is
    kPlaintextRefused,  // the peer speaks plaintext, and may be told so
    kFailed
  };

  // `session` outlives it.
  Handshake(SslSession& session, StreamSetup setup) : session_(session), setup_(std::move(setup)) {}
  // A handshake that is done leaves nothing behind in the session.
  ~Handshake();
  Handshake(const Handshake&) = delete;
  Handshake& operator=(const Handshake&) = delete;

  // Once, one of them, before all else.
  void begin_server();
  void begin_client();

  // One step, in kFirstBytes and kRuns, once the stream below is as needs() says.
  void go_on();
  State state() const noexcept { return state_; }
  // Whether it has made a step.
  bool under_way() const noexcept { return under_way_; }
  Needs needs() const noexcept { return session_.needs(); }

  // Whether a byte of it has come, or this side speaks first.
  bool begun() const noexcept { return client_ || session_.bio().first_size > 0; }
  // kPlaintextRefused, kFailed: why.
  const Failure& why() const noexcept { return why_; }
  // kSecure: null unless the peer has shown a certificate, and that was verified.
  const std::shared_ptr<const PeerCertificate>& peer_certificate() const noexcept { return peer_; }

  HandshakeTurns& turns() const noexcept { return *setup_.turns; }
  HandshakeCounters& counters() const noexcept { return *setup_.counters; }

 private:
  void look_at_first_bytes();
  void shake_hands();
  void finish();
  bool is_expected_server();
  bool is_agreed();
  void fail_to_begin(std::string_view with);
  void fail(Failure why);

  SslSession& session_;
  const StreamSetup setup_;
  HandshakeNotes notes_;
  std::optional<FirstBytes> first_bytes_;
  std::shared_ptr<const PeerCertificate> peer_;
  Failure why_;
  State state_ = State::kRuns;
  bool client_ = false;
  bool under_way_ = false;
};

}  // namespace tern::tls
