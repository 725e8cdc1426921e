#include "serve/handshake.h"

#include <algorithm>
#include <string>

#include "fuzz/expect.h"
#include "fuzz/targets.h"
#include "wire/handshake.h"
#include "wire/http_connect.h"

namespace fuzz {
namespace {

using tern::serve::Handshake;
using tern::serve::HandshakeRules;
using tern::serve::HandshakeStage;

// Where it is worth while to cut so many bytes: everywhere at first, then here and there.
std::size_t next_cut(std::size_t cut, std::size_t size) {
  constexpr std::size_t kEverywhere = 48;
  const std::size_t step = cut < kEverywhere ? 1 : std::max<std::size_t>(size / 16, 1);
  return cut == size ? size + 1 : std::min(cut + step, size);
}

// The text of an unknown protocol shows what has come, so the reasons are not compared.
bool same(const tern::serve::Handshake& a, const tern::serve::Handshake& b) {
  return a.kind == b.kind && a.consumed == b.consumed && a.answer == b.answer &&
         a.protocol == b.protocol && a.codec == b.codec && a.client_serves == b.client_serves &&
         a.handle_timeout == b.handle_timeout && a.reason == b.reason &&
         a.peer.chunked_bytes == b.peer.chunked_bytes &&
         a.peer.stream_window == b.peer.stream_window;
}

void expect_sound(const tern::serve::Handshake& handshake, tern::ByteView in,
                  const tern::serve::HandshakeRules& rules) {
  expect(handshake.consumed <= in.size(), "no more is consumed than is there");
  switch (handshake.kind) {
    case tern::serve::Handshake::Kind::kMore:
      expect(in.size() <= std::max<std::size_t>(rules.limits.option_bytes, 16 * 1024),
             "no handshake goes on for ever");
      return;
    case tern::serve::Handshake::Kind::kSwitched:
      expect(handshake.consumed > 0 && !handshake.answer.empty(), "CONNECT is answered");
      return;
    case tern::serve::Handshake::Kind::kAccepted:
      expect(handshake.protocol != nullptr && handshake.handle_timeout.count() >= 0,
             "what is accepted has a protocol");
      expect(!handshake.protocol->allowed || rules.protocols.*handshake.protocol->allowed,
             "a protocol that is switched off is not accepted");
      return;
    case tern::serve::Handshake::Kind::kRefused:
      expect(!handshake.why.ok() && (handshake.reason == tern::serve::Refusal::kGoingAway ||
                                     handshake.why.message().starts_with("handshake: ")),
             "a refusal says why");
      return;
  }
}

// As a session does: after CONNECT comes the Option.
void as_server(tern::ByteView in, const tern::serve::HandshakeRules& rules) {
  for (tern::serve::HandshakeStage stage :
       {tern::serve::HandshakeStage::kAnything, tern::serve::HandshakeStage::kOption}) {
    const tern::serve::Handshake whole = tern::serve::read_handshake(in, stage, rules);
    tern::serve::Handshake before;
    for (std::size_t size = 0; size <= in.size(); size = next_cut(size, in.size())) {
      const tern::serve::Handshake handshake =
          tern::serve::read_handshake(in.first(size), stage, rules);
      expect_sound(handshake, in.first(size), rules);
      expect(before.kind == tern::serve::Handshake::Kind::kMore || same(before, handshake),
             "what follows a handshake does not change what it comes to");
      before = handshake;
    }
    expect(same(before, whole), "a handshake comes to the same at once and in pieces");
    if (whole.kind != tern::serve::Handshake::Kind::kSwitched) return;
    in = in.subspan(whole.consumed);
  }
}

// --- What a client reads ---

void as_client(tern::ByteView in, std::size_t limit) {
  using Kind = tern::wire::HttpConnectResponse::Kind;
  tern::wire::HttpConnectResponse before;
  for (std::size_t size = 0; size <= in.size(); size = next_cut(size, in.size())) {
    tern::wire::HttpConnectResponse reply =
        tern::wire::read_http_connect_response(in.first(size), limit);
    expect(reply.size <= size && (reply.kind == Kind::kRefused) == !reply.why.ok(),
           "an answer to CONNECT is taken or refused with a reason");
    expect(reply.kind != Kind::kMore || size < limit, "no answer goes on for ever");
    expect(before.kind == Kind::kMore || (before.kind == reply.kind && before.size == reply.size),
           "what follows the answer to CONNECT does not change it");
    before = std::move(reply);
  }
  const std::string_view text = tern::as_text(in);
  tern::Result<tern::wire::OptionReply> reply = tern::wire::parse_option_reply(text);
  if (!reply.ok()) {
    expect(reply.status().message().starts_with("handshake: "), "a failure says where");
    return;
  }
  std::string line = tern::wire::to_line(*reply);
  tern::Result<tern::wire::OptionReply> again = tern::wire::parse_option_reply(line);
  expect(again.ok() && again->version == reply->version && again->error == reply->error &&
             (!reply->error.empty() || (again->max_message_bytes == reply->max_message_bytes &&
                                        again->max_calls_in_flight == reply->max_calls_in_flight)),
         "an answer to an Option that was read can be written");
}

void option(std::string_view text) {
  tern::Result<tern::wire::Option> option = tern::wire::parse_option(text);
  if (!option.ok()) {
    expect(option.status().message().starts_with("handshake: "), "a failure says where");
    return;
  }
  const std::string line = tern::wire::to_line(*option);
  tern::Result<tern::wire::Option> again = tern::wire::parse_option(line);
  expect(again.ok() && again->codec_type == option->codec_type &&
             again->connect_timeout == option->connect_timeout &&
             again->handle_timeout == option->handle_timeout && again->version == option->version &&
             again->serves == option->serves,
         "an Option that was read can be written");
}

}  // namespace

void handshake(tern::ByteView input) {
  tern::CodecRegistry codecs;
  tern::Limits limits;
  limits.option_bytes = 640;
  tern::Protocols all;
  as_server(input, tern::serve::HandshakeRules{codecs, limits, all, false});
  tern::Protocols some;
  some.netrpc = some.jsonrpc = false;
  as_server(input, tern::serve::HandshakeRules{codecs, limits, some, true});
  as_client(input, limits.option_bytes);
  option(tern::as_text(input));
}

}  // namespace fuzz
