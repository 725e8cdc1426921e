#include "tls/stream_bio.h"

#include <algorithm>
#include <cstring>
#include <span>

namespace tern::tls {

namespace {

StreamBio& state_of(BIO* bio) {
  return *static_cast<StreamBio*>(BIO_get_data(bio));
}

int read_bio(BIO* bio, char* into, std::size_t size, std::size_t* got) {
  BIO_clear_retry_flags(bio);
  *got = 0;
  IoResult result = state_of(bio).read({reinterpret_cast<std::byte*>(into), size});
  if (result.would_block) BIO_set_retry_read(bio);
  *got = result.bytes;
  return result.bytes > 0 ? 1 : 0;
}

int write_bio(BIO* bio, const char* from, std::size_t size, std::size_t* put) {
  BIO_clear_retry_flags(bio);
  *put = 0;
  StreamBio& state = state_of(bio);
  IoResult result = state.out.write({reinterpret_cast<const std::byte*>(from), size});
  if (result.error) state.error = result.error;
  if (result.would_block) BIO_set_retry_write(bio);
  *put = result.bytes;
  return result.bytes > 0 ? 1 : 0;
}

long control_bio(BIO* bio, int command, long, void*) {
  switch (command) {
    case BIO_CTRL_FLUSH:
      return 1;
    case BIO_CTRL_EOF:
      return state_of(bio).ended ? 1 : 0;
    default:
      return 0;
  }
}

// One for the process, which OpenSSL frees with it.
BIO_METHOD* method() {
  static BIO_METHOD* const made = [] {
    BIO_METHOD* one = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "tern stream");
    if (one) {
      BIO_meth_set_read_ex(one, &read_bio);
      BIO_meth_set_write_ex(one, &write_bio);
      BIO_meth_set_ctrl(one, &control_bio);
    }
    return one;
  }();
  return made;
}

}  // namespace

IoResult StreamBio::read(std::span<std::byte> into) {
  IoResult result;
  if (!back.empty()) {
    result.bytes = std::min(into.size(), back.size());
    std::memcpy(into.data(), back.data(), result.bytes);
    back.consume(result.bytes);
    if (back.empty()) back.release();
    return result;
  }
  result = stream.read_some(into);
  if (result.error) error = result.error;
  if (result.end) ended = true;
  const std::size_t kept = std::min(result.bytes, first.size() - first_size);
  std::memcpy(first.data() + first_size, into.data(), kept);
  first_size += kept;
  return result;
}

BIO* make_bio(StreamBio& state) {
  BIO* bio = method() ? BIO_new(method()) : nullptr;
  if (!bio) return nullptr;
  BIO_set_data(bio, &state);
  BIO_set_init(bio, 1);
  return bio;
}

}  // namespace tern::tls
