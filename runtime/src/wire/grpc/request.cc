#include "wire/grpc/request.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

#include "base/ascii.h"
#include "base/peer_text.h"
#include "wire/grpc/compression.h"
#include "wire/over_http/stream_codec.h"

namespace tern::wire::grpc {

namespace {

struct ContentType {
  std::string_view name;
  const Codec& (*codec)();
};
constexpr std::array<ContentType, 3> kContentTypes = {{
    {"application/grpc", []() -> const Codec& { return proto_codec(); }},
    {"application/grpc+proto", []() -> const Codec& { return proto_codec(); }},
    {"application/grpc+json", over_http::quoted_json_codec},
}};

// Without parameters.
const ContentType* find_content_type(std::string_view value) noexcept {
  value = value.substr(0, value.find(';'));
  while (value.ends_with(' ')) value.remove_suffix(1);
  auto found = std::find_if(
      kContentTypes.begin(), kContentTypes.end(),
      [&](const ContentType& one) { return base::equal_ignoring_case(one.name, value); });
  return found == kContentTypes.end() ? nullptr : &*found;
}

}  // namespace

HeadFault Request::begin(const Fields& fields) {
  if (find_field(fields, ":method") != "POST") return {405, {}};
  const ContentType* type = find_content_type(find_field(fields, "content-type"));
  if (!type) return {415, {}};
  content_type_ = type->name;
  codec_ = &type->codec();
  std::string_view path = find_field(fields, ":path");
  if (path.starts_with('/')) path.remove_prefix(1);
  name_ = path;
  if (const std::size_t slash = name_.rfind('/'); slash != std::string::npos) name_[slash] = '.';
  pack_metadata(fields, metadata_);
  Status encodings = read_encodings(fields);
  if (std::string_view text = find_field(fields, "grpc-timeout"); !text.empty()) {
    const auto timeout = read_timeout(text);
    if (!timeout) {
      return {0, Status(Code::kInternal,
                        fmt::format("grpc-timeout: expected 1 to 8 digits and one of HMSmun, came "
                                    "\"{}\"",
                                    base::peer_text(text)),
                        HandlerRan::kNo)};
    }
    // 0 means no limit in a frame: the time is up all the same.
    timeout_ = std::max(*timeout, std::chrono::nanoseconds(1));
  }
  return {0, std::move(encodings)};
}

Status Request::read_encodings(const Fields& fields) {
  for (const auto& [name, value] : fields) {
    if (name == "grpc-accept-encoding" && lists_gzip(value)) accepts_gzip_ = true;
  }
  const std::string_view name = find_field(fields, "grpc-encoding");
  const auto encoding = name.empty() ? Compression::kIdentity : find_encoding(name);
  if (encoding) {
    encoding_ = *encoding;
    return {};
  }
  has_unknown_encoding_ = true;
  return Status(Code::kUnimplemented,
                fmt::format("grpc-encoding: \"{}\" is not known; expected one of \"{}\"",
                            base::peer_text(name), kEncodings),
                HandlerRan::kNo);
}

void Request::refuse(const Status& why, FrameLimit limit) {
  outcome_ = why.with_handler_ran(HandlerRan::kNo);
  limit_ = limit;
  message_.release();
  stage_ = Stage::kRefused;
}

void Request::add(ByteView bytes, std::size_t message_bytes) {
  while (!bytes.empty() && !complete()) {
    if (stage_ == Stage::kWhole) {
      refuse(Status(Code::kUnimplemented, "a second message came for a method that takes one"));
    } else if (stage_ == Stage::kPrefix) {
      if (prefix_.take(bytes)) read_prefix(message_bytes);
    } else {
      const std::size_t size = std::min(left_, bytes.size());
      message_.append(bytes.first(size));
      bytes = bytes.subspan(size);
      left_ -= size;
      if (left_ == 0) stage_ = Stage::kWhole;
    }
  }
}

void Request::read_prefix(std::size_t message_bytes) {
  FrameLimit limit = FrameLimit::kNone;
  Status fault = prefix_.check(message_bytes, encoding_, limit);
  if (!fault.ok()) {
    refuse(fault, limit);
    return;
  }
  left_ = prefix_.message_size();
  stage_ = left_ > 0 ? Stage::kMessage : Stage::kWhole;
}

void Request::end_body() {
  switch (stage_) {
    case Stage::kWhole:
      stage_ = Stage::kReady;
      return;
    case Stage::kPrefix:
      refuse(prefix_.have() == 0
                 ? Status(Code::kUnimplemented, "no message came for a method that takes one")
                 : Status(Code::kInternal,
                          fmt::format("the body ended after {} bytes of a message's prefix, which "
                                      "has {}",
                                      prefix_.have(), MessagePrefix::kSize)));
      return;
    case Stage::kMessage:
      refuse(Status(Code::kInternal,
                    fmt::format("the body ended {} bytes before the end of the message", left_)));
      return;
    case Stage::kReady:
    case Stage::kRefused:
      return;
  }
}

}  // namespace tern::wire::grpc
