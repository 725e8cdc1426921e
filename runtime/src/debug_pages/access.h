// Who may see a page.
#pragma once

#include <string_view>

#include "tern/debug_pages.h"
#include "tern/http_handler.h"

namespace tern::debug_pages {

// What is known of who asks.
struct Asker {
  Asker() = default;
  std::string_view host;       // that it asks for: the Host header, "" without one
  bool peer_is_local = false;  // certainly on this machine
  bool forwarded = false;      // a header says that a proxy has passed the request on
};
Asker asker_of(const HttpHandler::Request& request) noexcept;

// Whether `host`, as a Host header has it, may be asked for: any port is good.
bool host_allowed(std::string_view host, const DebugPages& rules);

// "" if the request may be answered, otherwise why not, for the one who asks.
std::string_view refusal_of(const Asker& asker, const DebugPages& rules);

}  // namespace tern::debug_pages
