#include "wire/over_http/responses.h"

namespace tern::wire::over_http {

http::Manner Responses::manner() const noexcept {
  const http::Head& head = exchange_.head();
  http::Manner manner;
  manner.keep_alive = head.keep_alive && !draining_;
  manner.minor_version = head.minor_version;
  manner.head_only = head.method == "HEAD";
  return manner;
}

void Responses::write(const http::Response& response, ByteView body, Buffer& out) {
  http::write_response(response, manner(), body, out);
  awaited_ = false;
}

void Responses::begin(const http::Response& response, Buffer& out) {
  http::write_response_head(response, manner(), out);
}

// A chunk of no bytes would end the body. To a client of HTTP/1.0 there are no chunks.
void Responses::append(ByteView first, ByteView second, Buffer& out) {
  const std::size_t size = first.size() + second.size();
  if (size == 0) return;
  const bool chunked = exchange_.head().minor_version > 0;
  if (chunked) http::begin_chunk(size, out);
  out.append(first);
  out.append(second);
  if (chunked) http::end_chunk(out);
}

void Responses::end(Buffer& out) {
  if (exchange_.head().minor_version > 0) http::write_last_chunk(out);
  awaited_ = false;
}

// The connection ends before the body does.
void Responses::abort(Buffer&) {
  last_ = true;
  awaited_ = false;
}

}  // namespace tern::wire::over_http
