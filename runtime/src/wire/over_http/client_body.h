// What is in the bodies of HTTP: the calls of one protocol, and what a client makes of the answers.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "http/head.h"
#include "tern/codec.h"
#include "tern/metadata.h"
#include "wire/client_protocol.h"
#include "wire/over_http/client_envelopes.h"
#include "wire/over_http/media_type.h"
#include "wire/over_http/metadata.h"

namespace tern::wire::over_http {

// For one connection. Requests are written on any thread, one at a time, and answers are read on
// another.
class ClientBody {
 public:
  using Headers = std::vector<std::pair<std::string, std::string>>;

  virtual ~ClientBody() = default;

  // Where a request is posted to.
  virtual std::string path(const RequestHead& head) const;
  // Appends the headers of a request that are the protocol's own, in HTTP/1.1's spelling.
  virtual void add_headers(const RequestHead& head, Headers& headers) const = 0;
  // Appends what the request says.
  virtual Status put_body(const RequestHead& head, const TypeOps& type, const void* argument,
                          Buffer& body) = 0;

  // The type of what is written and read: of unary calls, and of messages of streams.
  virtual const MediaType& type() const noexcept { return kJsonMessage; }
  virtual const MediaType& stream_type() const noexcept { return kConnectJson; }
  // Of the values of declared errors.
  virtual const Codec& detail_codec() const noexcept { return json_codec(); }

  // How answers in envelopes are read. Null: there are none, and no streams.
  virtual const ClientEnvelopes* envelopes() const noexcept { return nullptr; }
  // Whether an answer is in envelopes: that to a stream, or to a unary call.
  virtual bool is_in_envelopes(const http::Head& head, bool stream) const noexcept {
    return stream && head.status == 200 && has_media_type(head, stream_type());
  }

  // Appends what a request says of its call's metadata to its headers. Fails on what they cannot
  // carry.
  virtual Status add_metadata(const Metadata& metadata, Headers& headers) const {
    return over_http::add_metadata(metadata, headers);
  }
  // What the headers of an answer have of metadata.
  virtual Status read_metadata(const http::Head& head, Metadata& metadata) const;

  // Sets `frame`, whose id and metadata are there, to what an answer says that is not in envelopes:
  // to a unary call, or, if it can say no more than why there is no stream, to a stream. Views are
  // good until the next call, as far as they are not into the answer.
  virtual void read_answer(const http::Head& head, bool stream, ByteView body, Frame& frame) = 0;
};

}  // namespace tern::wire::over_http
