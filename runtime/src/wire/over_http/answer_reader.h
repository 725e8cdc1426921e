// An answer in envelopes as it comes to a client: of Connect's streams, and of gRPC-Web.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "http/head.h"
#include "tern/limits.h"
#include "wire/frame.h"
#include "wire/over_http/client_envelopes.h"
#include "wire/over_http/stream_body.h"

namespace tern::wire::over_http {

// Its headers are initial metadata, its messages data, or the one reply, and its last envelope the
// end.
class AnswerReader {
 public:
  enum class Expected : std::uint8_t {
    kReply,          // one message, to a unary call
    kReplyToStream,  // the same, to a client's stream
    kMessages        // a server's stream
  };
  enum class Step : std::uint8_t {
    kMore,
    kFrame,  // metadata, a message or a chunk of one
    kLast,   // the reply or an error; see open()
    kEnd,    // the response has ended, behind kLast
    kBroken  // it is not HTTP, or goes on behind kLast
  };

  // All that it is given stays until the response has ended.
  void begin(std::uint64_t id, Expected expected, const http::Head& head,
             const ClientEnvelopes& envelopes, const Limits& limits);
  // A response is being read. Its end may come later than kLast, which the last envelope gives.
  bool open() const noexcept { return open_; }
  // Takes from the front of `in`. Views in `frame` are good until the next call.
  Step next(ByteView in, std::size_t& used, Frame& frame, http::Fault& fault);

  // In HTTP/2: nothing more comes. What that says of the call, next() gives.
  void end_body() noexcept { body_.end(); }
  // An envelope has begun, and has not come to its end.
  bool in_envelope() const noexcept { return body_.in_envelope(); }
  // How many bytes of the last envelope have come.
  std::size_t end_bytes() const noexcept {
    return has_last_ ? connect::kPrefixBytes + last_.size() : 0;
  }

  // Whether `frame` is what next() gave last with kLast; its metadata is that of end().
  bool is_end(const Frame& frame) const noexcept {
    return last_told_ && end_ && frame.id == id_ && !frame.initial_metadata;
  }
  const AnswerEnd& end() const noexcept { return *end_; }

 private:
  bool begin_envelope(Frame& frame);
  bool take_piece(const connect::EnvelopeReader::Piece& piece, Frame& frame);
  Step find_end(ByteView in, std::size_t& used, http::Fault& fault);
  void take_end(Frame& frame);
  void read_outcome(Frame& frame);
  void refuse(Code code, std::string text);
  void fail(Code code, std::string text, Frame& frame);

  const http::Head* head_ = nullptr;
  const ClientEnvelopes* envelopes_ = nullptr;
  const Limits* limits_ = nullptr;
  std::uint64_t id_ = 0;
  Expected expected_ = Expected::kReply;
  bool open_ = false;
  bool told_ = false;       // of the headers
  bool last_told_ = false;  // kLast was given
  bool skips_ = false;      // the envelope that comes is not looked at
  bool begun_ = false;      // there was an envelope
  bool has_reply_ = false;  // a message has come where one is expected
  EnvelopeBody body_;
  Buffer reply_;
  Buffer last_;  // what the last envelope holds
  bool has_last_ = false;
  std::optional<AnswerEnd> end_;
  std::string fault_;  // why the answer is none
  Code fault_code_ = Code::kOk;
};

}  // namespace tern::wire::over_http
