#include "wire/native/frames.h"

#include <fmt/format.h>

#include <bit>
#include <cstring>
#include <limits>
#include <utility>

namespace tern {

// The header as runtime/README.md has it. All numbers are little-endian.
struct NativeFrames::Header {
  std::uint32_t size;  // of all that follows this field
  std::uint8_t kind;
  std::uint8_t flags;
  std::uint8_t code;  // errors
  std::uint8_t ran;   // errors
  std::uint64_t id;
  std::uint32_t name;      // requests: the method's id, or its name's length with kByName;
                           // errors: the length of the declared error's name
  std::uint32_t metadata;  // length
  std::uint64_t last;      // requests: nanoseconds left, 0 for ever; errors, going away: the
                           // message's length
};

namespace {

static_assert(std::endian::native == std::endian::little,
              "frames and the native codec copy little-endian numbers as they are");

constexpr std::uint8_t kByName = 1;
constexpr std::uint8_t kKnownFlags = kByName;
constexpr std::uint8_t kLastKind = static_cast<std::uint8_t>(FrameKind::kCredit);
// A frame this much over the limit is not read past, but ends the connection: its size is a lie
// or nonsense, and what follows cannot be found.
constexpr std::uint64_t kReadPastFactor = 16;

Status broken(std::string what) {
  return Status(Code::kInternal, "frame: " + std::move(what), HandlerRan::kUnknown);
}

Status too_large(std::string_view what, std::uint64_t came, std::size_t limit) {
  return Status(Code::kResourceExhausted,
                fmt::format("{} is {} bytes long; the limit is {}", what, came, limit),
                HandlerRan::kNo);
}

bool has_name(FrameKind kind, std::uint8_t flags) {
  return kind == FrameKind::kError || (kind == FrameKind::kRequest && (flags & kByName) != 0);
}

bool has_message(FrameKind kind) {
  return kind == FrameKind::kError || kind == FrameKind::kGoingAway;
}

void put_u32(std::size_t value, Buffer& out) {
  auto number = static_cast<std::uint32_t>(value);
  std::memcpy(out.grow(sizeof number), &number, sizeof number);
}

// Metadata: for each entry the lengths of key and value, then both.
void put_metadata(const Metadata& metadata, Buffer& out) {
  for (const Metadata::Entry& entry : metadata) {
    put_u32(entry.first.size(), out);
    put_u32(entry.second.size(), out);
    out.append(entry.first);
    out.append(entry.second);
  }
}

}  // namespace

NativeFrames::NativeFrames(const Codec& codec, const Limits& limits)
    : codec_(codec),
      native_(&codec == &native_codec()),
      limits_(limits),
      peer_message_bytes_(std::numeric_limits<std::uint32_t>::max() - 1024 * 1024) {
  static_assert(sizeof(Header) == kHeaderBytes);
}

FrameCodec::Progress NativeFrames::next(ByteView in, Frame& frame, Status& why) {
  if (skip_ > 0) {
    std::size_t now = std::min<std::uint64_t>(skip_, in.size());
    skip_ -= now;
    return {now > 0 ? Step::kSkip : Step::kMore, now, 0};
  }
  if (in.size() < kHeaderBytes) return {Step::kMore, 0, kHeaderBytes};
  Header header;
  std::memcpy(&header, in.data(), sizeof header);
  if (header.size < kHeaderBytes - kSizeFieldBytes) {
    why = broken(fmt::format("size is {}; a frame has at least {}", header.size,
                             kHeaderBytes - kSizeFieldBytes));
    return {Step::kBroken, 0, 0};
  }
  if (header.kind == 0 || header.kind > kLastKind || (header.flags & ~kKnownFlags) != 0) {
    why =
        broken(fmt::format("kind {} with flags {} is not known; this is version 1 of the protocol",
                           header.kind, header.flags));
    return {Step::kBroken, 0, 0};
  }
  frame.kind = static_cast<FrameKind>(header.kind);
  frame.id = header.id;
  std::uint64_t body = header.size - (kHeaderBytes - kSizeFieldBytes);
  std::uint64_t name = has_name(frame.kind, header.flags) ? header.name : 0;
  std::uint64_t message = has_message(frame.kind) ? header.last : 0;
  if (message > body || name + header.metadata + message > body) {
    why = broken(fmt::format("{} bytes follow the header; its parts claim {} + {} + {}", body, name,
                             header.metadata, message));
    return {Step::kBroken, 0, 0};
  }
  body -= name + header.metadata + message;
  if (name > limits_.method_name_bytes) {
    return refuse(header, in, frame, FrameLimit::kMethodName,
                  too_large("the name of the method", name, limits_.method_name_bytes));
  }
  if (header.metadata > limits_.metadata_bytes) {
    return refuse(header, in, frame, FrameLimit::kMetadata,
                  too_large("the metadata", header.metadata, limits_.metadata_bytes));
  }
  if (std::max(body, message) > limits_.message_bytes) {
    if (header.size / kReadPastFactor > limits_.message_bytes) {
      why = broken(fmt::format("size is {}; a message has at most {} bytes", header.size,
                               limits_.message_bytes));
      return {Step::kBroken, 0, 0};
    }
    return refuse(header, in, frame, FrameLimit::kMessage,
                  too_large("the message", std::max(body, message), limits_.message_bytes));
  }
  std::size_t whole = kSizeFieldBytes + static_cast<std::size_t>(header.size);
  if (in.size() < whole) return {Step::kMore, 0, whole};

  frame.method_id = frame.kind == FrameKind::kRequest && name == 0 ? header.name : 0;
  frame.timeout = std::chrono::nanoseconds(0);
  if (frame.kind == FrameKind::kRequest) {
    constexpr auto kLongest = static_cast<std::uint64_t>(std::chrono::nanoseconds::max().count());
    frame.timeout = std::chrono::nanoseconds(
        static_cast<std::chrono::nanoseconds::rep>(std::min(header.last, kLongest)));
  }
  frame.code = static_cast<Code>(header.code);
  frame.ran = header.ran <= static_cast<std::uint8_t>(HandlerRan::kYes)
                  ? static_cast<HandlerRan>(header.ran)
                  : HandlerRan::kUnknown;
  ByteView parts = in.subspan(kHeaderBytes, whole - kHeaderBytes);
  auto take = [&parts](std::uint64_t size) {
    ByteView part = parts.first(static_cast<std::size_t>(size));
    parts = parts.subspan(static_cast<std::size_t>(size));
    return part;
  };
  std::string_view name_part = as_text(take(name));
  frame.method_name = frame.kind == FrameKind::kRequest ? name_part : std::string_view();
  frame.detail_type = frame.kind == FrameKind::kError ? name_part : std::string_view();
  frame.metadata = take(header.metadata);
  frame.message = as_text(take(message));
  frame.body = parts;
  if (!frame.refused.ok()) {
    frame.refused = Status();
    frame.limit = FrameLimit::kNone;
  }
  return {Step::kFrame, whole, 0};
}

// The header has been seen; the rest of the frame is read past as it comes.
FrameCodec::Progress NativeFrames::refuse(const Header& header, ByteView in, Frame& frame,
                                          FrameLimit limit, Status why) {
  std::uint64_t whole = kSizeFieldBytes + std::uint64_t{header.size};
  std::size_t here = std::min<std::uint64_t>(whole, in.size());
  skip_ = whole - here;
  frame.method_id = 0;
  frame.method_name = {};
  frame.detail_type = {};
  frame.message = {};
  frame.metadata = {};
  frame.body = {};
  frame.refused = std::move(why);
  frame.limit = limit;
  return {Step::kFrame, here, 0};
}

Status NativeFrames::read_body(const Frame& frame, const TypeOps& type, void* value) {
  return codec_.decode(type, frame.body, value, limits_.decode());
}

Status NativeFrames::read_detail(const Frame& frame, const TypeOps& type, void* value) {
  return read_body(frame, type, value);
}

Status NativeFrames::read_metadata(const Frame& frame, Metadata& metadata) {
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

// Appends the body, and fills in the size of the frame that begins at `start`.
Status NativeFrames::write_body(const TypeOps& type, const void* value, std::size_t start,
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
  auto size = static_cast<std::uint32_t>(out.size() - start - kSizeFieldBytes);
  std::memcpy(out.data() + start, &size, sizeof size);
  return {};
}

Status NativeFrames::write_request(const RequestHead& head, const TypeOps& type,
                                   const void* argument, Buffer& out) {
  Header header{};
  header.kind = static_cast<std::uint8_t>(FrameKind::kRequest);
  header.id = head.id;
  header.name = head.method->id;
  header.last = static_cast<std::uint64_t>(std::max<std::int64_t>(head.timeout.count(), 0));
  std::size_t start = out.size();
  std::byte* place = out.grow(kHeaderBytes);
  if (head.metadata && !head.metadata->empty()) {
    put_metadata(*head.metadata, out);
    header.metadata = static_cast<std::uint32_t>(out.size() - start - kHeaderBytes);
    place = out.data() + start;
    if (header.metadata > limits_.metadata_bytes) {
      out.truncate(start);
      return too_large("the metadata", header.metadata, limits_.metadata_bytes);
    }
  }
  std::memcpy(place, &header, sizeof header);
  request_body_ = out.size();
  return write_body(type, argument, start, out);
}

Status NativeFrames::write_reply(const ReplyHead& head, const TypeOps& type, const void* value,
                                 Buffer& out) {
  Header header{};
  header.kind = static_cast<std::uint8_t>(FrameKind::kReply);
  header.id = head.id;
  std::size_t start = out.size();
  std::byte* place = out.grow(kHeaderBytes);
  if (head.metadata && !head.metadata->empty()) {
    put_metadata(*head.metadata, out);
    header.metadata = static_cast<std::uint32_t>(out.size() - start - kHeaderBytes);
    place = out.data() + start;
  }
  std::memcpy(place, &header, sizeof header);
  return write_body(type, value, start, out);
}

void NativeFrames::write_error(const ReplyHead& head, const Status& status, Buffer& out) {
  const TypeOps* detail = status.detail_type();
  std::size_t start = out.size();
  for (;;) {
    Header header{};
    header.kind = static_cast<std::uint8_t>(FrameKind::kError);
    header.code = static_cast<std::uint8_t>(status.code());
    header.ran = static_cast<std::uint8_t>(status.handler_ran());
    header.id = head.id;
    std::string_view name = detail ? detail->name : std::string_view();
    header.name = static_cast<std::uint32_t>(name.size());
    // An error is worth more than its whole text: one that does not fit is cut.
    std::string_view message = status.message().substr(0, peer_message_bytes_);
    header.last = message.size();
    out.grow(kHeaderBytes);
    out.append(name);
    std::size_t before = out.size();
    if (head.metadata) put_metadata(*head.metadata, out);
    header.metadata = static_cast<std::uint32_t>(out.size() - before);
    out.append(message);
    std::memcpy(out.data() + start, &header, sizeof header);
    if (!detail) break;
    if (write_body(*detail, status.detail_value(), start, out).ok()) return;
    detail = nullptr;  // cannot be encoded: the rest of the error goes without it
  }
  auto size = static_cast<std::uint32_t>(out.size() - start - kSizeFieldBytes);
  std::memcpy(out.data() + start, &size, sizeof size);
}

namespace {

template <typename Header>
void put_bare(FrameKind kind, std::uint64_t id, std::string_view message, Buffer& out) {
  Header header{};
  header.kind = static_cast<std::uint8_t>(kind);
  header.id = id;
  header.last = message.size();
  header.size =
      static_cast<std::uint32_t>(sizeof header - NativeFrames::kSizeFieldBytes + message.size());
  std::memcpy(out.grow(sizeof header), &header, sizeof header);
  out.append(message);
}

}  // namespace

void NativeFrames::write_cancel(std::uint64_t id, Buffer& out) {
  put_bare<Header>(FrameKind::kCancel, id, {}, out);
}
void NativeFrames::write_ping(std::uint64_t id, Buffer& out) {
  put_bare<Header>(FrameKind::kPing, id, {}, out);
}
void NativeFrames::write_pong(std::uint64_t id, Buffer& out) {
  put_bare<Header>(FrameKind::kPong, id, {}, out);
}
void NativeFrames::write_going_away(std::string_view message, Buffer& out) {
  put_bare<Header>(FrameKind::kGoingAway, 0, message, out);
}

}  // namespace tern
