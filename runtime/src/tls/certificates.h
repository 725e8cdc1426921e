// What stands behind tern::tls::Certificates.
#pragma once

#include <string>
#include <vector>

#include "tern/tls.h"
#include "tls/handles.h"

namespace tern::tls {

struct Certificates::Parts {
  // The first is this side's own. Empty: it has none.
  std::vector<CertificatePtr> chain;
  KeyPtr key;  // null without a chain
  std::vector<CertificatePtr> authorities;
  std::vector<CrlPtr> revoked;
  std::string subject;
  std::chrono::system_clock::time_point expires = std::chrono::system_clock::time_point::max();
};

}  // namespace tern::tls
