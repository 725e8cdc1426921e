// What OpenSSL reads from and writes to: a byte stream.
#pragma once

#include <openssl/bio.h>

#include <array>
#include <cstddef>
#include <system_error>

#include "tern/buffer.h"
#include "tern/byte_stream.h"
#include "tls/outgoing.h"

namespace tern::tls {

// The state of one such BIO. Outlives it.
struct StreamBio {
  explicit StreamBio(ByteStream& inner) : stream(inner), out(inner) {}

  // The beginning of what has come, as far as it is kept.
  ByteView first_bytes() const noexcept { return ByteView(first).first(first_size); }
  // Reads from the stream, or what was put back.
  IoResult read(std::span<std::byte> into);
  // Keeps what was read for the next read().
  void put_back(ByteView bytes) { back.append(bytes); }

  ByteStream& stream;
  Outgoing out;
  Buffer back;
  std::array<std::byte, 64> first{};
  std::size_t first_size = 0;
  std::error_code error;  // of the stream
  bool ended = false;     // the peer has closed its side
};

// Null without memory.
BIO* make_bio(StreamBio& state);

}  // namespace tern::tls
