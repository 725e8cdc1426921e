// What is asked for over HTTP/2 and is not gRPC's: calls of Connect's and JSON-RPC, streams, pages.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "http2/session.h"
#include "wire/over_http/exchange.h"
#include "wire/over_http/response_writer.h"
#include "wire/over_http2/server_call.h"

namespace tern::wire::over_http2 {

class HttpCall final : public ServerCall, private over_http::ResponseWriter {
 public:
  HttpCall(const CallSetup& setup, StreamId stream, const http2::Fields& fields);

  bool reads_messages() const noexcept override {
    return exchange_.has_envelopes() && !exchange_.has_one_message();
  }
  void add(ByteView bytes) override;
  void end_body() override;
  bool complete() const noexcept override { return body_ >= Body::kWhole; }
  std::size_t gathered() const noexcept override { return gathered_; }
  std::optional<std::size_t> to_come() const noexcept override;
  void tell() override;
  Taken take_request(Frame& frame) override;
  void release_request() noexcept override;
  Status read_body(const Frame& frame, const TypeOps& type, void* argument) override;
  Status read_metadata(const Frame& frame, Metadata& metadata) override {
    return exchange_.read_metadata(frame, metadata);
  }
  Status unknown_method(std::string_view name, UnknownMethod why) override {
    return exchange_.unknown_method(name, why);
  }
  Code unreadable() const noexcept override { return exchange_.unreadable(); }
  StreamTerms stream_terms() override;

  Status write_reply(const ReplyHead& head, const TypeOps& type, const void* value,
                     Buffer& end) override;
  void write_error(const ReplyHead& head, const Status& status, Buffer& end) override;
  void write_page(const Page& page) override;
  void write_initial_metadata(const Metadata& metadata) override;
  void write_stream_data(const StreamPiece& piece) override;
  void write_stream_end(ByteView end) override;
  bool wants_heartbeats() const noexcept override {
    return exchange_.stream().framing() == over_http::Framing::kEvents;
  }
  void write_heartbeat() override;

 private:
  enum class Body : std::uint8_t {
    kComing,
    kWhole,    // or what still comes does not matter
    kRefused,  // likewise: it is no argument, and `refused_` says why
    kTaken     // all that it asks for has been taken
  };

  // --- As a ResponseWriter: `out` is not used ---

  void write(const http::Response& response, ByteView body, Buffer& out) override;
  void begin(const http::Response& response, Buffer& out) override;
  void append(ByteView first, ByteView second, Buffer& out) override;
  void end(Buffer& out) override;
  void abort(Buffer& out) override;

  void add_messages(ByteView bytes);
  void add_argument(ByteView bytes);
  void refuse_body();
  // What the exchange calls the one of this id.
  std::uint64_t inner_id(std::uint64_t id) const noexcept { return calls_[number_of(id) - 1]; }

  over_http::Exchange exchange_;
  Body body_ = Body::kComing;
  std::size_t gathered_ = 0;
  Status refused_;
  std::vector<std::uint64_t> calls_;  // that were taken: their ids in the exchange
  std::size_t appended_ = 0;          // bytes of the answer's body
  Buffer unused_;
};

}  // namespace tern::wire::over_http2
