// Who may see what a server tells about itself over HTTP.
#pragma once

#include <string>
#include <vector>

#include "tern/version.h"

namespace tern {

// For /debug/rpc, /metrics and /healthz. docs/debug_page.md describes the pages.
struct DebugPages {
  DebugPages() = default;

  bool enabled = true;

  // Only peers on this machine, over loopback or a Unix socket, and not those behind a proxy.
  bool loopback_only = true;

  // The names besides localhost that the pages may be asked for by, such as "rpc1.example.org":
  // a request for any other name comes from a page of somebody else's, which has pointed its own
  // name to this address. Numeric addresses are always good, unless loopback_only: then only
  // 127.0.0.1 and [::1].
  std::vector<std::string> hosts;

  // Whether everybody may ask for /healthz, which says nothing but whether the server is stopping.
  bool health_for_all = false;
};

}  // namespace tern
