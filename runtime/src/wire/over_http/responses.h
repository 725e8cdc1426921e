// How a server's answers leave over HTTP/1.1, one at a time.
#pragma once

#include "http/head.h"
#include "http/response.h"
#include "wire/over_http/exchange.h"
#include "wire/over_http/response_writer.h"

namespace tern::wire::over_http {

// Knows whether the request that was read is still to be answered, and whether the connection ends
// with that.
class Responses final : public ResponseWriter {
 public:
  // The exchange outlives this; nothing is asked of it before the first request.
  explicit Responses(const Exchange& exchange) noexcept : exchange_(exchange) {}

  bool awaited() const noexcept { return awaited_; }
  // The connection ends with the answer to the request that was read last.
  bool last() const noexcept { return last_; }

  // A request has been read in full, or as far as it will be.
  void end_request(bool awaited) noexcept {
    awaited_ = awaited;
    last_ = !exchange_.head().keep_alive;
  }
  // The server goes away: each answer from now on says that it is the last one.
  void set_draining() noexcept { draining_ = true; }

  void write(const http::Response& response, ByteView body, Buffer& out) override;
  void begin(const http::Response& response, Buffer& out) override;
  void append(ByteView first, ByteView second, Buffer& out) override;
  void end(Buffer& out) override;
  void abort(Buffer& out) override;

 private:
  http::Manner manner() const noexcept;

  const Exchange& exchange_;
  bool awaited_ = false;
  bool last_ = false;
  bool draining_ = false;
};

}  // namespace tern::wire::over_http
