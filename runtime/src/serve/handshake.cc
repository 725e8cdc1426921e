#include "serve/handshake.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/peer_text.h"
#include "wire/check_limits.h"
#include "wire/handshake.h"
#include "wire/http_connect.h"
#include "wire/sniff.h"

namespace tern::serve {

namespace {

// What of an unknown protocol goes into the message.
constexpr std::size_t kShownBytes = 24;

Handshake refused(Refusal reason, Code code, std::string text) {
  Handshake handshake;
  handshake.kind = Handshake::Kind::kRefused;
  handshake.reason = reason;
  handshake.why = Status(code, std::move(text), HandlerRan::kNo);
  return handshake;
}

Handshake not_served(std::string_view protocol) {
  return refused(
      Refusal::kUnknownProtocol, Code::kUnimplemented,
      fmt::format("handshake: the peer speaks {}, which is switched off here", protocol));
}

Handshake accepted(const wire::Protocol& protocol) {
  Handshake handshake;
  handshake.kind = Handshake::Kind::kAccepted;
  handshake.protocol = &protocol;
  return handshake;
}

bool is_allowed(const wire::Protocol& protocol, const Protocols& allowed) {
  return !protocol.allowed || allowed.*protocol.allowed;
}

// --- What was agreed by ALPN ---

// Whether something else was agreed than what has the name `alpn`.
bool binds(const HandshakeRules& rules, std::string_view alpn) {
  return !rules.agreed.empty() && rules.agreed != alpn;
}
Handshake not_agreed(const HandshakeRules& rules, std::string_view name) {
  return refused(Refusal::kUnknownProtocol, Code::kFailedPrecondition,
                 fmt::format("handshake: the peer has agreed to \"{}\" by ALPN, and speaks {}; "
                             "what was agreed binds",
                             base::peer_text(rules.agreed), name));
}
Handshake not_agreed_to_http(const HandshakeRules& rules, std::string_view name) {
  Handshake handshake = not_agreed(rules, name);
  handshake.answer =
      wire::http_connect_refused(400, "Not What ALPN Agreed", handshake.why.message());
  return handshake;
}

// --- The Option ---

// A peer that knows the Option knows a line of JSON too.
Handshake with_line(Handshake handshake) {
  wire::OptionReply reply;
  reply.error = handshake.why.message();
  reply.going_away = handshake.reason == Refusal::kGoingAway;
  handshake.answer = wire::to_line(reply);
  return handshake;
}

// Our frames can begin with any byte, a newline too: so the one that ends the Option must be there.
// GeeRPC's frames can not, and skip it.
Handshake accept_tern(ByteView in, std::size_t size, const wire::Option& option,
                      const wire::Protocol& protocol, const HandshakeRules& rules) {
  if (in.size() <= size) return Handshake();
  if (as_text(in)[size] != '\n') {
    return refused(
        Refusal::kMalformedHandshake, Code::kInvalidArgument,
        fmt::format("handshake: byte {:#04x} follows its JSON object; expected a newline",
                    static_cast<unsigned>(in[size])));
  }
  if (option.version > wire::kProtocolVersion) {
    return refused(Refusal::kUnknownVersion, Code::kUnimplemented,
                   fmt::format("handshake: peer speaks version {} of the protocol; this server "
                               "knows version {}",
                               option.version, wire::kProtocolVersion));
  }
  if (rules.going_away) {
    Status why = going_away();
    return refused(Refusal::kGoingAway, why.code(), std::string(why.message()));
  }
  Handshake handshake = accepted(protocol);
  handshake.codec = rules.codecs.find(option.codec_type);
  handshake.client_serves = option.serves;
  handshake.peer = option.terms();
  handshake.consumed = size + 1;
  wire::OptionReply reply;
  reply.max_message_bytes = rules.limits.message_bytes;
  reply.max_calls_in_flight = rules.limits.calls_in_flight;
  reply.chunked_bytes = rules.limits.chunked_bytes;
  if (wire::allow_streams(rules.limits)) {
    reply.stream_window = rules.limits.stream_window;
    reply.max_streams = rules.limits.streams;
    handshake.peer.own_window = reply.stream_window;
  }
  handshake.answer = wire::to_line(reply);
  return handshake;
}

Handshake accept_option(ByteView in, std::size_t size, const HandshakeRules& rules) {
  Result<wire::Option> option = wire::parse_option(as_text(in.first(size)));
  if (!option.ok()) {
    return refused(Refusal::kMalformedHandshake, option.status().code(),
                   std::string(option.status().message()));
  }
  const wire::Protocol& protocol = wire::protocol_of_option(option->codec_type);
  const bool tern = protocol.option_codec == wire::Protocol::kAnyCodec;
  if (tern && !rules.codecs.find(option->codec_type)) {
    return refused(Refusal::kUnknownCodec, Code::kUnimplemented,
                   fmt::format("handshake: peer offers codec \"{}\"; this server knows {}, {}, {}",
                               base::peer_text(option->codec_type), rules.codecs.names(),
                               wire::kGobCodec, wire::kJsonCodec));
  }
  if (binds(rules, protocol.alpn)) return not_agreed(rules, protocol.name);
  if (!is_allowed(protocol, rules.protocols)) return not_served(protocol.name);
  Handshake handshake;
  if (tern) {
    handshake = accept_tern(in, size, *option, protocol, rules);
  } else {
    handshake = accepted(protocol);
    handshake.consumed = size;
  }
  handshake.handle_timeout = option->handle_timeout;
  return handshake;
}

Handshake read_option(ByteView in, const HandshakeRules& rules) {
  std::size_t limit = rules.limits.option_bytes;
  wire::JsonObjectExtent extent = wire::find_json_object(in, limit);
  if (extent.kind == wire::JsonObjectExtent::Kind::kMore) return Handshake();
  Handshake handshake =
      extent.kind == wire::JsonObjectExtent::Kind::kWhole
          ? accept_option(in, extent.size, rules)
          : refused(
                Refusal::kHandshakeTooLarge, Code::kResourceExhausted,
                fmt::format("handshake: its JSON object does not end within {} bytes, which is the "
                            "limit",
                            limit));
  return handshake.kind == Handshake::Kind::kRefused ? with_line(std::move(handshake)) : handshake;
}

// --- CONNECT ---

Handshake nothing_there(Handshake handshake) {
  handshake.answer = wire::http_connect_refused(404, "Not Found", "404 nothing to CONNECT to");
  return handshake;
}

// Several rows can have the path: which of them speaks, the Option says that comes next.
Handshake read_http_connect(ByteView in, const HandshakeRules& rules) {
  if (binds(rules, wire::kAlpnOfHttp1)) return not_agreed_to_http(rules, "HTTP's CONNECT");
  wire::HttpConnectRequest request = wire::read_http_connect_request(in, rules.limits.option_bytes);
  if (request.kind == wire::HttpConnectRequest::Kind::kMore) return Handshake();
  if (request.kind == wire::HttpConnectRequest::Kind::kBroken) {
    Handshake handshake =
        refused(Refusal::kMalformedRequest, request.why.code(), std::string(request.why.message()));
    handshake.answer = wire::http_connect_refused(400, "Bad Request", request.why.message());
    return handshake;
  }
  const wire::Protocol* off = nullptr;
  for (const wire::Protocol& protocol : wire::protocols()) {
    const wire::HttpConnectPath* path = wire::find_connect_path(protocol, request.target);
    if (!path) continue;
    if (!is_allowed(protocol, rules.protocols)) {
      if (!off) off = &protocol;
      continue;
    }
    Handshake handshake = accepted(protocol);
    if (!protocol.option_codec.empty()) handshake.kind = Handshake::Kind::kSwitched;
    handshake.consumed = request.size;
    handshake.answer = wire::http_connect_accepted(path->status);
    return handshake;
  }
  if (off) return nothing_there(not_served(off->name));
  return nothing_there(refused(Refusal::kUnknownProtocol, Code::kNotFound,
                               fmt::format("handshake: CONNECT \"{}\": nothing is mounted there",
                                           base::peer_text(request.target))));
}

// --- Protocols that begin at once ---

Handshake read_protocol(ByteView in, const wire::Protocol& protocol, const HandshakeRules& rules) {
  if (binds(rules, protocol.alpn)) {
    return protocol.alpn.empty() ? not_agreed(rules, protocol.name)
                                 : not_agreed_to_http(rules, protocol.name);
  }
  if (!is_allowed(protocol, rules.protocols)) return not_served(protocol.name);
  bool more = protocol.preface_is_there && !protocol.preface_is_there(in);
  return more ? Handshake() : accepted(protocol);
}

// The record of a ClientHello. The answer is for people and logs: a client of TLS shows it.
bool begins_tls(ByteView in) noexcept {
  return in.size() >= 2 && in[0] == std::byte(0x16) && in[1] == std::byte(0x03);
}

Handshake plaintext_alone() {
  Handshake handshake = refused(
      Refusal::kUnknownProtocol, Code::kUnimplemented,
      "handshake: a TLS hello came on a plaintext port; listen on \"tls@host:port\", or dial it "
      "without TLS");
  handshake.answer = wire::http_connect_refused(
      400, "TLS On A Plaintext Address", "the first bytes are TLS, and this address is plaintext");
  return handshake;
}

Handshake unknown_protocol(ByteView in, const HandshakeRules& rules) {
  if (begins_tls(in) && rules.agreed.empty()) return plaintext_alone();
  std::string_view shown = as_text(in.first(std::min(in.size(), kShownBytes)));
  if (!rules.agreed.empty()) {
    return not_agreed(
        rules, fmt::format("something else: the first bytes are \"{}\"", base::peer_text(shown)));
  }
  return refused(Refusal::kUnknownProtocol, Code::kUnimplemented,
                 fmt::format("handshake: the first bytes are \"{}\"; expected a JSON object "
                             "with a MagicNumber, or one of net/rpc, JSON-RPC, HTTP/1",
                             base::peer_text(shown)));
}

Handshake read(ByteView in, HandshakeStage stage, const HandshakeRules& rules) {
  using Kind = wire::Sniffed::Kind;
  wire::Sniffed sniffed = wire::sniff(in.first(std::min(in.size(), rules.limits.option_bytes)));
  if (stage == HandshakeStage::kOption && sniffed.kind != Kind::kMore &&
      sniffed.kind != Kind::kOption) {
    return unknown_protocol(in, rules);
  }
  switch (sniffed.kind) {
    case Kind::kMore:  // white space without an end is an Option that is too long
      return in.size() < rules.limits.option_bytes ? Handshake() : read_option(in, rules);
    case Kind::kProtocol:
      return read_protocol(in, *sniffed.protocol, rules);
    case Kind::kOption:
      return read_option(in, rules);
    case Kind::kConnect:
      return read_http_connect(in, rules);
    case Kind::kUnknown:
      break;
  }
  return unknown_protocol(in, rules);
}

}  // namespace

Handshake read_handshake(ByteView in, HandshakeStage stage, const HandshakeRules& rules) {
  if (stage == HandshakeStage::kAnything) return read(in, stage, rules);
  // CONNECT was what ALPN agreed to.
  HandshakeRules behind_connect = rules;
  behind_connect.agreed = {};
  return read(in, stage, behind_connect);
}

}  // namespace tern::serve
