// Why a peer's certificate is refused, in full.
#pragma once

#include <openssl/x509_vfy.h>

#include <string_view>

#include "tls/failure.h"

namespace tern::tls {

// `store`: of a verification that has failed. `server_name`: that the certificate must have; "":
// any. `of_client`: whose it is.
Failure certificate_failure(X509_STORE_CTX& store, std::string_view server_name, bool of_client);

}  // namespace tern::tls
