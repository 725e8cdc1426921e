#include "wire/over_http/protocol.h"

#include <array>
#include <string_view>

#include "http/head.h"
#include "wire/over_http/server.h"

namespace tern {

namespace {

// With the space behind them. "PRI" begins HTTP/2, which is not among them.
constexpr std::array<std::string_view, 8> kMethods = {"GET ",    "POST ",    "HEAD ",  "PUT ",
                                                      "DELETE ", "OPTIONS ", "PATCH ", "TRACE "};

}  // namespace

FirstBytes begins_http(ByteView in) noexcept {
  std::string_view text = as_text(in);
  for (std::string_view method : kMethods) {
    if (text.starts_with(method)) return FirstBytes::kOurs;
    if (method.starts_with(text)) return FirstBytes::kMore;
  }
  return FirstBytes::kOthers;
}

bool http_head_is_there(ByteView in) {
  HttpHeadReader reader(HttpHeadReader::Side::kRequest);
  HttpHead head;
  HttpFault fault;
  std::size_t size = 0;
  return reader.read(in, head, size, fault) != HttpHeadReader::Step::kMore;
}

std::unique_ptr<ServerProtocol> serve_http(const ServerSetup& setup) {
  return std::make_unique<HttpServerProtocol>(setup.limits, setup.protocols, setup.cors,
                                              setup.pages);
}

}  // namespace tern
