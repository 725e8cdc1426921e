#include "serve/opening.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "serve/peer_text.h"
#include "wire/handshake.h"
#include "wire/sniff.h"

namespace tern {

namespace {

// What of an unknown protocol goes into the message.
constexpr std::size_t kShownBytes = 24;

Opening refused(Opening::Kind kind, Refusal reason, Code code, std::string text) {
  Opening opening;
  opening.kind = kind;
  opening.reason = reason;
  opening.why = Status(code, std::move(text), HandlerRan::kNo);
  return opening;
}

Opening too_large(std::size_t limit) {
  return refused(
      Opening::Kind::kRefused, Refusal::kOptionTooLarge, Code::kResourceExhausted,
      fmt::format("handshake: the Option does not end within {} bytes, which is the limit", limit));
}

Opening accept(std::string_view text, std::size_t size, const CodecRegistry& codecs) {
  Result<Option> option = parse_option(text);
  if (!option.ok()) {
    return refused(Opening::Kind::kRefused, Refusal::kMalformedOption, option.status().code(),
                   std::string(option.status().message()));
  }
  if (option->version > kProtocolVersion) {
    return refused(Opening::Kind::kRefused, Refusal::kUnknownVersion, Code::kUnimplemented,
                   fmt::format("handshake: peer speaks version {} of the protocol; this server "
                               "knows version {}",
                               option->version, kProtocolVersion));
  }
  Opening opening;
  opening.codec = codecs.find(option->codec_type);
  if (!opening.codec) {
    return refused(Opening::Kind::kRefused, Refusal::kUnknownCodec, Code::kUnimplemented,
                   fmt::format("handshake: peer offers codec \"{}\"; this server knows {}",
                               peer_text(option->codec_type), codecs.names()));
  }
  opening.kind = Opening::Kind::kFrames;
  opening.consumed = size;
  opening.handle_timeout = option->handle_timeout;
  return opening;
}

}  // namespace

Opening read_opening(ByteView in, const CodecRegistry& codecs, const Limits& limits) {
  Sniffed sniffed = sniff(in.first(std::min(in.size(), limits.option_bytes)));
  if (sniffed == Sniffed::kUnknown) {
    std::string_view shown = as_text(in.first(std::min(in.size(), kShownBytes)));
    return refused(Opening::Kind::kNotSpoken, Refusal::kUnknownProtocol, Code::kUnimplemented,
                   fmt::format("handshake: the first bytes are \"{}\"; expected an Option, a JSON "
                               "object with a MagicNumber",
                               peer_text(shown)));
  }
  JsonObjectExtent extent = find_json_object(in, limits.option_bytes);
  if (extent.kind == JsonObjectExtent::Kind::kBroken) return too_large(limits.option_bytes);
  if (extent.kind == JsonObjectExtent::Kind::kMore || in.size() <= extent.size) return Opening();
  // A frame can begin with any byte, a newline too: so the one that ends the Option must be there.
  if (as_text(in)[extent.size] != '\n') {
    return refused(Opening::Kind::kRefused, Refusal::kMalformedOption, Code::kInvalidArgument,
                   fmt::format("handshake: byte {:#04x} follows the Option; expected a newline",
                               static_cast<unsigned>(in[extent.size])));
  }
  return accept(as_text(in.first(extent.size)), extent.size + 1, codecs);
}

}  // namespace tern
