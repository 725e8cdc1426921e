// What the OpenSSL that runs is known to get wrong.
#pragma once

namespace tern::tls {

// Whether SSL_free_buffers() keeps what is in use, of OpenSSL_version_num(): CVE-2024-4741. A
// distribution may have mended an older one; that is not known here, and costs memory alone.
bool frees_buffers_safely(unsigned long version) noexcept;

}  // namespace tern::tls
