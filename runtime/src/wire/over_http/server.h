// A server's side of HTTP/1.1: Connect's calls, by POST and by GET, gRPC-Web's, streams of events
// and of lines, JSON-RPC by POST /rpc, and requests for pages.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include "http/chunks.h"
#include "http/head.h"
#include "tern/cors.h"
#include "tern/protocols.h"
#include "wire/over_http/exchange.h"
#include "wire/over_http/request.h"
#include "wire/over_http/responses.h"
#include "wire/server_protocol.h"

namespace tern::wire::over_http {

// One request at a time: the next one is read when its predecessor has been answered. A request
// that could be read in two ways is answered with its fault, and nothing behind it is looked at.
// The answer to a stream begins with its first message, or with its end.
class ServerProtocol final : public wire::ServerProtocol {
 public:
  // All but `limits` outlive this. Without `methods` there are no streams.
  ServerProtocol(const Limits& limits, const Protocols& protocols, const Cors& cors,
                 const http::Paths& pages = no_pages(), const MethodFinder* methods = nullptr);

  std::string_view codec() const noexcept override { return "json"; }
  Code unreadable(std::uint64_t) const noexcept override { return exchange_.unreadable(); }
  bool has_metadata() const noexcept override { return exchange_.has_metadata(); }
  Progress next(ByteView in, Frame& frame, Status& why) override;
  bool in_frame() const noexcept override {
    return stage_ == Stage::kBody || stage_ == Stage::kArgument ||
           (stage_ == Stage::kMessages && exchange_.stream().in_message());
  }
  bool ready() const noexcept override { return !responses_.awaited(); }
  bool finished() const noexcept override { return responses_.last() && stage_ == Stage::kHead; }
  Status read_body(const Frame& frame, const TypeOps& type, void* value) override {
    return exchange_.read_body(frame, type, value);
  }
  Status read_metadata(const Frame& frame, Metadata& metadata) override {
    return exchange_.read_metadata(frame, metadata);
  }
  Status write_reply(const ReplyHead& head, const TypeOps& type, const void* value,
                     Buffer& out) override;
  void write_error(const ReplyHead& head, const Status& status, Buffer& out) override;
  void write_answer(Buffer& out) override;
  void write_page(std::uint64_t, const Page& page, Buffer& out) override {
    exchange_.write_page(page, out);
  }
  void write_broken(const Status& why, Buffer& out) override;
  Status unknown_method(std::uint64_t /*id*/, std::string_view name, UnknownMethod why) override {
    return exchange_.unknown_method(name, why);
  }
  // While a client's stream is read: it is no request that could wait.
  bool has_control_frames() const noexcept override { return stage_ >= Stage::kOpening; }

  bool has_streams() const noexcept override { return true; }
  // The connection itself is the window.
  bool has_credit() const noexcept override { return false; }
  const Codec& message_codec() const noexcept override { return exchange_.stream().codec(); }
  std::shared_ptr<const void> codec_owner() const noexcept override {
    return exchange_.stream().share_codec();
  }
  void write_stream_data(const StreamPiece& piece, Buffer& out) override {
    exchange_.write_stream_data(piece, out);
  }
  void write_stream_end(std::uint64_t id, ByteView end, Buffer& out) override;
  void write_initial_metadata(std::uint64_t, const Metadata& metadata, Buffer& out) override {
    exchange_.write_initial_metadata(metadata, out);
  }
  bool wants_heartbeats(std::uint64_t) const noexcept override {
    return exchange_.stream().framing() == Framing::kEvents;
  }
  void write_heartbeat(std::uint64_t, Buffer& out) override { exchange_.write_heartbeat(out); }

  // HTTP has no words for it until there is a request: the next answer is the last one.
  void write_going_away(std::string_view, Buffer&) override { responses_.set_draining(); }

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
  // Of streams.
  void begin_stream();
  Progress take_stream(ByteView in, std::size_t used, Frame& frame, Status& why);
  Progress take_argument(ByteView in, Frame& frame, Status& why);
  Progress open_stream(std::size_t used, Frame& frame);
  Progress take_message(ByteView in, Frame& frame, Status& why);
  void answer_at_once() noexcept;
  // A stream is about to be answered in full: what its client may still send is not read.
  void stop_reading() noexcept;
  void refuse_body();
  Step broken(http::Fault fault, Status& why);
  void end_request(bool awaited) noexcept;

  const Limits limits_;
  const Rules rules_;
  http::HeadReader head_reader_{http::HeadReader::Side::kRequest};
  http::Chunks chunks_;

  // The request that is being read or answered.
  Responses responses_{exchange_};
  Exchange exchange_{limits_, rules_, responses_};
  Stage stage_ = Stage::kHead;
  std::size_t length_ = 0;  // bytes that are taken with the request: its body, if it has a length
  bool continue_ = false;   // write_answer() is to ask for the body
  int broken_status_ = 400;
  // The last byte of what has been read is taken with the end of the body, which comes alone.
  bool last_byte_ = false;
};

}  // namespace tern::wire::over_http
