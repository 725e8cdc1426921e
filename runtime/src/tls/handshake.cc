#include "tls/handshake.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/peer_text.h"
#include "tls/handshake_failure.h"
#include "tls/names.h"
#include "tls/openssl_error.h"
#include "tls/plaintext.h"

namespace tern::tls {

Handshake::~Handshake() {
  session_.forget_notes();
}

void Handshake::begin_server() {
  if (!session_.begin_server(setup_.context, notes_)) {
    fail_to_begin("");
    return;
  }
  if (!setup_.takes_plaintext) return;
  state_ = State::kFirstBytes;
  first_bytes_.emplace(session_.bio());
}

void Handshake::begin_client() {
  client_ = true;
  if (!session_.begin_client(setup_, notes_)) {
    fail_to_begin(fmt::format(" with \"{}\"", base::peer_text(setup_.server_name)));
  }
}

void Handshake::go_on() {
  under_way_ = true;
  if (state_ == State::kFirstBytes) look_at_first_bytes();
  if (state_ == State::kRuns) shake_hands();
}

void Handshake::look_at_first_bytes() {
  switch (first_bytes_->ask()) {
    case FirstBytes::Answer::kNotYet:
      return;
    case FirstBytes::Answer::kTls:
      state_ = State::kRuns;
      return;
    case FirstBytes::Answer::kPlaintext:
      state_ = State::kPlaintext;
      return;
    case FirstBytes::Answer::kGone:
      fail({Error::kClosedInHandshake, "TLS handshake: the peer closed the connection"});
  }
}

void Handshake::shake_hands() {
  switch (session_.shake_hands()) {
    case SslSession::Step::kBlocked:
      return;
    case SslSession::Step::kDone:
      finish();
      return;
    case SslSession::Step::kFailed:
      break;
  }
  const StreamBio& bio = session_.bio();
  const bool plaintext = !client_ && !can_be_tls(bio.first_bytes());
  fail(handshake_failure(session_.ssl(), bio, notes_));
  if (plaintext && !bio.ended && !bio.error) state_ = State::kPlaintextRefused;
}

void Handshake::finish() {
  SSL& ssl = session_.ssl();
  if (setup_.verifies && SSL_get_verify_result(&ssl) == X509_V_OK) {
    if (const X509* certificate = SSL_get0_peer_certificate(&ssl)) {
      peer_ = peer_certificate_of(*certificate, setup_.trust_domains);
    }
  }
  if (is_expected_server() && is_agreed()) state_ = State::kSecure;
}

bool Handshake::is_expected_server() {
  const auto& ids = setup_.server_ids;
  if (ids.empty()) return true;
  const std::string id = peer_ ? peer_->spiffe_id : std::string();
  if (!id.empty() && std::find(ids.begin(), ids.end(), id) != ids.end()) return true;
  fail({Error::kWrongName,
        fmt::format("TLS handshake: the server's SPIFFE ID is \"{}\"; expected \"{}\"{}", id,
                    ids.front(),
                    ids.size() > 1 ? fmt::format(" or one of {} others", ids.size() - 1) : "")});
  return false;
}

bool Handshake::is_agreed() {
  const std::string_view agreed = session_.application_protocol();
  // OpenSSL looks at this itself from 3.0.15 on.
  if (client_ && !agreed.empty() && agreed != setup_.application_protocol) {
    fail({Error::kNoCommonProtocol,
          fmt::format("TLS handshake: no common protocol: the server has chosen \"{}\" by ALPN, "
                      "which this side has not offered",
                      base::peer_text(agreed))});
    return false;
  }
  if (!setup_.must_agree || !agreed.empty()) return true;
  fail({Error::kNoCommonProtocol,
        fmt::format("TLS handshake: no common protocol: the server has not agreed to \"{}\" by "
                    "ALPN",
                    setup_.application_protocol)});
  return false;
}

// A name that is too long, or no memory.
void Handshake::fail_to_begin(std::string_view with) {
  fail({Error::kCannotBegin,
        fmt::format("TLS handshake{}: it cannot begin: {}", with, take_openssl_error())});
}

void Handshake::fail(Failure why) {
  state_ = State::kFailed;
  why_ = std::move(why);
  peer_.reset();
}

}  // namespace tern::tls
