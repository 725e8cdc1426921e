// The frames of streams: their data and credit.
#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <string>

#include "wire/check_limits.h"
#include "wire/native/chunks.h"
#include "wire/native/frame_parts.h"
#include "wire/native/frames.h"

namespace tern::wire::native {

namespace {

using Header = Frames::Header;
using Parts = Frames::Parts;

// What is wrong with a frame of a stream: "", or the rest of a sentence.

std::string fault_of_credit(const Header& header) {
  if (header.size != kLeastSize || header.metadata != 0) {
    return fmt::format("has a body of {} bytes; expected none", header.size - kLeastSize);
  }
  return header.last == 0 ? "is 0 bytes; expected 1 or more" : std::string();
}

// A first chunk says how long the message is, and no other. So a frame that says nothing and has no
// body is an empty message, or with its flag the end of a side alone.
std::string fault_of_data(const Header& header) {
  const std::uint64_t size = header.size - kLeastSize;
  const bool continues = (header.flags & Frames::kContinues) != 0;
  if (header.kind == static_cast<std::uint8_t>(FrameKind::kReplyStreamData) &&
      (header.flags & Frames::kInitialMetadata) != 0) {
    if (size > header.metadata || header.last != 0) {
      return fmt::format(
          "has a message of {} bytes beside initial metadata; expected none",
          std::max(header.last, size - std::min<std::uint64_t>(header.metadata, size)));
    }
    return size < header.metadata
               ? fmt::format("has {} bytes; its initial metadata claims {}", size, header.metadata)
               : std::string();
  }
  if (header.metadata != 0) {
    return fmt::format("has metadata of {} bytes beside a message; expected none", header.metadata);
  }
  if (size > kMostChunkBytes) {
    return fmt::format("has a chunk of {} bytes; a chunk has at most {}", size, kMostChunkBytes);
  }
  if (continues && size == 0) return "has a chunk without bytes that is not the last";
  if (header.last == 0) return {};
  if (size > header.last) {
    return fmt::format("has a first chunk of {} bytes; it says that the message has {}", size,
                       header.last);
  }
  if (continues && size == header.last) {
    return fmt::format("has a message that goes on behind its end, at {} bytes", size);
  }
  if (!continues && size < header.last) {
    return fmt::format("has a message that ends with {} bytes; it says that there are {}", size,
                       header.last);
  }
  return {};
}

}  // namespace

FrameProgress Frames::next_of_stream(Header header, ByteView in, Frame& frame, Status& why) {
  const bool credit =
      frame.kind == FrameKind::kReplyCredit || frame.kind == FrameKind::kRequestCredit;
  if (std::string fault = credit ? fault_of_credit(header) : fault_of_data(header);
      !fault.empty()) {
    why = broken(fmt::format("{} of stream {} {}", credit ? "credit" : "data", header.id, fault));
    return {FrameStep::kBroken, 0, 0};
  }
  const bool initial_metadata = !credit && (header.flags & kInitialMetadata) != 0;
  frame.continues = !credit && (header.flags & kContinues) != 0;
  frame.ends_side = frame.kind == FrameKind::kRequestStreamData && (header.flags & kEndsSide) != 0;
  frame.initial_metadata = initial_metadata;
  frame.whole = credit ? 0 : header.last;
  frame.credit = credit ? header.last : 0;
  frame.opens_stream = false;
  frame.method_id = 0;
  frame.method_name = {};
  frame.detail_type = {};
  frame.message = {};
  frame.refused = Status();
  frame.limit = FrameLimit::kNone;
  const Parts sizes = parts_of(header);
  if (initial_metadata && !is_within(frame_sizes(sizes), limits_)) {
    return refuse(header, sizes, in, frame, why);
  }
  // Of a message that is too long the chunks are bounded all the same, and are given: what they
  // take of the window is to be known.
  const std::size_t whole = kSizeFieldBytes + static_cast<std::size_t>(header.size);
  if (in.size() < whole) return {FrameStep::kMore, 0, whole};
  const bool from_client = frame.kind == FrameKind::kRequestStreamData;
  check_limits({.message = frame.whole}, limits_, frame.refused, frame.limit,
               from_client ? HandlerRan::kUnknown : HandlerRan::kYes);
  const ByteView parts = in.subspan(kHeaderBytes, whole - kHeaderBytes);
  frame.metadata = initial_metadata ? parts : ByteView();
  frame.body = initial_metadata ? ByteView() : parts;
  return {FrameStep::kFrame, whole, 0};
}

void Frames::write_stream_data(FrameKind kind, const StreamPiece& piece, Buffer& out) {
  Header header;
  header.kind = static_cast<std::uint8_t>(kind);
  header.flags = static_cast<std::uint8_t>((piece.continues ? kContinues : 0) |
                                           (piece.ends_side ? kEndsSide : 0));
  header.id = piece.id;
  header.last = piece.message && piece.first ? piece.whole : 0;
  append_frame(header, piece.message ? piece.bytes : ByteView(), out);
}

void Frames::write_credit(FrameKind kind, std::uint64_t id, std::uint64_t bytes, Buffer& out) {
  Header header;
  header.kind = static_cast<std::uint8_t>(kind);
  header.id = id;
  header.last = bytes;
  append_frame(header, {}, out);
}

void Frames::write_initial_metadata(std::uint64_t id, const Metadata& metadata, Buffer& out) {
  const std::size_t start = out.size();
  out.grow(kHeaderBytes);
  put_metadata(metadata, out);
  Header header;
  header.kind = static_cast<std::uint8_t>(FrameKind::kReplyStreamData);
  header.flags = kInitialMetadata;
  header.id = id;
  header.metadata = static_cast<std::uint32_t>(out.size() - start - kHeaderBytes);
  std::memcpy(out.data() + start, &header, sizeof header);
  end_frame(start, out);
}

}  // namespace tern::wire::native
