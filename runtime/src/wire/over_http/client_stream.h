// The answer to a stream of Connect's as it comes to a client.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "http/head.h"
#include "tern/metadata.h"
#include "wire/connect/end_of_stream.h"
#include "wire/frame.h"
#include "wire/over_http/stream_body.h"

namespace tern::wire::over_http {

// Its headers are initial metadata, its messages data, or the reply of a client's stream, and its
// last envelope the end.
class ClientStream {
 public:
  enum class Step : std::uint8_t {
    kMore,
    kFrame,  // metadata, a message or a chunk of one
    kLast,   // the reply or an error; see open()
    kEnd,    // the response has ended, behind kLast
    kBroken  // it is not HTTP, or goes on behind kLast
  };

  // `server_streams`: else the answer has one message.
  void begin(std::uint64_t id, bool server_streams, const http::Head& head,
             std::size_t message_bytes);
  // A response is being read. Its end may come later than kLast, which the last envelope gives.
  bool open() const noexcept { return open_; }
  // Takes from the front of `in`. Views in `frame` are good until the next call.
  Step next(ByteView in, std::size_t& used, Frame& frame, http::Fault& fault);

  // Whether `frame` is what next() gave last with kLast; its metadata is trailing().
  bool is_end(const Frame& frame) const noexcept {
    return last_told_ && end_ && frame.id == id_ && !frame.initial_metadata;
  }
  const Metadata& trailing() const noexcept { return end_->metadata; }

 private:
  bool begin_envelope(Frame& frame);
  bool take_piece(const connect::EnvelopeReader::Piece& piece, Frame& frame);
  Step find_end(ByteView in, std::size_t& used, http::Fault& fault);
  void take_end(Frame& frame);
  void fail(Code code, std::string text, Frame& frame);

  std::uint64_t id_ = 0;
  std::size_t message_bytes_ = 0;
  bool open_ = false;
  bool server_streams_ = false;
  bool told_ = false;       // of the headers
  bool last_told_ = false;  // kLast was given
  bool skips_ = false;      // the envelope that comes is not looked at
  bool has_reply_ = false;  // a message has come for a client's stream
  EnvelopeBody body_;
  Buffer reply_;
  Buffer last_;  // what the last envelope holds
  bool has_last_ = false;
  std::optional<connect::EndOfStream> end_;
  std::string fault_;  // why the answer is none
  Code fault_code_ = Code::kOk;
};

}  // namespace tern::wire::over_http
