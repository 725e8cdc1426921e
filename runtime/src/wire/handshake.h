// The Option handshake: one JSON object from the client, one JSON line back (our frames only).
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "tern/buffer.h"
#include "tern/limits.h"
#include "tern/result.h"
#include "wire/peer_terms.h"

namespace tern::wire {

struct ClientSetup;

inline constexpr std::uint32_t kMagicNumber = 0x3bef5c;
inline constexpr std::int64_t kProtocolVersion = 1;

// The codecs that GeeRPC has: with one of them what follows is its stream of headers and bodies.
inline constexpr std::string_view kGobCodec = "application/gob";
inline constexpr std::string_view kJsonCodec = "application/json";

// What a client says first.
struct Option {
  Option() = default;
  std::string codec_type = "application/x-tern";
  std::chrono::nanoseconds connect_timeout{std::chrono::seconds(10)};
  std::chrono::nanoseconds handle_timeout{0};  // 0: no limit
  std::int64_t version = 0;                    // of our frames; 0: not named
  bool serves = false;  // our frames: the client answers calls on this connection, too
  // Our frames: of replies that come in chunks the client reads so many bytes at a time, together;
  // 0: it reads none.
  std::uint64_t chunked_bytes = 0;
  // Our frames: the first window of each stream for what the client reads of it; 0: it knows no
  // streams.
  std::uint64_t stream_window = 0;

  // What the server may send. An Option does not say how many streams there may be.
  PeerTerms terms() const noexcept;
};

// What a server of our frames answers.
struct OptionReply {
  OptionReply() = default;
  std::int64_t version = kProtocolVersion;
  std::uint64_t max_message_bytes = 0;
  std::uint64_t max_calls_in_flight = 0;
  // As in the Option, for what the server reads.
  std::uint64_t chunked_bytes = 0;
  std::uint64_t stream_window = 0;
  std::uint64_t max_streams = 0;  // that may be open at a time; 0: not said
  std::string error;        // not empty: the reason for a refusal; the connection ends after it
  bool going_away = false;  // with `error`: another server, or this one later, may take the calls

  // What the client may send.
  PeerTerms terms() const noexcept;
};

// The JSON object at the front of `in`, after white space. Nothing of `in` is believed beyond it.
struct JsonObjectExtent {
  enum class Kind : std::uint8_t { kWhole, kMore, kBroken };
  Kind kind = Kind::kMore;
  std::size_t size = 0;  // with the white space before it, without the newline after it
};
JsonObjectExtent find_json_object(ByteView in, std::size_t limit) noexcept;

// `text` is one whole JSON object. Keys go without regard to case, unknown ones are ignored,
// repeated ones refused. The Status says what was expected and what came.
Result<Option> parse_option(std::string_view text);
Result<OptionReply> parse_option_reply(std::string_view text);

// What a client of `setup` says; of our frames, more is to be set.
Option option_of(const ClientSetup& setup);

// One line, with its "\n".
std::string to_line(const Option& option);
std::string to_line(const OptionReply& reply);

}  // namespace tern::wire
