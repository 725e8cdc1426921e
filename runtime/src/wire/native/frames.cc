#include "wire/native/frames.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <initializer_list>
#include <limits>
#include <string>
#include <utility>

#include "wire/check_limits.h"
#include "wire/native/frame_parts.h"

namespace tern::wire::native {

namespace {

using Header = Frames::Header;
using Parts = Frames::Parts;

static_assert(std::endian::native == std::endian::little,
              "frames and the native codec copy little-endian numbers as they are");

// Which flags a frame of each kind may have: bit n is set if its flags may be n. All others are
// refused, as are all other kinds.
constexpr std::uint8_t one_of(std::initializer_list<int> flags) noexcept {
  std::uint8_t set = 0;
  for (int one : flags) set = static_cast<std::uint8_t>(set | (1 << one));
  return set;
}
constexpr std::array<std::uint8_t, 14> kFlags = {
    0,                                 // no kind
    one_of({0, 1, 2, 3, 4, 5, 6, 7}),  // request: by name, the server streams, the client streams
    one_of({0}),                       // reply
    one_of({0}),                       // error
    one_of({0}),                       // cancel
    one_of({0}),                       // ping
    one_of({0}),                       // pong
    one_of({0}),                       // going away
    one_of({0, 1, 2}),                 // the client's data of a stream: ends its side, continues
    one_of({0}),                       // the client's credit
    one_of({2}),                       // reply's data: continues
    one_of({0, 2, 4}),                 // the server's data of a stream: continues, initial metadata
    one_of({0}),                       // the server's credit
    one_of({2}),                       // request's data: continues
};
// A frame this much over the limit is not read past, but ends the connection: its size is a lie
// or nonsense, and what follows cannot be found.
constexpr std::uint64_t kReadPastFactor = 16;

// Of a request that opens a stream.
MethodKind kind_called(std::uint8_t flags) noexcept {
  if ((flags & Frames::kClientStreams) == 0) return MethodKind::kServerStream;
  return (flags & Frames::kServerStreams) == 0 ? MethodKind::kClientStream
                                               : MethodKind::kBidiStream;
}

bool is_known(const Header& header) noexcept {
  return header.size >= kLeastSize && header.kind < kFlags.size() && header.flags < 8 &&
         (kFlags[header.kind] >> header.flags & 1) != 0;
}

bool is_of_stream(FrameKind kind) noexcept {
  return kind == FrameKind::kRequestStreamData || kind == FrameKind::kReplyStreamData ||
         kind == FrameKind::kReplyCredit || kind == FrameKind::kRequestCredit;
}

bool fit(const Parts& parts) noexcept {
  return parts.message <= parts.all && parts.name + parts.metadata + parts.message <= parts.all;
}

void put_u32(std::size_t value, Buffer& out) {
  auto number = static_cast<std::uint32_t>(value);
  std::memcpy(out.grow(sizeof number), &number, sizeof number);
}

}  // namespace

Frames::Frames(const Codec& codec, const Limits& limits)
    : codec_(codec),
      limits_(limits),
      peer_message_bytes_(std::numeric_limits<std::uint32_t>::max() - 1024 * 1024) {
  static_assert(sizeof(Header) == kHeaderBytes);
}

FrameProgress Frames::next(ByteView in, Frame& frame, Status& why) {
  if (skip_ > 0) return skip(in);
  if (in.size() < kHeaderBytes) return {FrameStep::kMore, 0, kHeaderBytes};
  Header header;
  std::memcpy(&header, in.data(), sizeof header);
  if (!is_known(header)) return broken_header(header, why);
  frame.kind = static_cast<FrameKind>(header.kind);
  frame.id = header.id;
  if (frame.kind >= FrameKind::kRequestStreamData && is_of_stream(frame.kind)) {
    return next_of_stream(header, in, frame, why);
  }
  frame.opens_stream = false;
  if (frame.kind == FrameKind::kRequest && header.flags > kByName) {
    frame.opens_stream = true;
    frame.called_as = kind_called(header.flags);
  }
  const Parts sizes = parts_of(header);
  if (!fit(sizes)) return broken_parts(sizes, why);
  if (!is_within(frame_sizes(sizes), limits_)) return refuse(header, sizes, in, frame, why);
  std::size_t whole = kSizeFieldBytes + static_cast<std::size_t>(header.size);
  if (in.size() < whole) return {FrameStep::kMore, 0, whole};

  ByteView parts = in.subspan(kHeaderBytes, whole - kHeaderBytes);
  auto take = [&parts](std::uint64_t size) {
    ByteView part = parts.first(static_cast<std::size_t>(size));
    parts = parts.subspan(static_cast<std::size_t>(size));
    return part;
  };
  if (frame.kind == FrameKind::kRequest) {
    constexpr auto kLongest = static_cast<std::uint64_t>(std::chrono::nanoseconds::max().count());
    frame.timeout = std::chrono::nanoseconds(
        static_cast<std::chrono::nanoseconds::rep>(std::min(header.last, kLongest)));
    frame.method_id = sizes.name == 0 ? header.name : 0;
    frame.method_name = as_text(take(sizes.name));
  } else if (frame.kind == FrameKind::kError) {
    frame.code = static_cast<Code>(header.code);
    frame.ran = header.ran <= static_cast<std::uint8_t>(HandlerRan::kYes)
                    ? static_cast<HandlerRan>(header.ran)
                    : HandlerRan::kUnknown;
    frame.detail_type = as_text(take(sizes.name));
  }
  frame.metadata = take(sizes.metadata);
  frame.message = as_text(take(sizes.message));
  frame.body = parts;
  if (!frame.refused.ok()) {
    frame.refused = Status();
    frame.limit = FrameLimit::kNone;
  }
  return {FrameStep::kFrame, whole, 0};
}

FrameProgress Frames::skip(ByteView in) noexcept {
  std::size_t now = std::min<std::uint64_t>(skip_, in.size());
  skip_ -= now;
  return {now > 0 ? FrameStep::kSkip : FrameStep::kMore, now, 0};
}

FrameProgress Frames::broken_header(Header header, Status& why) {
  why = header.size < kLeastSize
            ? broken(fmt::format("size is {}; a frame has at least {}", header.size, kLeastSize))
            : broken(fmt::format(
                  "kind {} with flags {} is not known; this is version 1 of the protocol",
                  header.kind, header.flags));
  return {FrameStep::kBroken, 0, 0};
}

FrameProgress Frames::broken_parts(Parts sizes, Status& why) {
  why = broken(fmt::format("{} bytes follow the header; its parts claim {} + {} + {}", sizes.all,
                           sizes.name, sizes.metadata, sizes.message));
  return {FrameStep::kBroken, 0, 0};
}

// A part is over its limit.
FrameProgress Frames::refuse(Header header, Parts sizes, ByteView in, Frame& frame, Status& why) {
  refuse_over_limit(frame_sizes(sizes), limits_, frame.refused, frame.limit, HandlerRan::kNo);
  if (frame.limit == FrameLimit::kMessage &&
      header.size / kReadPastFactor > limits_.message_bytes) {
    why = broken(fmt::format("size is {}; a message has at most {} bytes", header.size,
                             limits_.message_bytes));
    return {FrameStep::kBroken, 0, 0};
  }
  // The rest of the frame is read past as it comes.
  std::uint64_t whole = kSizeFieldBytes + std::uint64_t{header.size};
  std::size_t here = std::min<std::uint64_t>(whole, in.size());
  skip_ = whole - here;
  frame.method_id = 0;
  frame.method_name = {};
  frame.detail_type = {};
  frame.message = {};
  frame.metadata = {};
  frame.body = {};
  return {FrameStep::kFrame, here, 0};
}

Status Frames::read_body(const Frame& frame, const TypeOps& type, void* value) const {
  return codec_.decode(type, frame.body, value, limits_.decode());
}

Status Frames::read_metadata(const Frame& frame, Metadata& metadata) {
  ByteView in = frame.metadata;
  while (!in.empty()) {
    std::uint32_t sizes[2];
    if (in.size() < sizeof sizes) return broken("the metadata ends in the middle of an entry");
    std::memcpy(sizes, in.data(), sizeof sizes);
    in = in.subspan(sizeof sizes);
    if (std::uint64_t{sizes[0]} + sizes[1] > in.size()) {
      return broken(fmt::format("a metadata entry of {} + {} bytes does not fit in the {} left",
                                sizes[0], sizes[1], in.size()));
    }
    std::string_view text = as_text(in);
    metadata.add(std::string(text.substr(0, sizes[0])),
                 std::string(text.substr(sizes[0], sizes[1])));
    in = in.subspan(std::size_t{sizes[0]} + sizes[1]);
  }
  return {};
}

void Frames::put_metadata(const Metadata& metadata, Buffer& out) {
  for (const Metadata::Entry& entry : metadata) {
    put_u32(entry.first.size(), out);
    put_u32(entry.second.size(), out);
    out.append(entry.first);
    out.append(entry.second);
  }
}

void Frames::end_frame(std::size_t start, Buffer& out) {
  auto size = static_cast<std::uint32_t>(out.size() - start - kSizeFieldBytes);
  std::memcpy(out.data() + start, &size, sizeof size);
}

Status Frames::write_body(const TypeOps& type, const void* value, std::size_t start,
                          Buffer& out) const {
  std::size_t body = out.size();
  Status failure = codec_.encode(type, value, out);
  if (failure.ok() && out.size() - body > peer_message_bytes_) {
    failure = Status(Code::kResourceExhausted,
                     fmt::format("{} is {} bytes long when encoded; the peer takes at most {}",
                                 type.name, out.size() - body, peer_message_bytes_),
                     HandlerRan::kNo);
  }
  if (!failure.ok()) {
    out.truncate(start);
    return failure;
  }
  end_frame(start, out);
  return {};
}

void Frames::write_chunk(FrameKind kind, std::uint64_t id, std::uint64_t whole, ByteView bytes,
                         Buffer& out) {
  Header header;
  header.kind = static_cast<std::uint8_t>(kind);
  header.flags = kContinues;
  header.id = id;
  header.last = whole;
  append_frame(header, bytes, out);
}

void Frames::write_bare(FrameKind kind, std::uint64_t id, std::string_view message, Buffer& out) {
  Header header;
  header.kind = static_cast<std::uint8_t>(kind);
  header.id = id;
  header.last = message.size();
  append_frame(header, as_bytes(message), out);
}

}  // namespace tern::wire::native
