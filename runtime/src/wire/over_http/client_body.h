// What is in the bodies of HTTP: the calls of one protocol, and what a client makes of the answers.
#pragma once

#include "http/head.h"
#include "wire/client_protocol.h"

namespace tern::wire::over_http {

// For one connection. Requests are written on any thread, one at a time, and answers are read on
// another.
class ClientBody {
 public:
  virtual ~ClientBody() = default;

  // Appends the first line of a request, and the headers that are the protocol's own, each with its
  // CRLF.
  virtual void put_head(const RequestHead& head, Buffer& out) const = 0;
  // Appends what the request says.
  virtual Status put_body(const RequestHead& head, const TypeOps& type, const void* argument,
                          Buffer& body) = 0;

  // Whether calls may be streams: Connect's.
  virtual bool has_streams() const noexcept { return false; }

  // Sets `frame`, whose id and metadata are there, to what the answer to that request says. Views
  // are good until the next call, as far as they are not into the answer.
  virtual void read_answer(const http::Head& head, ByteView body, Frame& frame) = 0;
};

}  // namespace tern::wire::over_http
