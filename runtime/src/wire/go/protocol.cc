#include "wire/go/protocol.h"

#include "wire/go/gob_client.h"
#include "wire/go/gob_server.h"

namespace tern::wire::go {

namespace {

// A definition's length is one byte: longer ones do not begin a connection.
constexpr unsigned kEndOfLengths = 0x80;
// Its id is negative: one byte or more that begin with their negated count.
constexpr unsigned kFirstOfNegative = 0xfc;

}  // namespace

FirstBytes begins_net_rpc(ByteView in) noexcept {
  if (in.empty()) return FirstBytes::kMore;
  auto length = static_cast<unsigned>(in[0]);
  if (length == 0 || length >= kEndOfLengths) return FirstBytes::kOthers;
  if (in.size() == 1) return FirstBytes::kMore;
  return static_cast<unsigned>(in[1]) >= kFirstOfNegative ? FirstBytes::kOurs : FirstBytes::kOthers;
}

std::unique_ptr<wire::ServerProtocol> serve_net_rpc(const ServerSetup& setup) {
  return std::make_unique<ServerProtocol>(Dialect::kNetRpc, setup.limits);
}

Status call_net_rpc(const ClientSetup& setup, ClientPreface& preface) {
  preface.protocol = std::make_unique<ClientProtocol>(Dialect::kNetRpc, setup.limits);
  return {};
}

}  // namespace tern::wire::go
