// What is in the bodies of HTTP: the calls of one protocol, and what a client makes of the answers.
#pragma once

#include "http/head.h"
#include "tern/codec.h"
#include "wire/client_protocol.h"
#include "wire/over_http/media_type.h"

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

  // The type of what is written and read: of unary calls, and of messages of streams.
  virtual const MediaType& type() const noexcept { return kJsonMessage; }
  virtual const MediaType& stream_type() const noexcept { return kConnectJson; }
  // Of the values of declared errors.
  virtual const Codec& detail_codec() const noexcept { return json_codec(); }

  // Whether calls may be streams: Connect's.
  virtual bool has_streams() const noexcept { return false; }

  // Sets `frame`, whose id and metadata are there, to what the answer to that request says. Views
  // are good until the next call, as far as they are not into the answer.
  virtual void read_answer(const http::Head& head, ByteView body, Frame& frame) = 0;
};

}  // namespace tern::wire::over_http
