// What OpenSSL says went wrong.
#pragma once

#include <string>

namespace tern::tls {

// The text of the newest error of this thread's queue, which is emptied.
std::string take_openssl_error();

}  // namespace tern::tls
