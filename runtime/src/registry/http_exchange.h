// One HTTP/1.1 request of a client's, on a connection of its own, and the response to it.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tern/dialer.h"
#include "tern/endpoint.h"
#include "tern/function.h"
#include "tern/result.h"

namespace tern {
class Loop;
}  // namespace tern

namespace tern::registry {

using HttpFields = std::vector<std::pair<std::string, std::string>>;

struct HttpExchangeRequest {
  HttpExchangeRequest() = default;

  Endpoint endpoint;  // where to connect: by TCP, or to a Unix socket
  std::string method = "GET";
  std::string host;          // for the Host header: "127.0.0.1:2379"
  std::string target = "/";  // "/path?query"
  // Without Host, Connection and those that say how long the body is.
  HttpFields headers;
  std::string body;
};

struct HttpExchangeLimits {
  HttpExchangeLimits() = default;

  // From start() to the end of the response; 0: for ever.
  std::chrono::nanoseconds whole{std::chrono::seconds(10)};
  // Without a byte of the response, the time to connect included; 0: for ever.
  std::chrono::nanoseconds silence{0};
  std::size_t head_bytes = 16 * 1024;        // 80 KiB at most
  std::size_t body_bytes = 4 * 1024 * 1024;  // of a body that is collected
};

struct HttpExchangeResponse {
  HttpExchangeResponse() = default;

  // The first header of that name, which is in lower case, or "".
  std::string_view header(std::string_view name) const noexcept {
    for (const auto& [key, value] : headers) {
      if (key == name) return value;
    }
    return {};
  }

  int status = 0;
  HttpFields headers;  // names in lower case
  std::string body;    // empty if it went to on_part
};

// Destroying it gives up: nothing is called any more. Threads: the loop's.
class HttpExchange {
 public:
  using Done = UniqueFunction<void(Result<HttpExchangeResponse>)>;
  // A piece of the body, as it came; the response has no body of its own then.
  using OnPart = UniqueFunction<void(const HttpExchangeResponse&, std::string_view part)>;

  // Calls `done` once, not from within start(), with a response of any status, or the failure:
  //
  //   kInvalidArgument    the request cannot be sent as it stands; nothing was
  //   kDeadlineExceeded   a limit of time
  //   kResourceExhausted  another limit
  //   kUnavailable        the rest: not connected, cut off, no HTTP
  //
  // With `on_part`, the body of a response of status 200 is handed on piece by piece, however long
  // it gets; others are collected. Both functions may destroy the exchange. The dialer outlives it.
  static std::unique_ptr<HttpExchange> start(Loop& loop, Dialer& dialer,
                                             HttpExchangeRequest request,
                                             const HttpExchangeLimits& limits, Done done);
  static std::unique_ptr<HttpExchange> start(Loop& loop, Dialer& dialer,
                                             HttpExchangeRequest request,
                                             const HttpExchangeLimits& limits, OnPart on_part,
                                             Done done);

  HttpExchange(const HttpExchange&) = delete;
  HttpExchange& operator=(const HttpExchange&) = delete;
  ~HttpExchange();

 private:
  class Run;
  explicit HttpExchange(std::shared_ptr<Run> run);

  std::shared_ptr<Run> run_;
};

}  // namespace tern::registry
