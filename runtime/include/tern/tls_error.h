// Why TLS has failed, as codes that programs compare.
#pragma once

#include <system_error>

#include "tern/version.h"

namespace tern::tls {

// What Status::cause() of a call says whose connection could not be secured, and IoResult::error of
// a stream with TLS. The text of the Status says more: which certificate, which names. Numbers stay
// what they are. The target tern::tls.
//
//   if (status.cause() == tern::tls::Error::kCertificateExpired) …
enum class Error : int {
  // --- The peer's certificate is refused ---

  kCertificateExpired = 1,
  kCertificateNotYetValid = 2,
  kUnknownIssuer = 3,  // nobody whom this side trusts has signed it; or it has signed itself
  kWrongName = 4,      // it is for other names, or has another SPIFFE ID than those expected
  kWrongPurpose = 5,   // one for servers alone from a client, or the other way round
  kCertificateRevoked = 6,
  kRevocationUnknown = 7,   // the list of what its authority has revoked is missing or has expired
  kWeakCertificate = 8,     // its key is too short, or the hash of its signature too weak
  kCertificateRefused = 9,  // for another reason
  kNoCertificate = 10,      // the peer has shown none, and this side requires one

  // --- The peer refuses this side's, and says so in an alert ---

  kOwnCertificateExpired = 20,
  kOwnUnknownIssuer = 21,
  kOwnCertificateRevoked = 22,
  kOwnCertificateRefused = 23,   // for another reason
  kOwnCertificateRequired = 24,  // this side has shown none
  kUnknownServerName = 25,       // the server has no certificate for the name

  // --- There is nothing that both sides can do ---

  kNoCommonVersion = 40,   // of TLS
  kNoCommonCipher = 41,    // or one of the key's kind
  kNoCommonProtocol = 42,  // by ALPN
  kPlaintext = 43,         // the peer speaks no TLS on this address

  // --- The connection ---

  kClosedInHandshake = 60,  // by the peer
  kTruncated = 61,          // it ended without TLS' own end (close_notify): anybody can do that
  kAlert = 62,              // the peer has sent an alert that is none of the above
  kMalformed = 63,          // what came is no TLS, or was changed on the way
  kCannotBegin = 64         // no memory, or the server's name is no name
};

// Its name is "tern.tls".
const std::error_category& error_category() noexcept;
std::error_code make_error_code(Error error) noexcept;

}  // namespace tern::tls

template <>
struct std::is_error_code_enum<tern::tls::Error> : std::true_type {};
