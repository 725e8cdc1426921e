#include "serve/opening.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/peer_text.h"
#include "wire/handshake.h"
#include "wire/http_connect.h"
#include "wire/sniff.h"

namespace tern {

namespace {

// What of an unknown protocol goes into the message.
constexpr std::size_t kShownBytes = 24;

Opening refused(Refusal reason, Code code, std::string text) {
  Opening opening;
  opening.kind = Opening::Kind::kRefused;
  opening.reason = reason;
  opening.why = Status(code, std::move(text), HandlerRan::kNo);
  return opening;
}

Opening not_served(std::string_view protocol) {
  return refused(
      Refusal::kUnknownProtocol, Code::kUnimplemented,
      fmt::format("handshake: the peer speaks {}, which is switched off here", protocol));
}

Opening accepted(const WireProtocol& protocol) {
  Opening opening;
  opening.kind = Opening::Kind::kAccepted;
  opening.protocol = &protocol;
  return opening;
}

bool is_allowed(const WireProtocol& protocol, const Protocols& allowed) {
  return !protocol.allowed || allowed.*protocol.allowed;
}

// --- The Option ---

// A peer that knows the Option knows a line of JSON too.
Opening with_line(Opening opening) {
  OptionReply reply;
  reply.error = opening.why.message();
  reply.going_away = opening.reason == Refusal::kGoingAway;
  opening.answer = to_line(reply);
  return opening;
}

// Our frames can begin with any byte, a newline too: so the one that ends the Option must be there.
// GeeRPC's frames can not, and skip it.
Opening accept_tern(ByteView in, std::size_t size, const Option& option,
                    const WireProtocol& protocol, const OpeningRules& rules) {
  if (in.size() <= size) return Opening();
  if (as_text(in)[size] != '\n') {
    return refused(
        Refusal::kMalformedHandshake, Code::kInvalidArgument,
        fmt::format("handshake: byte {:#04x} follows its JSON object; expected a newline",
                    static_cast<unsigned>(in[size])));
  }
  if (option.version > kProtocolVersion) {
    return refused(Refusal::kUnknownVersion, Code::kUnimplemented,
                   fmt::format("handshake: peer speaks version {} of the protocol; this server "
                               "knows version {}",
                               option.version, kProtocolVersion));
  }
  if (rules.going_away) {
    Status why = going_away();
    return refused(Refusal::kGoingAway, why.code(), std::string(why.message()));
  }
  Opening opening = accepted(protocol);
  opening.codec = rules.codecs.find(option.codec_type);
  opening.client_serves = option.serves;
  opening.consumed = size + 1;
  OptionReply reply;
  reply.max_message_bytes = rules.limits.message_bytes;
  reply.max_calls_in_flight = rules.limits.calls_in_flight;
  opening.answer = to_line(reply);
  return opening;
}

Opening accept_option(ByteView in, std::size_t size, const OpeningRules& rules) {
  Result<Option> option = parse_option(as_text(in.first(size)));
  if (!option.ok()) {
    return refused(Refusal::kMalformedHandshake, option.status().code(),
                   std::string(option.status().message()));
  }
  const WireProtocol& protocol = protocol_of_option(option->codec_type);
  const bool tern = protocol.option_codec == WireProtocol::kAnyCodec;
  if (tern && !rules.codecs.find(option->codec_type)) {
    return refused(
        Refusal::kUnknownCodec, Code::kUnimplemented,
        fmt::format("handshake: peer offers codec \"{}\"; this server knows {}, {}, {}",
                    peer_text(option->codec_type), rules.codecs.names(), kGobCodec, kJsonCodec));
  }
  if (!is_allowed(protocol, rules.protocols)) return not_served(protocol.name);
  Opening opening;
  if (tern) {
    opening = accept_tern(in, size, *option, protocol, rules);
  } else {
    opening = accepted(protocol);
    opening.consumed = size;
  }
  opening.handle_timeout = option->handle_timeout;
  return opening;
}

Opening read_option(ByteView in, const OpeningRules& rules) {
  std::size_t limit = rules.limits.option_bytes;
  JsonObjectExtent extent = find_json_object(in, limit);
  if (extent.kind == JsonObjectExtent::Kind::kMore) return Opening();
  Opening opening =
      extent.kind == JsonObjectExtent::Kind::kWhole
          ? accept_option(in, extent.size, rules)
          : refused(
                Refusal::kHandshakeTooLarge, Code::kResourceExhausted,
                fmt::format("handshake: its JSON object does not end within {} bytes, which is the "
                            "limit",
                            limit));
  return opening.kind == Opening::Kind::kRefused ? with_line(std::move(opening)) : opening;
}

// --- CONNECT ---

Opening read_connect(ByteView in, const OpeningRules& rules) {
  ConnectRequest request = read_connect_request(in, rules.limits.option_bytes);
  if (request.kind == ConnectRequest::Kind::kMore) return Opening();
  if (request.kind == ConnectRequest::Kind::kBroken) {
    Opening opening =
        refused(Refusal::kMalformedRequest, request.why.code(), std::string(request.why.message()));
    opening.answer = connect_refused(400, "Bad Request", request.why.message());
    return opening;
  }
  if (!request.path) {
    Opening opening = refused(Refusal::kUnknownProtocol, Code::kNotFound,
                              fmt::format("handshake: CONNECT \"{}\": nothing is mounted there",
                                          peer_text(request.target)));
    opening.answer = connect_refused(404, "Not Found", "404 nothing to CONNECT to");
    return opening;
  }
  bool served = request.path->net_rpc ? rules.protocols.netrpc
                                      : rules.protocols.geerpc || rules.protocols.tern;
  if (!served) {
    Opening opening = not_served(request.path->net_rpc ? "net/rpc" : "GeeRPC");
    opening.answer = connect_refused(404, "Not Found", "404 nothing to CONNECT to");
    return opening;
  }
  Opening opening = accepted(protocol_of_address(Endpoint::Protocol::kNetRpc, {}));
  if (!request.path->net_rpc) opening.kind = Opening::Kind::kSwitched;
  opening.consumed = request.size;
  opening.answer = connect_accepted(*request.path);
  return opening;
}

// --- Protocols that begin at once ---

Opening read_protocol(ByteView in, const WireProtocol& protocol, const OpeningRules& rules) {
  if (!is_allowed(protocol, rules.protocols)) return not_served(protocol.name);
  bool more = protocol.opening_is_there && !protocol.opening_is_there(in);
  return more ? Opening() : accepted(protocol);
}

Opening unknown_protocol(ByteView in) {
  std::string_view shown = as_text(in.first(std::min(in.size(), kShownBytes)));
  return refused(Refusal::kUnknownProtocol, Code::kUnimplemented,
                 fmt::format("handshake: the first bytes are \"{}\"; expected a JSON object "
                             "with a MagicNumber, or one of net/rpc, JSON-RPC, HTTP/1",
                             peer_text(shown)));
}

}  // namespace

Opening read_opening(ByteView in, OpeningStage stage, const OpeningRules& rules) {
  using Kind = Sniffed::Kind;
  Sniffed sniffed = sniff(in.first(std::min(in.size(), rules.limits.option_bytes)));
  if (stage == OpeningStage::kOption && sniffed.kind != Kind::kMore &&
      sniffed.kind != Kind::kOption) {
    return unknown_protocol(in);
  }
  switch (sniffed.kind) {
    case Kind::kMore:  // white space without an end is an Option that is too long
      return in.size() < rules.limits.option_bytes ? Opening() : read_option(in, rules);
    case Kind::kProtocol:
      return read_protocol(in, *sniffed.protocol, rules);
    case Kind::kOption:
      return read_option(in, rules);
    case Kind::kConnect:
      return read_connect(in, rules);
    case Kind::kUnknown:
      break;
  }
  return unknown_protocol(in);
}

}  // namespace tern
