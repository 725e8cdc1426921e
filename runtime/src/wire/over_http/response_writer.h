// Where the answer to one request over HTTP goes, whatever the version of HTTP is.
#pragma once

#include "http/response.h"
#include "tern/buffer.h"

namespace tern::wire::over_http {

// Either write(), or begin() and what follows. What leaves at once is appended to `out`, in
// versions that write so.
class ResponseWriter {
 public:
  // An answer in full.
  virtual void write(const http::Response& response, ByteView body, Buffer& out) = 0;

  // One whose body comes in pieces.
  virtual void begin(const http::Response& response, Buffer& out) = 0;
  // The next bytes of the body: first those of the one, then those of the other.
  virtual void append(ByteView first, ByteView second, Buffer& out) = 0;
  virtual void end(Buffer& out) = 0;
  // The body ends too early, so that the client must take it for broken.
  virtual void abort(Buffer& out) = 0;

 protected:
  ~ResponseWriter() = default;
};

}  // namespace tern::wire::over_http
