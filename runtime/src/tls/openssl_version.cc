#include "tls/openssl_version.h"

namespace tern::tls {

namespace {

// 0xMNN00PP0: major, minor, patch.
constexpr unsigned long version_of(unsigned long major, unsigned long minor, unsigned long patch) {
  return major << 28 | minor << 20 | patch << 4;
}
constexpr unsigned long kSeries = 0xfff00000;

}  // namespace

bool frees_buffers_safely(unsigned long version) noexcept {
  switch (version & kSeries) {
    case version_of(3, 0, 0):
      return version >= version_of(3, 0, 14);
    case version_of(3, 1, 0):
      return version >= version_of(3, 1, 6);
    case version_of(3, 2, 0):
      return version >= version_of(3, 2, 2);
    case version_of(3, 3, 0):
      return version >= version_of(3, 3, 1);
    default:
      return version >= version_of(3, 4, 0);
  }
}

}  // namespace tern::tls
