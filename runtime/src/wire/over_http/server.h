// A server's side of calls over HTTP/1.1: Connect's, by POST and by GET, gRPC-Web's, streams of
// events and of lines, JSON-RPC by POST /rpc, and requests for pages.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "http/chunks.h"
#include "http/head.h"
#include "http/response.h"
#include "tern/cors.h"
#include "tern/protocols.h"
#include "wire/over_http/request.h"
#include "wire/over_http/server_body.h"
#include "wire/over_http/server_stream.h"
#include "wire/server_protocol.h"

namespace tern::wire::over_http {

// One request at a time: the next one is read when its predecessor has been answered. A request
// that could be read in two ways is answered with its fault, and nothing behind it is looked at.
// The answer to a stream begins with its first message, or with its end.
// Of a page, read_metadata() gives all headers; of a call, those that are not HTTP's own.
class ServerProtocol final : public wire::ServerProtocol {
 public:
  // All but `limits` outlive this. Without `methods` there are no streams.
  ServerProtocol(const Limits& limits, const Protocols& protocols, const Cors& cors,
                 const http::Paths& pages = no_pages(), const MethodFinder* methods = nullptr);

  std::string_view codec() const noexcept override { return "json"; }
  Code unreadable() const noexcept override { return calls_->unreadable(); }
  bool has_metadata() const noexcept override { return calls_ && calls_->has_metadata(); }
  Progress next(ByteView in, Frame& frame, Status& why) override;
  bool in_frame() const noexcept override {
    return stage_ == Stage::kBody || stage_ == Stage::kArgument ||
           (stage_ == Stage::kMessages && stream_.in_message());
  }
  bool ready() const noexcept override { return !waiting_; }
  bool finished() const noexcept override { return last_ && stage_ == Stage::kHead; }
  Status read_body(const Frame& frame, const TypeOps& type, void* value) override;
  Status read_metadata(const Frame& frame, Metadata& metadata) override;
  Status write_reply(const ReplyHead& head, const TypeOps& type, const void* value,
                     Buffer& out) override;
  void write_error(const ReplyHead& head, const Status& status, Buffer& out) override;
  void write_answer(Buffer& out) override;
  void write_page(const Page& page, Buffer& out) override;
  void write_broken(const Status& why, Buffer& out) override;
  Status unknown_method(std::string_view name, UnknownMethod why) override;
  // While a client's stream is read: it is no request that could wait.
  bool has_control_frames() const noexcept override { return stage_ >= Stage::kOpening; }

  bool has_streams() const noexcept override { return true; }
  // The connection itself is the window.
  bool has_credit() const noexcept override { return false; }
  const Codec& message_codec() const noexcept override { return stream_.codec(); }
  std::shared_ptr<const void> codec_owner() const noexcept override {
    return stream_.share_codec();
  }
  void write_stream_data(const StreamPiece& piece, Buffer& out) override;
  void write_stream_end(std::uint64_t id, ByteView end, Buffer& out) override;
  void write_initial_metadata(std::uint64_t id, const Metadata& metadata, Buffer& out) override;
  bool wants_heartbeats() const noexcept override { return stream_.framing() == Framing::kEvents; }
  void write_heartbeat(Buffer& out) override;

  // HTTP has no words for it until there is a request: the next answer is the last one.
  void write_going_away(std::string_view, Buffer&) override { draining_ = true; }

 private:
  static const http::Paths& no_pages();

  enum class Stage : std::uint8_t {
    kHead,
    kBody,   // the head has been taken, the body is not complete
    kWhole,  // the body is complete; its last byte is taken with what it asks for
    // Of Connect's streams:
    kArgument,  // the body, which has one message, is not complete
    kOpening,   // the head has been taken, and the request is to be told of
    kMessages   // the request has been told of, and the body is not complete
  };

  // kSkip: the head is there, and what follows it decides.
  Step begin_request(ByteView in, std::size_t& used, Status& why);
  Step refuse_expectation(bool body_is_there);
  // kSkip: likewise.
  Progress take_body(ByteView in, Status& why);
  Progress take_request(ByteView in, Frame& frame);
  Progress take_call(ByteView body, Frame& frame);
  ServerBody& calls();
  // Of streams.
  void begin_stream();
  Progress take_stream(ByteView in, std::size_t used, Frame& frame, Status& why);
  Progress take_argument(ByteView in, Frame& frame, Status& why);
  Progress open_stream(std::size_t used, Frame& frame);
  Progress take_message(ByteView in, Frame& frame, Status& why);
  void write_stream_head(Buffer& out);
  Status write_stream_reply(const ReplyHead& head, const TypeOps& type, const void* value,
                            Buffer& out);
  void write_stream_error(const ReplyHead& head, const Status& status, Buffer& out);
  void answer_at_once() noexcept;
  void write_if_complete(Buffer& out);
  void refuse_body();
  // The request is answered with an error after all.
  void answer_instead(const Status& why, int status);
  Step broken(http::Fault fault, Status& why);
  void end_request(bool waiting);
  void answered();
  http::Manner manner() const noexcept;

  const Limits limits_;
  Rules rules_;
  http::HeadReader head_reader_{http::HeadReader::Side::kRequest};
  http::Chunks chunks_;

  // The request that is being read or answered.
  Stage stage_ = Stage::kHead;
  http::Head head_;
  Request request_;
  Buffer body_;             // of chunks
  std::size_t length_ = 0;  // bytes that are taken with the request: its body, if it has a length
  bool too_long_ = false;   // the body is over the limit, and is not read
  bool continue_ = false;   // write_answer() is to ask for the body
  int broken_status_ = 400;

  // What is in the bodies. Of the last request that had calls.
  const Content* content_ = nullptr;
  std::unique_ptr<ServerBody> calls_;

  // The stream that the request has opened, if it has.
  enum class Answer : std::uint8_t {
    kNone,    // nothing has been written of it
    kFailed,  // likewise, and calls_ has an error in the place of a stream
    kBegun    // its head has
  };
  ServerStream stream_{limits_};
  Answer answer_ = Answer::kNone;
  // The last byte of what has been read is taken with the end of the body, which comes alone.
  bool last_byte_ = false;

  bool waiting_ = false;   // for an answer
  bool last_ = false;      // the connection ends with the answer
  bool draining_ = false;  // the server goes away
};

}  // namespace tern::wire::over_http
