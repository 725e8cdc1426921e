// The response of one HTTP/1.1 exchange, from its bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "http/chunks.h"
#include "http/head.h"
#include "registry/http_exchange.h"
#include "tern/buffer.h"
#include "tern/status.h"

namespace tern::registry {

// It may be stopped within `on_part`.
class HttpResponseReader {
 public:
  enum class State : std::uint8_t { kReading, kWhole, kBroken, kStopped };
  enum class Body : std::uint8_t { kAsItSays, kNone };  // a response to HEAD has none
  struct Failure {
    Code code = Code::kUnavailable;
    std::string text;
  };

  HttpResponseReader(const HttpExchangeLimits& limits, Body body, HttpExchange::OnPart on_part);
  HttpResponseReader(const HttpResponseReader&) = delete;
  HttpResponseReader& operator=(const HttpResponseReader&) = delete;

  // Returns how many of the bytes it has taken: the others are offered again, with more.
  std::size_t read(ByteView bytes);
  // No more come.
  void end();
  void stop() noexcept { stage_ = Stage::kStopped; }
  // Not from within it.
  void forget_on_part() noexcept { on_part_.reset(); }

  State state() const noexcept;
  const Failure& failure() const noexcept { return failure_; }
  HttpExchangeResponse take() { return std::move(response_); }
  // How far it got, for messages.
  std::string where() const;

 private:
  enum class Stage : std::uint8_t { kHead, kLength, kChunks, kToEnd, kWhole, kBroken, kStopped };

  // 0: there is no whole head yet, or it was refused.
  std::size_t read_head(ByteView in);
  void begin_body(const http::Head& head);
  void read_body(ByteView in);
  void read_chunks(ByteView in);
  void add(std::string_view part);
  void fail(Code code, std::string text);
  void fail_as_too_long();

  const HttpExchangeLimits limits_;
  const Body body_;
  HttpExchange::OnPart on_part_;
  Stage stage_ = Stage::kHead;
  http::HeadReader head_reader_;
  http::Chunks chunks_;
  std::uint64_t length_ = 0;
  std::uint64_t left_ = 0;  // of it
  HttpExchangeResponse response_;
  Failure failure_;
};

}  // namespace tern::registry
