#include "fuzz/session_stream_words.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstring>
#include <string_view>

#include "fuzz/expect.h"
#include "fuzz/session_feed.h"
#include "tern/codegen/type_ops_of.h"
#include "wire/connect/envelopes.h"
#include "wire/native/frames.h"

namespace fuzz {
namespace {

using namespace std::chrono_literals;
using tern::wire::FrameKind;
using tern::wire::native::Frames;

std::string text_of(const tern::Buffer& buffer) {
  return std::string(tern::as_text(buffer.view()));
}

std::string encode(const tern::Codec& codec, const std::string& text) {
  tern::Buffer out;
  expect(codec.encode(tern::type_ops<std::string>(), &text, out).ok(), "a text can be written");
  return text_of(out);
}

std::string data(const tern::wire::StreamPiece& piece,
                 FrameKind kind = FrameKind::kRequestStreamData) {
  tern::Buffer out;
  Frames::write_stream_data(kind, piece, out);
  return text_of(out);
}

std::string message(SessionPeer& peer, std::uint64_t id, const std::string& text, bool ends) {
  const std::string bytes = encode(peer.message_codec(), text);
  tern::wire::StreamPiece piece;
  piece.id = id;
  piece.bytes = tern::as_bytes(bytes);
  piece.whole = bytes.size();
  piece.ends_side = ends;
  return data(piece);
}

// Sizes that say much in a byte: to the limits of a message and of a window, and over them.
std::uint64_t size_of(std::uint8_t choice) noexcept {
  return choice < 128 ? choice : std::uint64_t{choice - 127u} * 32;
}

}  // namespace

std::string StreamWords::draw(SessionPeer& peer) {
  switch (peer.streams()) {
    case tern::sim::ViaStreams::kAll:
      return draw_frame(peer);
    case tern::sim::ViaStreams::kOneDirection:
      return draw_http(peer);
    case tern::sim::ViaStreams::kOfServers:
    case tern::sim::ViaStreams::kNone:
      break;
  }
  return {};
}

std::string StreamWords::draw_frame(SessionPeer& peer) {
  switch (static_cast<Word>(script_.byte() % static_cast<std::uint8_t>(Word::kCount))) {
    case Word::kOpen:
      return draw_open(peer, script_.byte());
    case Word::kOpenAgain:
      return draw_open(peer, draw_id(peer));
    case Word::kMessage:
      return draw_message(peer);
    case Word::kManyMessages: {
      const std::uint64_t id = draw_id(peer);
      std::string all;
      for (int left = script_.byte() % 32; left > 0; --left) all += message(peer, id, "", false);
      return all;
    }
    case Word::kChunk:
      return draw_chunk(peer);
    case Word::kHalfClose: {
      tern::wire::StreamPiece end;
      end.id = draw_id(peer);
      end.message = false;
      end.ends_side = true;
      return data(end);
    }
    case Word::kCredit: {
      const std::uint64_t id = draw_id(peer);
      return peer.credit(id, 1 + 16 * std::uint64_t{script_.byte()});
    }
    case Word::kMuchCredit: {
      const std::uint64_t id = draw_id(peer);
      const std::uint8_t choice = script_.byte();
      return peer.credit(id, choice == 0 ? 0 : ~std::uint64_t{0} >> choice % 64);
    }
    case Word::kCancel:
      return peer.cancel(draw_id(peer));
    case Word::kOfTheServer: {
      const std::uint64_t id = draw_id(peer);
      constexpr std::array<FrameKind, 4> kKinds = {FrameKind::kReplyStreamData,
                                                   FrameKind::kRequestCredit, FrameKind::kReply,
                                                   FrameKind::kReplyData};
      tern::wire::StreamPiece piece;
      piece.id = id;
      return data(piece, kKinds[script_.byte() % kKinds.size()]);
    }
    case Word::kOfNobody: {
      const std::uint64_t id = script_.byte();
      return script_.byte() % 2 == 0 ? peer.credit(id, 1) : message(peer, id, "x", false);
    }
    case Word::kAnyHeader:
      return draw_any_header(peer);
    case Word::kCount:
      break;
  }
  return {};
}

std::string StreamWords::draw_open(SessionPeer& peer, std::uint64_t id) {
  const std::uint8_t choice = script_.byte();
  const tern::Method& method = SessionFeed::method(
      std::array{SessionFeed::kWatch, SessionFeed::kUpload, SessionFeed::kChat}[choice % 3]);
  tern::Metadata metadata;
  metadata.add(std::string(StreamBook::kKey), std::to_string(++serial_));
  const std::chrono::nanoseconds timeout = (choice & 8) != 0 ? 300ms : 0ms;
  const std::string argument = choice % 3 == 0 ? draw_text() : std::string();
  const bool has_argument = choice % 3 == 0 || (choice & 16) != 0;
  peer.note_stream(id);
  // As a call without a stream, it is refused.
  if ((choice & 32) != 0) return peer.request(id, method, &argument, metadata, timeout);
  return peer.open(id, method, has_argument ? &argument : nullptr, metadata, timeout);
}

std::string StreamWords::draw_message(SessionPeer& peer) {
  const std::uint64_t id = draw_id(peer);
  std::string text = draw_text();
  const std::uint8_t choice = script_.byte();
  text.append(size_of(choice & 127), 'm');
  return message(peer, id, text, (choice & 128) != 0);
}

std::string StreamWords::draw_chunk(SessionPeer& peer) {
  tern::wire::StreamPiece piece;
  piece.id = draw_id(peer);
  const std::uint8_t flags = script_.byte();
  piece.first = (flags & 1) != 0;
  piece.continues = (flags & 2) != 0;
  piece.ends_side = (flags & 4) != 0;
  piece.whole = piece.first ? size_of(script_.byte()) : 0;
  if ((flags & 8) != 0) piece.whole += 16 * 1024;
  const std::string bytes = encode(peer.message_codec(), std::string(size_of(script_.byte()), 'c'));
  const std::size_t from = std::min<std::size_t>(piece.first ? 0 : script_.byte(), bytes.size());
  std::string part = bytes.substr(from);
  if (piece.whole > 0 && (flags & 16) != 0) part.resize(std::min(part.size(), piece.whole / 2));
  piece.bytes = tern::as_bytes(part);
  return data(piece);
}

std::string StreamWords::draw_any_header(SessionPeer& peer) {
  Frames::Header header;
  header.id = draw_id(peer);
  header.kind = script_.byte();
  header.flags = script_.byte();
  header.metadata = script_.byte();
  header.last = size_of(script_.byte());
  const std::string body(script_.text());
  header.size =
      static_cast<std::uint32_t>(Frames::kHeaderBytes - Frames::kSizeFieldBytes + body.size());
  std::string frame(sizeof header, '\0');
  std::memcpy(frame.data(), &header, sizeof header);
  return frame + body;
}

// --- Over HTTP ---

std::string StreamWords::draw_http(SessionPeer& peer) {
  const std::uint8_t choice = script_.byte();
  const bool watch = (choice & 1) != 0;
  const std::uint8_t framing = choice >> 1 & 3;
  std::string head = fmt::format("POST /feed.Feed/{} HTTP/1.1\r\nHost: a\r\n{}: {}\r\n",
                                 (choice & 128) != 0 ? "Chat"
                                 : watch             ? "Watch"
                                                     : "Upload",
                                 StreamBook::kKey, ++serial_);
  if ((choice & 8) != 0) head += "Connect-Timeout-Ms: 300\r\n";
  std::string body;
  if (framing < 2 || !watch) {
    head += "Content-Type: application/connect+json\r\n";
    body = draw_envelopes(peer, watch);
  } else {
    head += "Content-Type: application/json\r\n";
    if (framing == 3) head += "Accept: text/event-stream\r\n";
    body = encode(tern::json_codec(), draw_text());
  }
  if (choice & 128) peer.give_up_answers();
  if ((choice & 16) == 0)
    return head + fmt::format("Content-Length: {}\r\n\r\n", body.size()) + body;
  // In chunks, whose bounds mean nothing.
  head += "Transfer-Encoding: chunked\r\n\r\n";
  const std::size_t most = 1 + script_.byte();
  for (std::string_view left = body; !left.empty();) {
    const std::string_view chunk = left.substr(0, most);
    head += fmt::format("{:x}\r\n{}\r\n", chunk.size(), chunk);
    left.remove_prefix(chunk.size());
  }
  if ((choice & 32) == 0) return head + "0\r\n\r\n";
  peer.give_up_answers();  // it goes on, or not
  return head;
}

// Handlers of Upload may answer before they have read all; then the connection ends.
std::string StreamWords::draw_envelopes(SessionPeer& peer, bool watch) {
  std::string all;
  int left = script_.byte() % 4;
  if (!watch || left != 1) peer.give_up_answers();
  for (; left > 0; --left) {
    const std::string message = encode(tern::json_codec(), draw_text());
    const std::uint8_t choice = script_.byte();
    std::uint8_t flags = 0;
    std::uint64_t size = message.size();
    constexpr std::array<std::uint64_t, 4> kSizes = {1, 64, 4096, 0xffff0000};
    if ((choice & 3) != 0) peer.give_up_answers();
    if ((choice & 3) == 1) flags = script_.byte();
    if ((choice & 3) == 2) size += kSizes[choice >> 2 & 3];
    if ((choice & 3) == 3) size -= 1;
    tern::Buffer prefix;
    tern::wire::connect::put_prefix(flags, size, prefix);
    all += text_of(prefix) + message;
  }
  return all;
}

// --- What all have ---

std::uint64_t StreamWords::draw_id(const SessionPeer& peer) {
  const std::uint8_t choice = script_.byte();
  const std::vector<std::uint64_t>& ids = peer.stream_ids();
  return ids.empty() ? choice : ids[ids.size() - 1 - choice % ids.size()];
}

std::string StreamWords::draw_text() {
  constexpr std::string_view kLetters = "xwsbiorentkd";
  std::string text(1, kLetters[script_.byte() % kLetters.size()]);
  text += static_cast<char>(script_.byte() & 127);
  text += static_cast<char>(script_.byte() & 127);
  return text;
}

}  // namespace fuzz
