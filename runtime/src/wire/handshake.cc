#include "wire/handshake.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <span>
#include <utility>

#include "wire/check_limits.h"
#include "wire/client_setup.h"
#include "wire/frame.h"
#include "wire/json_extent.h"
#include "wire/json_members.h"

#include "base/ascii.h"

namespace tern::wire {

namespace {

// How deep what we do not know may nest: an Option is short.
constexpr std::size_t kDepth = 1024;

Status wrong(std::string what) {
  return Status(Code::kInvalidArgument, "handshake: " + std::move(what), HandlerRan::kNo);
}

// `what` the text is, for messages.
Status read_members(std::string_view text, std::string_view what, std::span<JsonMember> members) {
  JsonObject object = read_json_members(text, members, kDepth);
  switch (object.kind) {
    case JsonObject::Kind::kRead:
      break;
    case JsonObject::Kind::kNotObject:
      return wrong(fmt::format("the {}: {}", what, object.why.message()));
    case JsonObject::Kind::kRepeated:
      return wrong(std::string(object.why.message()));
    case JsonObject::Kind::kNotJson:
      return wrong(fmt::format("the {} is not JSON: {}", what, object.why.message()));
  }
  return {};
}

std::string_view kind_of(std::string_view text) {
  std::string_view kind = json_kind(text);
  if (kind != "a number") return kind;
  if (text.find_first_of(".eE") != std::string_view::npos) {
    return "a number with a fraction or exponent";
  }
  return text.front() == '-' ? "a number under -9223372036854775808"
                             : "a number over 9223372036854775807";
}

// Each leaves `out` as it is if there is no such member.

Status read_member(const JsonMember& member, std::int64_t& out) {
  if (member.text.empty()) return {};
  if (!read_json_integer(member.text, out)) {
    return wrong(fmt::format("{} is {}; expected an integer", member.name, kind_of(member.text)));
  }
  if (out < 0) return wrong(fmt::format("{} is {}; expected 0 or more", member.name, out));
  return {};
}

Status read_member(const JsonMember& member, bool& out) {
  if (member.text.empty()) return {};
  out = member.text == "true";
  if (out || member.text == "false") return {};
  return wrong(
      fmt::format("{} is {}; expected true or false", member.name, json_kind(member.text)));
}

Status read_member(const JsonMember& member, std::string& out) {
  if (member.text.empty()) return {};
  std::string scratch;
  std::string_view text;
  if (!read_json_string(member.text, scratch, text)) {
    return wrong(fmt::format("{} is {}; expected a string", member.name, json_kind(member.text)));
  }
  out = text;
  return {};
}

// What the peer grants to each stream at first. With one in which no message fits, a stream would
// wait for ever.
Status read_window(const JsonMember& member, std::uint64_t& out) {
  std::int64_t window = 0;
  Status failure = read_member(member, window);
  if (!failure.ok()) return failure;
  out = static_cast<std::uint64_t>(window);
  constexpr std::uint64_t kLeast = stream_cost(1);
  if (out == 0 || (out >= kLeast && out <= kMostStreamWindow)) return {};
  return wrong(fmt::format("{} is {}; expected {} to {}, or 0 for no streams", member.name, window,
                           kLeast, kMostStreamWindow));
}

// A number of which 0 is as good as no member.
std::string member_if_any(std::string_view name, std::uint64_t value) {
  return value > 0 ? fmt::format(",\"{}\":{}", name, value) : std::string();
}

std::string json_string(std::string_view text) {
  Buffer out;
  put_json_string(text, out);
  return std::string(as_text(out.view()));
}

}  // namespace

PeerTerms Option::terms() const noexcept {
  PeerTerms terms;
  terms.chunked_bytes = chunked_bytes;
  terms.stream_window = stream_window;
  return terms;
}

PeerTerms OptionReply::terms() const noexcept {
  PeerTerms terms;
  terms.chunked_bytes = chunked_bytes;
  terms.stream_window = stream_window;
  terms.max_streams = max_streams;
  return terms;
}

JsonObjectExtent find_json_object(ByteView in, std::size_t limit) noexcept {
  using Kind = JsonObjectExtent::Kind;
  ByteView text = in.first(std::min(in.size(), limit));
  const std::size_t space = json_space(text);
  if (space < text.size() && text[space] != std::byte('{')) return {Kind::kBroken, space};
  JsonExtent extent;
  if (extent.scan(text.subspan(space)) == JsonExtent::Kind::kMore) {
    return {in.size() >= limit ? Kind::kBroken : Kind::kMore, text.size()};
  }
  // Or its brackets do not match up to there, which whoever reads it will say.
  return {Kind::kWhole, space + extent.size()};
}

Result<Option> parse_option(std::string_view text) {
  std::array<JsonMember, 8> members{{{"MagicNumber"},
                                     {"CodecType"},
                                     {"ConnectTimeout"},
                                     {"HandleTimeout"},
                                     {"Version"},
                                     {"Serves"},
                                     {"ChunkedBytes"},
                                     {"StreamWindow"}}};
  Option option;
  std::int64_t magic = 0, connect = 0, handle = 0, chunked = 0;
  Status failure = read_members(text, "Option", members);
  const auto& [magic_number, codec, connect_timeout, handle_timeout, version, serves, chunked_bytes,
               stream_window] = members;
  if (failure.ok()) failure = read_member(magic_number, magic);
  if (failure.ok()) failure = read_member(codec, option.codec_type);
  if (failure.ok()) failure = read_member(connect_timeout, connect);
  if (failure.ok()) failure = read_member(handle_timeout, handle);
  if (failure.ok()) failure = read_member(version, option.version);
  if (failure.ok()) failure = read_member(serves, option.serves);
  if (failure.ok()) failure = read_member(chunked_bytes, chunked);
  if (failure.ok()) failure = read_window(stream_window, option.stream_window);
  if (!failure.ok()) return failure;
  if (magic_number.text.empty()) {
    return wrong(fmt::format("there is no MagicNumber; expected {}", kMagicNumber));
  }
  if (magic != kMagicNumber) {
    return wrong(fmt::format("MagicNumber is {}; expected {}", magic, kMagicNumber));
  }
  if (codec.text.empty()) return wrong("there is no CodecType");
  option.connect_timeout = std::chrono::nanoseconds(connect);
  option.handle_timeout = std::chrono::nanoseconds(handle);
  option.chunked_bytes = static_cast<std::uint64_t>(chunked);
  return option;
}

Result<OptionReply> parse_option_reply(std::string_view text) {
  std::array<JsonMember, 9> members{{{"MagicNumber"},
                                     {"Version"},
                                     {"MaxMessageBytes"},
                                     {"MaxCallsInFlight"},
                                     {"Error"},
                                     {"GoingAway"},
                                     {"ChunkedBytes"},
                                     {"StreamWindow"},
                                     {"MaxStreams"}}};
  OptionReply reply;
  std::int64_t magic = 0, message = 0, calls = 0, chunked = 0, streams = 0;
  Status failure = read_members(text, "server's answer", members);
  const auto& [magic_number, version, message_bytes, calls_in_flight, error, going_away,
               chunked_bytes, stream_window, max_streams] = members;
  if (failure.ok()) failure = read_member(magic_number, magic);
  if (failure.ok()) failure = read_member(version, reply.version);
  if (failure.ok()) failure = read_member(message_bytes, message);
  if (failure.ok()) failure = read_member(calls_in_flight, calls);
  if (failure.ok()) failure = read_member(error, reply.error);
  if (failure.ok()) failure = read_member(going_away, reply.going_away);
  if (failure.ok()) failure = read_member(chunked_bytes, chunked);
  if (failure.ok()) failure = read_window(stream_window, reply.stream_window);
  if (failure.ok()) failure = read_member(max_streams, streams);
  if (!failure.ok()) return failure;
  if (magic != kMagicNumber) {
    return wrong(
        fmt::format("the server's answer has MagicNumber {}; expected {}", magic, kMagicNumber));
  }
  reply.max_message_bytes = static_cast<std::uint64_t>(message);
  reply.max_calls_in_flight = static_cast<std::uint64_t>(calls);
  reply.chunked_bytes = static_cast<std::uint64_t>(chunked);
  reply.max_streams = static_cast<std::uint64_t>(streams);
  return reply;
}

Option option_of(const ClientSetup& setup) {
  Option option;
  option.codec_type = setup.codec;
  option.connect_timeout = std::max(setup.connect_timeout, std::chrono::nanoseconds::zero());
  option.handle_timeout = std::max(setup.handle_timeout, std::chrono::nanoseconds::zero());
  return option;
}

std::string to_line(const Option& option) {
  std::string version = option.version > 0 ? fmt::format(",\"Version\":{}", option.version) : "";
  std::string_view serves = option.serves ? ",\"Serves\":true" : "";
  return fmt::format(
      "{{\"MagicNumber\":{},\"CodecType\":{},\"ConnectTimeout\":{},\"HandleTimeout\":{}{}{}{}{}}}"
      "\n",
      kMagicNumber, json_string(option.codec_type), option.connect_timeout.count(),
      option.handle_timeout.count(), version, serves,
      member_if_any("ChunkedBytes", option.chunked_bytes),
      member_if_any("StreamWindow", option.stream_window));
}

std::string to_line(const OptionReply& reply) {
  if (!reply.error.empty()) {
    return fmt::format("{{\"MagicNumber\":{},\"Version\":{},\"Error\":{}{}}}\n", kMagicNumber,
                       reply.version, json_string(reply.error),
                       reply.going_away ? ",\"GoingAway\":true" : "");
  }
  return fmt::format(
      "{{\"MagicNumber\":{},\"Version\":{},\"MaxMessageBytes\":{},\"MaxCallsInFlight\":{}{}{}{}}}"
      "\n",
      kMagicNumber, reply.version, reply.max_message_bytes, reply.max_calls_in_flight,
      member_if_any("ChunkedBytes", reply.chunked_bytes),
      member_if_any("StreamWindow", reply.stream_window),
      member_if_any("MaxStreams", reply.max_streams));
}

}  // namespace tern::wire
