#include "wire/gee/json_messages.h"

#include <fmt/format.h>

#include <array>
#include <utility>

#include "tern/codec.h"
#include "wire/check_limits.h"
#include "wire/json_members.h"

namespace tern::wire::gee {

namespace {

constexpr std::size_t kHeaderDepth = 8;

Status wrong(std::string_view what) {
  return Status(Code::kInvalidArgument, fmt::format("header: {}", what), HandlerRan::kNo);
}

// "" if there is none; false if it is no string.
bool read_text(std::string_view text, std::string& out) {
  out.clear();
  if (text.empty() || text == "null") return true;
  std::string scratch;
  std::string_view view;
  if (!read_json_string(text, scratch, view)) return false;
  out = view;
  return true;
}

void put_header(std::string_view method, std::uint64_t seq, std::string_view error, Buffer& out) {
  out.append("{\"ServiceMethod\":");
  put_json_string(method, out);
  out.append(",\"Seq\":");
  fmt::format_int number(seq);
  out.append(std::string_view(number.data(), number.size()));
  out.append(",\"Error\":");
  put_json_string(error, out);
  out.append("}\n");
}

}  // namespace

FrameProgress JsonFrameReader::next(ByteView in, Frame& frame, Status& why) {
  if (expected_ == Expected::kRestOfBody) {
    FrameProgress progress = values_.pass_over(in, why);
    if (progress.step != FrameStep::kFrame) return progress;
    expected_ = Expected::kHeader;
    return {FrameStep::kSkip, progress.consumed, 0};
  }
  FrameProgress value = values_.next(in, why);
  if (value.step == FrameStep::kBroken && values_.too_long() && expected_ == Expected::kBody) {
    return refuse_body(in, frame, why);
  }
  if (value.step != FrameStep::kFrame) return value;
  if (expected_ == Expected::kHeader) {
    return read_header(as_text(in.first(value.consumed)), value.consumed, why);
  }
  expected_ = Expected::kHeader;
  begin_frame(frame);
  frame.body = in.first(value.consumed);
  return value;
}

void JsonFrameReader::refuse_long_body(Frame& frame) const {
  if (!frame.refused.ok() || frame.body.size() <= message_bytes_) return;
  frame.refused = too_large("the message", frame.body.size(), message_bytes_);
  frame.limit = FrameLimit::kMessage;
}

FrameProgress JsonFrameReader::read_header(std::string_view text, std::size_t consumed,
                                           Status& why) {
  if (text.size() > header_bytes_) {
    why = wrong(fmt::format("it is {} bytes long; the limit is {}", text.size(), header_bytes_));
    return {FrameStep::kBroken, 0, 0};
  }
  std::array<JsonMember, 3> members{{{"ServiceMethod"}, {"Seq"}, {"Error"}}};
  JsonObject object = read_json_members(text, members, kHeaderDepth);
  auto [method, seq, error] = members;
  if (object.kind != JsonObject::Kind::kRead) {
    why = wrong(object.why.message());
  } else if (!read_text(method.text, method_)) {
    why = wrong(fmt::format("ServiceMethod is {}; expected a string", json_kind(method.text)));
  } else if (!read_text(error.text, error_)) {
    why = wrong(fmt::format("Error is {}; expected a string", json_kind(error.text)));
  } else if (seq_ = 0; !seq.text.empty() && !read_json_integer(seq.text, seq_)) {
    why = wrong(fmt::format(
        "Seq is {}; expected an integer of 1 or more",
        json_kind(seq.text) == "a number" ? seq.text.substr(0, 40) : json_kind(seq.text)));
  } else {
    expected_ = Expected::kBody;
    return {FrameStep::kSkip, consumed, 0};
  }
  return {FrameStep::kBroken, 0, 0};
}

void JsonFrameReader::begin_frame(Frame& frame) const {
  frame.id = seq_;
  frame.method_id = 0;
  frame.timeout = std::chrono::nanoseconds(0);
  frame.idempotent_only = false;
  frame.metadata = {};
  frame.detail_type = {};
  frame.message = {};
  frame.method_name = {};
  frame.refused = Status();
  frame.limit = FrameLimit::kNone;
}

// The call fails, and the rest of the body is read past as it comes.
FrameProgress JsonFrameReader::refuse_body(ByteView in, Frame& frame, Status& why) {
  FrameProgress progress = values_.pass_over(in, why);
  if (progress.step == FrameStep::kBroken) return progress;
  expected_ = progress.step == FrameStep::kFrame ? Expected::kHeader : Expected::kRestOfBody;
  begin_frame(frame);
  frame.body = {};
  frame.refused = std::exchange(why, Status());
  frame.limit = FrameLimit::kMessage;
  return {FrameStep::kFrame, progress.consumed, 0};
}

Status write_gee_json(std::string_view method, std::uint64_t seq, const TypeOps& type,
                      const void* value, Buffer& out) {
  std::size_t start = out.size();
  put_header(method, seq, {}, out);
  Status failure = json_codec().encode(type, value, out);
  if (!failure.ok()) {
    out.truncate(start);
    return failure;
  }
  out.append("\n");
  return {};
}

void write_gee_json_error(std::string_view method, std::uint64_t seq, const Status& status,
                          Buffer& out) {
  // An empty text would say that all is well.
  std::string name = status.message().empty() ? code_name(status.code()) : std::string();
  put_header(method, seq, name.empty() ? status.message() : std::string_view(name), out);
  out.append("{}\n");
}

}  // namespace tern::wire::gee
