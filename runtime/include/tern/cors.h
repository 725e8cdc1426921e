// Which web pages may call a server.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "tern/version.h"

namespace tern {

// What a server answers a browser whose page has another origin (CORS). By default there are no
// origins: the server answers nothing, and browsers refuse the call. Other programs do not ask.
struct Cors {
  Cors() = default;

  // Exactly as browsers send them, "https://app.example.com", or "*" for all.
  std::vector<std::string> origins;
  // Headers that pages may send besides those of the protocol: the keys of their metadata.
  std::vector<std::string> headers;
  // How long a browser may remember the answer.
  std::chrono::seconds max_age{7200};
};

}  // namespace tern
