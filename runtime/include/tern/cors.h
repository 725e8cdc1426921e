// Which web pages may call a server.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "tern/version.h"

namespace tern {

// What a server says to a browser whose page is of another origin (CORS). Without an origin here,
// which is how it begins, it says nothing, and browsers refuse. Programs that are no browsers do
// not ask.
struct Cors {
  Cors() = default;

  // To the letter, "https://app.example.com", or "*" for all.
  std::vector<std::string> origins;
  // Headers that pages may send besides those of the protocol: the keys of their metadata.
  std::vector<std::string> headers;
  // For how long a browser need not ask again.
  std::chrono::seconds max_age{7200};
};

}  // namespace tern
