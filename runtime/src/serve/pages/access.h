// Who may see a page.
#pragma once

#include <string_view>

#include "tern/debug_pages.h"

namespace tern::pages {

// What is asked for, and what is known of who asks.
struct Request {
  Request() = default;
  std::string_view verb;    // "GET"
  std::string_view target;  // the path and its query
  std::string_view host;    // the Host header, "" without one
  bool peer_is_local = false;
  bool forwarded = false;  // by a proxy
};

// Whether `host`, as a Host header has it, may be asked for: any port is good.
bool host_allowed(std::string_view host, const DebugPages& rules);

// "" if the request may be answered, otherwise why not, for the one who asks.
std::string_view refusal_of(const Request& request, const DebugPages& rules);

}  // namespace tern::pages
