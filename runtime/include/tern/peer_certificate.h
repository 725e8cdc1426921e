// What the certificate of a peer says of it.
#pragma once

#include <string>
#include <vector>

#include "tern/version.h"

namespace tern {

// Of a certificate that has been verified: its chain leads to an authority that this side trusts,
// and the peer has its key.
struct PeerCertificate {
  PeerCertificate() = default;
  std::string subject;                 // as RFC 2253 has it: "CN=billing,O=Example"
  std::vector<std::string> dns_names;  // the subject's alternative names of this kind
  std::vector<std::string> uris;       // likewise
  // Its SPIFFE ID, "spiffe://example.org/billing", if it is an X.509-SVID of a trust domain that
  // this side takes; else "".
  std::string spiffe_id;
};

}  // namespace tern
