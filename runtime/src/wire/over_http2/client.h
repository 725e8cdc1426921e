// A client's side of calls over HTTP/2, whatever protocol they are of.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "http2/client_session.h"
#include "tern/endpoint.h"
#include "tern/limits.h"
#include "wire/client_protocol.h"
#include "wire/over_http2/client_calls.h"
#include "wire/over_http2/client_events.h"
#include "wire/over_http2/client_response.h"

namespace tern::wire::over_http2 {

// Each call has a stream of HTTP/2. All requests wait in here until write_answer(), and longer if
// the server's windows or its limit of streams do not take them. A call ends with its response, or
// with its stream. What a request and its response say, a class for each protocol knows.
class ClientProtocol : public wire::ClientProtocol {
 public:
  void set_time(Clock::TimePoint now) override;
  Progress next(ByteView in, Frame& frame, Status& why) override;
  bool has_last_words() const override;
  bool finished() const noexcept override;
  Status read_body(const Frame& frame, const TypeOps& type, void* result) override;
  Status read_detail(const Frame& frame, const TypeOps& type, void* detail) override;

  Status write_request(const RequestHead& head, const TypeOps& type, const void* argument,
                       Buffer& out) override;
  bool holds_requests() const noexcept override { return true; }
  std::optional<SentRequest> take_sent() noexcept override;
  bool holds(std::uint64_t id) const override;
  void write_answer(Buffer& out) override;

  bool has_streams() const noexcept override { return true; }
  std::uint64_t begin_stream_window(std::uint64_t id) override;
  bool takes_stream_data() const noexcept override;
  void write_stream_data(const StreamPiece& piece, Buffer& out) override;
  void end_stream_data(Buffer& out) override { write_answer(out); }
  void write_stream_end(std::uint64_t id, ByteView end, Buffer& out) override;
  void write_credit(std::uint64_t id, std::uint64_t bytes, Buffer& out) override;

  bool has_pings() const noexcept override { return true; }
  std::chrono::nanoseconds least_ping_interval() const noexcept override;
  void write_cancel(std::uint64_t id, Buffer& out) override;
  void write_ping(std::uint64_t number, Buffer& out) override;

 protected:
  // `limits` outlives this. `name`: the protocol's, in errors. `authority`: the server's host and
  // port. `scheme`: "http", or "https" over TLS. Throws std::bad_alloc.
  ClientProtocol(const Limits& limits, std::string_view name, std::string authority,
                 std::string_view scheme);

  const Limits& limits() const noexcept { return limits_; }
  // How the client compresses what it sends for this call.
  Compression compression_of(std::uint64_t id) const;

 private:
  enum class Phase : std::uint8_t {
    kFresh,  // nothing has come
    kOpen,
    kEnded  // the server has ended the connection
  };

  // --- What the protocol says ---

  // Appends the path of a request and what it says behind that, and its body, which is empty if the
  // client streams; or says why it cannot be sent.
  virtual Status put_request(const RequestHead& head, const TypeOps& type, const void* argument,
                             http2::Fields& fields, Buffer& body) = 0;
  virtual std::unique_ptr<ClientResponse> make_response(const RequestHead& head) = 0;

  bool take(const ClientEvent& event, Frame& frame);
  void take_outcome(const ClientCall& call, Frame& frame);
  void write(Buffer& out);

  const Limits& limits_;
  const std::string_view name_;
  const std::string authority_;
  const std::string_view scheme_;

  // All of it. Requests are written on any thread, and responses are read on the loop's.
  mutable std::mutex mutex_;
  ClientCalls calls_;
  ClientEvents events_;    // what next() is to give
  std::size_t slice_ = 0;  // bytes that were read, and are consumed when events_ is empty
  Phase phase_ = Phase::kFresh;
  Status broken_;  // what came behind events_
  http2::ClientSession session_;

  // The call that next() has given the end of. For the thread that reads.
  ClientCalls::Taken current_;
};

// What a client calls a server, as HTTP/2 has it: "host:port", and "localhost" behind the path of a
// Unix socket, as gRPC's own clients have it; and "http", or "https" over TLS.
std::string authority_of(const Endpoint& endpoint);
std::string_view scheme_of(const Endpoint& endpoint) noexcept;

}  // namespace tern::wire::over_http2
