// How the calls of a test go.
#pragma once

#include <ostream>
#include <string>
#include <vector>

#include "tern/client.h"
#include "tern/server.h"

namespace tern::test {

struct Way {
  std::string prefix;  // of the address: "grpc+tcp"
  bool streams = false;
  bool secure = false;
  std::string codec = "application/x-tern";
};
inline void PrintTo(const Way& way, std::ostream* out) {
  *out << way.prefix << " " << way.codec;
}

// Every protocol; with TLS too, where the build has it.
std::vector<Way> ways();
// Gives the side what the way needs.
void secure(const Way& way, ServerOptions& options);
void secure(const Way& way, ClientOptions& options);

}  // namespace tern::test
