// What is in the bodies of HTTP: the calls of one protocol, and a server's answers to them.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "http/head.h"
#include "http/response.h"
#include "tern/limits.h"
#include "tern/protocols.h"
#include "wire/over_http/media_type.h"
#include "wire/over_http/request.h"
#include "wire/server_protocol.h"

namespace tern::wire::over_http {

// A request that is whole.
struct Call {
  const http::Head& head;
  const Request& request;
  ByteView body;
  bool too_long;  // the body is over the limit, and was not read
};

// For one connection, one request at a time.
class ServerBody {
 public:
  enum class Item : std::uint8_t {
    kCall,      // `frame` is a call, and the request has more of them
    kLastCall,  // `frame` is the last one
    kNothing    // there is none, or no more; what is wrong with the rest is in the answer
  };

  virtual ~ServerBody() = default;

  // Takes the next call out of a request. `call` is the same until the last one has been taken.
  virtual Item take(const Call& call, Frame& frame) = 0;

  // Each as ServerProtocol has it, into the answer to the request.
  virtual Status read_body(const Frame& frame, const TypeOps& type, void* argument) = 0;
  virtual Status write_reply(const ReplyHead& head, const TypeOps& type, const void* value) = 0;
  virtual void write_error(const ReplyHead& head, const Status& status) = 0;
  virtual Status unknown_method(std::string_view name, UnknownMethod why) = 0;
  virtual bool has_metadata() const noexcept = 0;
  // Metadata of a call is all headers but those that are HTTP's own, unless the protocol has other
  // rules.
  virtual Status read_metadata(const http::Head& head, Metadata& metadata) const;
  // Metadata before the first message of a stream: what no header can carry is left out.
  virtual void add_headers(const Metadata& metadata, http::Headers& headers) const;
  // As ServerProtocol has it.
  virtual Code unreadable() const noexcept { return Code::kInvalidArgument; }

  // All of the request has been taken and answered.
  virtual bool complete() const noexcept = 0;
  // Then: the head of the answer, beside what HTTP itself puts there, and its body.
  virtual void put_head(http::Response& response) = 0;
  virtual ByteView answer() const noexcept = 0;
  // The answer is on its way. Gives memory back: the connection may be idle for long.
  virtual void end() noexcept = 0;
};

// One protocol over HTTP. Constants.
struct Content {
  std::string_view path;  // where its requests are posted; "": their paths name the methods
  bool Protocols::*allowed;
  MediaTypes types;  // of requests
  // Sets the answer to an error, before calls are looked at. `status`: what HTTP is to say, if the
  // protocol lets it; 0: the one of its code.
  void (*answer_error)(const Status& why, int status, Request& request);
  // `limits` outlive the result.
  std::unique_ptr<ServerBody> (*make)(const Limits& limits);
};

}  // namespace tern::wire::over_http
