#include "wire/sniff.h"

#include "wire/http_connect.h"
#include "wire/json_extent.h"
#include "wire/json_rpc/protocol.h"

namespace tern::wire {

namespace {

// A JSON object that is not a request: its reader says what is wrong.
FirstBytes begins_option(ByteView in) noexcept {
  const std::size_t space = json_space(in);
  if (space < in.size() && in[space] != std::byte('{')) return FirstBytes::kOthers;
  switch (json_rpc::begins_json_rpc(in)) {
    case FirstBytes::kMore:
      return FirstBytes::kMore;
    case FirstBytes::kOurs:
      return FirstBytes::kOthers;
    case FirstBytes::kOthers:
      break;
  }
  return FirstBytes::kOurs;
}

}  // namespace

Sniffed sniff(ByteView in) noexcept {
  using Kind = Sniffed::Kind;
  // Nothing is decided while one that is compared before may still be it: with the next byte it
  // would be, and what a connection speaks would depend on how its bytes come.
  bool more = false;
  auto is_decided = [&more](FirstBytes found) {
    more = more || found == FirstBytes::kMore;
    return found == FirstBytes::kOurs;
  };
  for (const Protocol& protocol : protocols()) {
    if (protocol.begins && is_decided(protocol.begins(in))) {
      return more ? Sniffed() : Sniffed{Kind::kProtocol, &protocol};
    }
  }
  if (is_decided(begins_option(in))) return more ? Sniffed() : Sniffed{Kind::kOption, nullptr};
  if (is_decided(begins_http_connect(in)))
    return more ? Sniffed() : Sniffed{Kind::kConnect, nullptr};
  return {more ? Kind::kMore : Kind::kUnknown, nullptr};
}

}  // namespace tern::wire
