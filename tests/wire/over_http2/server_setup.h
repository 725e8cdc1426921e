// What a server's side of HTTP/2 is made of, in tests.
#pragma once

#include "http/paths.h"
#include "tern/compression.h"
#include "tern/cors.h"
#include "tern/limits.h"
#include "tern/protocols.h"
#include "wire/method_finder.h"
#include "wire/server_setup.h"

namespace tern::test {

struct Http2Setup {
  explicit Http2Setup(const Limits& limits_in = Limits(),
                      const wire::MethodFinder* methods_in = nullptr)
      : limits(limits_in), methods(methods_in) {}

  wire::ServerSetup get() const {
    return {limits, nullptr,           protocols, cors,
            pages,  wire::PeerTerms(), methods,   Compression::kIdentity};
  }

  Limits limits;
  const wire::MethodFinder* methods;
  Protocols protocols;
  Cors cors;
  http::Paths pages;
};

}  // namespace tern::test
