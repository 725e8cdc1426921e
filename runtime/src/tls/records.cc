#include "tls/records.h"

#include <openssl/err.h>

#include <algorithm>

#include "tls/gather.h"
#include "tls/handshake_failure.h"
#include "tls/openssl_version.h"

namespace tern::tls {

namespace {

Needs needs_of(int why) {
  return why == SSL_ERROR_WANT_READ ? Needs::kReadable : Needs::kWritable;
}
bool is_blocked(int why) {
  return why == SSL_ERROR_WANT_READ || why == SSL_ERROR_WANT_WRITE;
}

IoResult failed(const Failure& why) {
  IoResult result;
  result.error = why.code;
  return result;
}

}  // namespace

IoResult Records::read_some(std::span<std::byte> into) {
  IoResult result;
  if (reading_ == Reading::kEnded) {
    result.end = !into.empty();
    return result;
  }
  SSL& ssl = session_.ssl();
  while (reading_ != Reading::kFailed && result.bytes < into.size()) {
    reading_ = Reading::kEmpty;
    std::size_t got = 0;
    ERR_clear_error();
    const int read =
        SSL_read_ex(&ssl, into.data() + result.bytes, into.size() - result.bytes, &got);
    if (read != 1) {
      stop_reading(SSL_get_error(&ssl, read), result);
      if (reading_ != Reading::kFailed) return result;
      break;
    }
    result.bytes += got;
  }
  if (reading_ != Reading::kFailed) {
    reading_ = Reading::kMayHaveMore;
  } else if (result.bytes == 0 && !into.empty()) {
    return failed(why_);
  }
  return result;
}

void Records::stop_reading(int why, IoResult& result) {
  if (is_blocked(why)) {
    reading_needs_ = needs_of(why);
    result.would_block = result.bytes == 0;
    release_buffers();
  } else if (why == SSL_ERROR_ZERO_RETURN) {
    reading_ = Reading::kEnded;
    result.end = result.bytes == 0;
  } else {
    reading_ = Reading::kFailed;
    why_ = traffic_failure(session_.bio());
  }
}

// SSL_MODE_RELEASE_BUFFERS is not all: a client that has read a ticket has a buffer to write from
// until it writes.
void Records::release_buffers() {
  static const bool safe = frees_buffers_safely(OpenSSL_version_num());
  if (safe) SSL_free_buffers(&session_.ssl());
}

IoResult Records::write_some(std::span<const ByteView> pieces) {
  IoResult result;
  if (write_ended()) {
    result.error = std::make_error_code(std::errc::broken_pipe);
    return result;
  }
  if (writing_ == Writing::kFailed) return failed(why_);
  Outgoing& out = session_.bio().out;
  if (unsent()) {
    flush();
    if (writing_ == Writing::kFailed) return failed(why_);
    if (unsent()) {
      writing_needs_ = Needs::kWritable;
      result.would_block = true;
      return result;
    }
  }
  out.gather();
  write_pieces(pieces, result);
  const IoResult left = out.flush();
  if (writing_ == Writing::kFailed) return result;
  if (!flushed(left)) return failed(why_);
  hold_back_unsent(result);
  return result;
}

// What is taken has left: else its user could close the stream, and it would be lost.
void Records::hold_back_unsent(IoResult& result) noexcept {
  if (!unsent()) return;
  // No more of them than there are bytes of records.
  const std::size_t held = std::min(result.bytes, session_.bio().out.waiting_bytes());
  owed_ += held;
  result.bytes -= held;
  result.would_block = result.bytes == 0;
  writing_needs_ = Needs::kWritable;
}

void Records::write_pieces(std::span<const ByteView> pieces, IoResult& result) {
  SSL& ssl = session_.ssl();
  std::size_t skip = 0;  // of the first piece
  while (!pieces.empty()) {
    const std::size_t known = std::min(owed_, pieces.front().size() - skip);
    owed_ -= known;
    result.bytes += known;
    skip += known;
    if (skip == pieces.front().size()) {
      pieces = pieces.subspan(1);
      skip = 0;
      continue;
    }
    ByteView record = next_record(pieces, skip);
    std::size_t written = 0;
    ERR_clear_error();
    const int wrote = SSL_write_ex(&ssl, record.data(), record.size(), &written);
    if (wrote != 1) {
      writing_ = Writing::kBegun;
      stop_writing(SSL_get_error(&ssl, wrote), result);
      return;
    }
    writing_ = Writing::kOpen;
    result.bytes += written;
    while (written > 0) {
      const std::size_t part = std::min(written, pieces.front().size() - skip);
      skip += part;
      written -= part;
      if (skip == pieces.front().size()) {
        pieces = pieces.subspan(1);
        skip = 0;
      }
    }
  }
}

void Records::flush() {
  (void)flushed(session_.bio().out.flush());
}

bool Records::flushed(const IoResult& result) {
  if (!result.error) return true;
  session_.bio().error = result.error;
  why_ = reason_behind_a_failed_write();
  writing_ = Writing::kFailed;
  return false;
}

void Records::stop_writing(int why, IoResult& result) {
  if (is_blocked(why)) {
    writing_needs_ = needs_of(why);
    result.would_block = result.bytes == 0;
    return;
  }
  why_ = reason_behind_a_failed_write();
  writing_ = Writing::kFailed;
  result = failed(why_);
}

// A peer that refuses this side's certificate says so and closes: that comes to be known by
// writing, and the reason can be read.
Failure Records::reason_behind_a_failed_write() {
  StreamBio& bio = session_.bio();
  Failure failure = traffic_failure(bio);
  if (!bio.error) return failure;
  bio.error.clear();
  char one = 0;
  ERR_clear_error();
  const int read = SSL_peek(&session_.ssl(), &one, sizeof one);
  const bool alert = read <= 0 && SSL_get_error(&session_.ssl(), read) == SSL_ERROR_SSL;
  return alert && !bio.error ? traffic_failure(bio) : failure;
}

void Records::end_writing() noexcept {
  if (writing_ == Writing::kEnded) return;
  flush();
  if (writing_ == Writing::kFailed) return;
  if (unsent()) {
    writing_ = Writing::kEnding;
    return;
  }
  ERR_clear_error();
  const int sent = SSL_shutdown(&session_.ssl());
  if (sent < 0 && SSL_get_error(&session_.ssl(), sent) == SSL_ERROR_WANT_WRITE) {
    writing_ = Writing::kEnding;
    return;
  }
  ERR_clear_error();
  writing_ = Writing::kEnded;
  session_.bio().stream.shutdown_write();
}

void Records::abandon() noexcept {
  if (write_ended() || reading_ == Reading::kFailed) return;
  flush();
  ERR_clear_error();
  SSL_shutdown(&session_.ssl());
  ERR_clear_error();
}

}  // namespace tern::tls
