#include "serve/opening.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/peer_text.h"
#include "http/head.h"
#include "wire/handshake.h"
#include "wire/http_connect.h"
#include "wire/sniff.h"

namespace tern {

namespace {

// What of an unknown protocol goes into the message.
constexpr std::size_t kShownBytes = 24;

constexpr std::string_view kGobCodec = "application/gob";
constexpr std::string_view kJsonCodec = "application/json";

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

Opening accepted(Protocol protocol) {
  Opening opening;
  opening.kind = Opening::Kind::kAccepted;
  opening.protocol = protocol;
  return opening;
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
Opening accept_tern(ByteView in, std::size_t size, const Option& option, const Codec& codec,
                    const OpeningRules& rules) {
  if (in.size() <= size) return Opening();
  if (as_text(in)[size] != '\n') {
    return refused(Refusal::kMalformedOption, Code::kInvalidArgument,
                   fmt::format("handshake: byte {:#04x} follows the Option; expected a newline",
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
  Opening opening = accepted(Protocol::kTern);
  opening.codec = &codec;
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
    return refused(Refusal::kMalformedOption, option.status().code(),
                   std::string(option.status().message()));
  }
  Opening opening;
  bool gob = option->codec_type == kGobCodec;
  if (gob || option->codec_type == kJsonCodec) {
    if (!rules.protocols.geerpc) return not_served("GeeRPC");
    opening = accepted(gob ? Protocol::kGeeRpcGob : Protocol::kGeeRpcJson);
    opening.consumed = size;
  } else if (const Codec* codec = rules.codecs.find(option->codec_type)) {
    if (!rules.protocols.tern) return not_served("Tern's frames");
    opening = accept_tern(in, size, *option, *codec, rules);
  } else {
    return refused(
        Refusal::kUnknownCodec, Code::kUnimplemented,
        fmt::format("handshake: peer offers codec \"{}\"; this server knows {}, {}, {}",
                    peer_text(option->codec_type), rules.codecs.names(), kGobCodec, kJsonCodec));
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
          : refused(Refusal::kOptionTooLarge, Code::kResourceExhausted,
                    fmt::format("handshake: the Option does not end within {} bytes, which is the "
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
  Opening opening = accepted(Protocol::kNetRpc);
  if (!request.path->net_rpc) opening.kind = Opening::Kind::kSwitched;
  opening.consumed = request.size;
  opening.answer = connect_accepted(*request.path);
  return opening;
}

// --- HTTP ---

// The first head is the handshake, and has its time. Whoever reads the requests says what is wrong
// with it.
Opening read_http(ByteView in) {
  HttpHeadReader reader(HttpHeadReader::Side::kRequest);
  HttpHead head;
  HttpFault fault;
  std::size_t size = 0;
  bool more = reader.read(in, head, size, fault) == HttpHeadReader::Step::kMore;
  return more ? Opening() : accepted(Protocol::kHttp);
}

Opening unknown_protocol(ByteView in) {
  std::string_view shown = as_text(in.first(std::min(in.size(), kShownBytes)));
  return refused(Refusal::kUnknownProtocol, Code::kUnimplemented,
                 fmt::format("handshake: the first bytes are \"{}\"; expected an Option, a JSON "
                             "object with a MagicNumber, or one of net/rpc, JSON-RPC, HTTP/1",
                             peer_text(shown)));
}

}  // namespace

Opening read_opening(ByteView in, OpeningStage stage, const OpeningRules& rules) {
  const Protocols& allowed = rules.protocols;
  Sniffed sniffed = sniff(in.first(std::min(in.size(), rules.limits.option_bytes)));
  if (stage == OpeningStage::kOption && sniffed != Sniffed::kMore && sniffed != Sniffed::kOption) {
    return unknown_protocol(in);
  }
  switch (sniffed) {
    case Sniffed::kMore:  // white space without an end is an Option that is too long
      return in.size() < rules.limits.option_bytes ? Opening() : read_option(in, rules);
    case Sniffed::kOption:
      return read_option(in, rules);
    case Sniffed::kConnect:
      return read_connect(in, rules);
    case Sniffed::kJsonRpc:
      return allowed.jsonrpc ? accepted(Protocol::kJsonRpc) : not_served("JSON-RPC");
    case Sniffed::kNetRpc:
      return allowed.netrpc ? accepted(Protocol::kNetRpc) : not_served("net/rpc");
    case Sniffed::kHttp:
      return read_http(in);
    case Sniffed::kUnknown:
      break;
  }
  return unknown_protocol(in);
}

}  // namespace tern
