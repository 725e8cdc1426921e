#include "wire/gee/protocol.h"

#include "wire/gee/json_client.h"
#include "wire/gee/json_server.h"
#include "wire/go/gob_client.h"
#include "wire/go/gob_server.h"
#include "wire/handshake.h"

namespace tern::wire::gee {

namespace {

// The reader of a GeeRPC server takes so many bytes at first, and loses what it has read beyond the
// Option: so the Option fills them.
constexpr std::size_t kPaddedOption = 512;

std::string padded_line(const Option& option) {
  std::string line = to_line(option);
  line.pop_back();  // the newline would be the first byte behind it
  if (line.size() < kPaddedOption) line.insert(0, kPaddedOption - line.size(), ' ');
  return line;
}

}  // namespace

std::unique_ptr<ServerProtocol> serve_gee_gob(const ServerSetup& setup) {
  return std::make_unique<go::ServerProtocol>(go::Dialect::kGeeRpc, setup.limits);
}

Status call_gee_gob(const ClientSetup& setup, ClientPreface& preface) {
  preface.option = padded_line(option_of(setup));
  preface.protocol = std::make_unique<go::ClientProtocol>(go::Dialect::kGeeRpc, setup.limits);
  return {};
}

std::unique_ptr<ServerProtocol> serve_gee_json(const ServerSetup& setup) {
  return std::make_unique<JsonServerProtocol>(setup.limits);
}

Status call_gee_json(const ClientSetup& setup, ClientPreface& preface) {
  preface.option = padded_line(option_of(setup));
  preface.protocol = std::make_unique<JsonClientProtocol>(setup.limits);
  return {};
}

}  // namespace tern::wire::gee
