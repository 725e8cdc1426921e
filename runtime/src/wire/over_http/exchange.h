// One request over HTTP and its answer, whatever the version of HTTP is.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include "http/head.h"
#include "tern/buffer.h"
#include "tern/limits.h"
#include "wire/over_http/request.h"
#include "wire/over_http/response_writer.h"
#include "wire/over_http/server_body.h"
#include "wire/over_http/server_stream.h"
#include "wire/server_protocol.h"

namespace tern::wire::over_http {

// No I/O. It is used for one request after the other; whoever owns it finds where the body begins
// and ends, and hands it over.
// Of a page, read_metadata() gives all headers; of a call, those that are not HTTP's own.
class Exchange {
 public:
  // All outlive this.
  Exchange(const Limits& limits, const Rules& rules, ResponseWriter& writer)
      : limits_(limits), rules_(rules), writer_(writer), stream_(limits) {}

  // --- The request ---

  // Filled by the owner; begin() then decides what the request asks for.
  http::Head& head() noexcept { return head_; }
  const http::Head& head() const noexcept { return head_; }
  void begin();
  const Request& request() const noexcept { return request_; }
  bool is_call() const noexcept { return request_.kind == Request::Kind::kCall; }
  // Its body is a stream of envelopes: stream() reads it.
  bool has_envelopes() const noexcept {
    return stream_.open() && request_.framing == Framing::kEnvelopes;
  }
  // Those hold one message, the argument.
  bool has_one_message() const noexcept {
    return !request_.type->envelopes->client_streams ||
           (request_.method && !client_streams(request_.method->kind));
  }
  ServerStream& stream() noexcept { return stream_; }
  const ServerStream& stream() const noexcept { return stream_; }

  // Where the owner may gather the body.
  Buffer& body() noexcept { return body_; }
  const Buffer& body() const noexcept { return body_; }
  // The body is over the limit, and is not read.
  void refuse_body();
  // The request is answered with an error after all: see write_answer().
  void answer_instead(const Status& why, int status);

  // The next call of a request whose body is whole; see ServerBody::take().
  ServerBody::Item take_call(ByteView body, Frame& frame);
  // All calls have been taken and answered: see write_answer().
  bool complete() const noexcept { return calls_->complete(); }
  // The request for a page, with its body.
  void take_page(ByteView body, Frame& frame) const;
  // A call whose body is in envelopes, and which opens a stream if its method has one: its argument
  // is `argument`, or was refused.
  void take_envelopes(ByteView argument, const Status& refused, Frame& frame);

  Status read_body(const Frame& frame, const TypeOps& type, void* argument);
  Status read_metadata(const Frame& frame, Metadata& metadata) const;
  Status unknown_method(std::string_view name, UnknownMethod why) {
    return calls_->unknown_method(name, why);
  }
  // As ServerProtocol has it.
  Code unreadable() const noexcept { return calls_->unreadable(); }
  bool has_metadata() const noexcept { return calls_ && calls_->has_metadata(); }

  // --- The answer: each as ServerProtocol has it ---

  Status write_reply(const ReplyHead& head, const TypeOps& type, const void* value, Buffer& out);
  void write_error(const ReplyHead& head, const Status& status, Buffer& out);
  // To what is no call, or calls that have been answered.
  void write_answer(Buffer& out);
  void write_page(const Page& page, Buffer& out);
  void write_initial_metadata(const Metadata& metadata, Buffer& out);
  void write_stream_data(const StreamPiece& piece, Buffer& out);
  void write_stream_end(ByteView end, Buffer& out);
  // False: this is not the time for one.
  bool write_heartbeat(Buffer& out);

 private:
  enum class Answer : std::uint8_t {
    kNone,    // nothing has been written of a stream
    kFailed,  // likewise, and calls_ has an error in the place of a stream
    kBegun    // its head has
  };

  ServerBody& calls();
  void write_if_complete(Buffer& out);
  void begin_stream(Buffer& out);
  Status write_stream_reply(const ReplyHead& head, const TypeOps& type, const void* value,
                            Buffer& out);
  void write_stream_error(const ReplyHead& head, const Status& status, Buffer& out);
  void answered();

  const Limits& limits_;
  const Rules& rules_;
  ResponseWriter& writer_;

  http::Head head_;
  Request request_;
  Buffer body_;
  bool too_long_ = false;  // the body

  // What is in the bodies. Of the last request that had calls.
  const Content* content_ = nullptr;
  std::unique_ptr<ServerBody> calls_;

  // The stream that the request has opened, if it has.
  ServerStream stream_;
  Answer answer_ = Answer::kNone;
};

}  // namespace tern::wire::over_http
