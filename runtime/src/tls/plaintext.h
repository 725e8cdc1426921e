// Peers that speak plaintext where TLS is spoken, and the other way round.
#pragma once

#include <string>

#include "tern/buffer.h"

namespace tern::tls {

// Whether these can be the first bytes of a connection with TLS. True of none.
bool can_be_tls(ByteView first) noexcept;

// "HTTP/1 (\"GET / HTTP/1.1\")": what a peer speaks in place of TLS, and the beginning of it.
std::string describe_plaintext(ByteView first);

// What a server says to a peer that speaks plaintext to it, so that the peer can understand it: in
// HTTP/1, HTTP/2, JSON-RPC or as an answer to an Option; to all others, an alert of TLS.
std::string answer_to_plaintext(ByteView first);

}  // namespace tern::tls
