// Who may read a server's pages about itself.
#pragma once

#include <string>
#include <vector>

#include "tern/version.h"

namespace tern {

// For /debug/rpc, /metrics and /healthz. docs/debug_page.md describes the pages. Of a server with
// an authenticator these rules come behind it: only for whom it accepts.
struct DebugPages {
  DebugPages() = default;

  bool enabled = true;

  // Only peers on this machine, over loopback or a Unix socket, and not those behind a proxy.
  bool loopback_only = true;

  // Names besides localhost that the Host header of a request may have, such as "rpc1.example.org".
  // Other names are refused: such a request may come from a foreign web page whose name was pointed
  // to this address (DNS rebinding). Numeric addresses are accepted; with loopback_only only
  // 127.0.0.1 and [::1].
  std::vector<std::string> hosts;

  // The roles that may read /debug/rpc and /metrics, on a server with an authenticator; one of them
  // is enough. Empty: every authenticated caller may. /healthz requires no role.
  std::vector<std::string> roles;

  // Whether every peer may read /healthz, which tells only whether the server is stopping; also
  // without being known to ServerOptions::authenticator.
  bool health_for_all = false;
};

}  // namespace tern
