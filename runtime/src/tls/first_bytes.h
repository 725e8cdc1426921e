// Whether a peer speaks TLS or plaintext, on an address that takes both.
#pragma once

#include <cstdint>

#include "tern/buffer.h"
#include "tls/stream_bio.h"

namespace tern::tls {

// Reads the few bytes that tell, and puts them back. Never waits.
class FirstBytes {
 public:
  enum class Answer : std::uint8_t {
    kNotYet,  // too little has come
    kTls,
    kPlaintext,
    kGone  // the peer has closed the connection, or it was lost
  };

  explicit FirstBytes(StreamBio& bio) : bio_(bio) {}

  Answer ask();

 private:
  StreamBio& bio_;
  Buffer read_;
};

}  // namespace tern::tls
