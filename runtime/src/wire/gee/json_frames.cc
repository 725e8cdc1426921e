#include "wire/gee/json_frames.h"

#include <fmt/format.h>

#include <array>
#include <utility>

#include "tern/codec.h"
#include "tern/field.h"
#include "wire/go/rpc_header.h"
#include "wire/json_members.h"
#include "wire/rpc_error_text.h"

namespace tern {

namespace {

constexpr std::size_t kHeaderDepth = 8;

// A request's header is a name and a number; a reply's has the text of an error.
constexpr std::size_t kLongestRequestHeader = 64 * 1024;

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

void put_error(std::string_view method, std::uint64_t seq, const Status& status, Buffer& out) {
  // An empty text would say that all is well.
  std::string name = status.message().empty() ? code_name(status.code()) : std::string();
  put_header(method, seq, name.empty() ? status.message() : std::string_view(name), out);
  out.append("{}\n");
}

// Of the request that ends `out`: the newline. A number that is cut is a number, too, for a server
// that takes the end of the stream for its end, as Go's decoder does: it can act at any digit.
std::size_t tail_of(const Buffer& out) {
  constexpr std::size_t kNewline = 1;
  std::string_view text = as_text(out.view());
  text.remove_suffix(kNewline);
  if (text.ends_with('}') || text.ends_with(']') || text.ends_with('"')) return kNewline;
  const std::size_t number = text.rfind('\n') + 1;
  return out.size() - number - 1;
}

}  // namespace

GeeJsonFrames::GeeJsonFrames(Role role, const Limits& limits)
    : role_(role), limits_(limits), values_(role == Role::kServer ? "request" : "reply", limits) {}

FrameCodec::Progress GeeJsonFrames::next(ByteView in, Frame& frame, Status& why) {
  if (expected_ == Expected::kRestOfBody) {
    Progress progress = values_.pass_over(in, why);
    if (progress.step != Step::kFrame) return progress;
    expected_ = Expected::kHeader;
    return {Step::kSkip, progress.consumed, 0};
  }
  Progress value = values_.next(in, why);
  if (value.step == Step::kBroken && values_.too_long() && expected_ == Expected::kBody) {
    return refuse_body(in, frame, why);
  }
  if (value.step != Step::kFrame) return value;
  if (expected_ == Expected::kHeader) {
    return read_header(as_text(in.first(value.consumed)), value.consumed, why);
  }
  return read_frame(in.first(value.consumed), value.consumed, frame);
}

FrameCodec::Progress GeeJsonFrames::read_header(std::string_view text, std::size_t consumed,
                                                Status& why) {
  if (role_ == Role::kServer && text.size() > kLongestRequestHeader) {
    why = wrong(
        fmt::format("it is {} bytes long; the limit is {}", text.size(), kLongestRequestHeader));
    return {Step::kBroken, 0, 0};
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
    return {Step::kSkip, consumed, 0};
  }
  return {Step::kBroken, 0, 0};
}

FrameCodec::Progress GeeJsonFrames::read_frame(ByteView body, std::size_t consumed, Frame& frame) {
  expected_ = Expected::kHeader;
  if (seq_ == 0 && role_ == Role::kServer) return {Step::kAnswer, consumed, 0};
  begin_frame(frame);
  frame.body = body;
  if (frame.method_name.size() > limits_.method_name_bytes) {
    frame.refused = Status(Code::kResourceExhausted,
                           fmt::format("the name of the method is {} bytes long; the limit is {}",
                                       frame.method_name.size(), limits_.method_name_bytes),
                           HandlerRan::kNo);
    frame.limit = FrameLimit::kMethodName;
  } else if (body.size() > limits_.message_bytes) {
    frame.refused = Status(Code::kResourceExhausted,
                           fmt::format("the message is {} bytes long; the limit is {}", body.size(),
                                       limits_.message_bytes),
                           HandlerRan::kNo);
    frame.limit = FrameLimit::kMessage;
  }
  return {Step::kFrame, consumed, 0};
}

// What is known before the body is.
void GeeJsonFrames::begin_frame(Frame& frame) {
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
  if (role_ == Role::kServer) {
    frame.kind = FrameKind::kRequest;
    frame.method_name = method_;
    if (method_.size() <= limits_.method_name_bytes) methods_.insert_or_assign(seq_, method_);
  } else if (error_.empty()) {
    frame.kind = FrameKind::kReply;
  } else {
    RpcErrorMeaning meaning = meaning_of_rpc_error(error_);
    frame.kind = FrameKind::kError;
    frame.code = meaning.code;
    frame.ran = meaning.ran;
    frame.message = error_;
  }
}

// The call fails, and the rest of the body is read past as it comes.
FrameCodec::Progress GeeJsonFrames::refuse_body(ByteView in, Frame& frame, Status& why) {
  Progress progress = values_.pass_over(in, why);
  if (progress.step == Step::kBroken) return progress;
  expected_ = progress.step == Step::kFrame ? Expected::kHeader : Expected::kRestOfBody;
  begin_frame(frame);
  frame.body = {};
  frame.refused = std::exchange(why, Status());
  frame.limit = FrameLimit::kMessage;
  return {Step::kFrame, progress.consumed, 0};
}

Status GeeJsonFrames::read_body(const Frame& frame, const TypeOps& type, void* value) {
  return json_codec().decode(type, frame.body, value, limits_.decode());
}

Status GeeJsonFrames::read_detail(const Frame& frame, const TypeOps& type, void* value) {
  return read_body(frame, type, value);
}

Status GeeJsonFrames::write_request(const RequestHead& head, const TypeOps& type,
                                    const void* argument, Buffer& out) {
  std::string method;
  set_service_method(*head.method, method);
  Status failure = write(method, head.id, type, argument, out);
  if (failure.ok()) set_request_tail(tail_of(out));
  return failure;
}

Status GeeJsonFrames::write_reply(const ReplyHead& head, const TypeOps& type, const void* value,
                                  Buffer& out) {
  std::string scratch;
  Status failure = write(method_of(head, scratch), head.id, type, value, out);
  if (failure.ok()) methods_.erase(head.id);
  return failure;
}

void GeeJsonFrames::write_error(const ReplyHead& head, const Status& status, Buffer& out) {
  std::string scratch;
  put_error(method_of(head, scratch), head.id, status, out);
  methods_.erase(head.id);
}

void GeeJsonFrames::write_answer(Buffer& out) {
  put_error(
      method_, 0,
      Status(Code::kInvalidArgument, "rpc server: Seq is 0; expected 1 or more", HandlerRan::kNo),
      out);
}

void GeeJsonFrames::write_broken(const Status& why, Buffer& out) {
  if (role_ == Role::kServer) put_error({}, 0, why, out);
}

// As the request spelled it.
std::string_view GeeJsonFrames::method_of(const ReplyHead& head, std::string& scratch) const {
  if (auto found = methods_.find(head.id); found != methods_.end()) return found->second;
  if (head.method) set_service_method(*head.method, scratch);
  return scratch;
}

Status GeeJsonFrames::write(std::string_view method, std::uint64_t seq, const TypeOps& type,
                            const void* value, Buffer& out) const {
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

}  // namespace tern
