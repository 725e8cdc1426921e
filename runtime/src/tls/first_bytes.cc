#include "tls/first_bytes.h"

#include <array>
#include <span>

#include "tls/plaintext.h"

namespace tern::tls {

namespace {

// The first bytes that tell TLS from all protocols of plaintext.
constexpr std::size_t kTelling = 2;

}  // namespace

FirstBytes::Answer FirstBytes::ask() {
  std::array<std::byte, kTelling> more;
  IoResult result = bio_.read(std::span(more).first(kTelling - read_.size()));
  read_.append(ByteView(more).first(result.bytes));
  if (result.error || result.end) return Answer::kGone;
  const bool tls = can_be_tls(read_.view());
  if (tls && read_.size() < kTelling) return Answer::kNotYet;
  bio_.put_back(read_.view());
  read_.release();
  return tls ? Answer::kTls : Answer::kPlaintext;
}

}  // namespace tern::tls
