// A shared library that Tern is linked into, as a program's plug-in would be.
#include "tern/endpoint.h"

extern "C" bool tern_knows_address(const char* address) {
  return tern::parse_endpoint(address).ok();
}
