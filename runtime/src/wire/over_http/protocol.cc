#include "wire/over_http/protocol.h"

#include <array>
#include <string_view>

#include "http/head.h"
#include "wire/connect/protocol.h"
#include "wire/grpc_web/protocol.h"
#include "wire/over_http/server.h"

namespace tern::wire::over_http {

namespace {

// With the space behind them. "PRI" is not among them: it begins HTTP/2.
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
  http::HeadReader reader(http::HeadReader::Side::kRequest);
  http::Head head;
  http::Fault fault;
  std::size_t size = 0;
  return reader.read(in, head, size, fault) != http::HeadReader::Step::kMore;
}

std::unique_ptr<wire::ServerProtocol> serve_http(const ServerSetup& setup) {
  return std::make_unique<ServerProtocol>(setup.limits, setup.protocols, setup.cors, setup.pages,
                                          setup.methods);
}

Status call_http(const ClientSetup& setup, ClientPreface& preface) {
  return setup.endpoint.protocol == Endpoint::Protocol::kGrpcWeb
             ? grpc_web::call_grpc_web(setup, preface)
             : connect::call_connect(setup, preface);
}

}  // namespace tern::wire::over_http
