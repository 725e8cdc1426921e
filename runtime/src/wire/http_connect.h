// HTTP's CONNECT as net/rpc and GeeRPC use it: the way from a web server's port to an RPC
// connection. Where it leads, the table of protocols says. See runtime/README.md.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "tern/buffer.h"
#include "tern/status.h"
#include "wire/first_bytes.h"

namespace tern::wire {

// A server's view: a request that begins with "CONNECT ".
struct HttpConnectRequest {
  enum class Kind : std::uint8_t { kMore, kWhole, kBroken };
  Kind kind = Kind::kMore;
  std::size_t size = 0;     // kWhole: to the end of the empty line
  std::string_view target;  // kWhole: as it came
  Status why;               // kBroken
};
FirstBytes begins_http_connect(ByteView in) noexcept;
// Lines end with LF or CRLF. Nothing behind the empty line is looked at.
HttpConnectRequest read_http_connect_request(ByteView in, std::size_t limit);

// What a server answers. `status`: "200 Connected to Go RPC".
std::string http_connect_accepted(std::string_view status);
std::string http_connect_refused(int status, std::string_view reason, std::string_view text);

// A client's view.
std::string http_connect_request(std::string_view path);
struct HttpConnectResponse {
  enum class Kind : std::uint8_t { kMore, kAccepted, kRefused };
  Kind kind = Kind::kMore;
  std::size_t size = 0;  // kAccepted: to the end of the empty line
  Status why;            // kRefused
};
// Accepts any status of 200.
HttpConnectResponse read_http_connect_response(ByteView in, std::size_t limit);

}  // namespace tern::wire
