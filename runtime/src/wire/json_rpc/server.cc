#include "wire/json_rpc/server.h"

#include <fmt/format.h>

#include <utility>

#include "codec/json_reader.h"
#include "tern/codec.h"
#include "tern/codegen/type_shape.h"
#include "wire/json_members.h"
#include "wire/json_rpc/answer_object.h"

namespace tern::wire::json_rpc {

namespace {

// In the words of Go's server, which names no method with them.
Status missing_params() {
  return Status(Code::kInvalidArgument, "jsonrpc: request body missing params", HandlerRan::kNo);
}

}  // namespace

ServerProtocol::ServerProtocol(const Limits& limits, Input input)
    : limits_(limits), input_(input), values_("request", limits) {}

wire::ServerProtocol::Progress ServerProtocol::next(ByteView in, Frame& frame, Status& why) {
  if (batch_) return read_next_of_batch(in, frame);
  if (input_ == Input::kMessage) return read_message(in, frame);
  Progress value = values_.next(in, why);
  return value.step == Step::kFrame ? read_message(in.first(value.consumed), frame) : value;
}

wire::ServerProtocol::Progress ServerProtocol::read_message(ByteView text, Frame& frame) {
  std::size_t space = json_space(text);
  if (space < text.size() && text[space] == std::byte('[')) return begin_batch(text, frame);
  return read_request(as_text(text), text.size(), frame);
}

// All of a batch is checked before any of it runs.
wire::ServerProtocol::Progress ServerProtocol::begin_batch(ByteView text, Frame& frame) {
  likely_version_ = Version::k2;
  DecodeLimits limits;
  limits.depth = deeper(limits_.depth, kMaxDepth);
  codec::JsonReader reader(text, limits);
  std::size_t count = 0;
  std::size_t hint = 0;
  std::string_view element;
  bool good = reader.ok() && reader.begin_list(hint);
  while (good && reader.next_element()) {
    good = reader.raw_value(element);
    ++count;
  }
  Progress progress{Step::kAnswer, text.size(), 0};
  request_.id = "null";
  request_.version = Version::k2;
  if (!good || !reader.ok() || !reader.end()) {
    answer(ErrorCode::kParseError, reader.failure().status().with_context("batch"));
    return progress;
  }
  if (count == 0 || count > limits_.calls_in_flight) {
    answer(ErrorCode::kInvalidRequest,
           Status(Code::kInvalidArgument,
                  count == 0 ? "batch: it is empty; expected at least one request"
                             : fmt::format("batch: it has {} requests; the limit is {}", count,
                                           limits_.calls_in_flight),
                  HandlerRan::kNo));
    return progress;
  }
  batch_ = std::make_shared<Batch>();
  return read_next_of_batch(text, frame);
}

// `in` begins with the batch's bracket, or behind one of its requests.
wire::ServerProtocol::Progress ServerProtocol::read_next_of_batch(ByteView in, Frame& frame) {
  std::string_view rest = as_text(in);
  std::string_view text = next_json_element(rest);
  std::string_view behind = rest;
  behind.remove_prefix(json_space(as_bytes(behind)));
  if (behind.starts_with(']')) {
    rest = input_ == Input::kMessage ? std::string_view() : behind.substr(1);
    batch_->complete = true;
  }
  Progress progress = read_request(text, in.size() - rest.size(), frame);
  if (batch_->complete) batch_.reset();
  return progress;
}

wire::ServerProtocol::Progress ServerProtocol::read_request(std::string_view text,
                                                            std::size_t consumed, Frame& frame) {
  read_json_rpc_request(text, batch_ != nullptr, likely_version_, limits_.depth, request_);
  likely_version_ = request_.version;
  if (request_.kind == Request::Kind::kInvalid || request_.kind == Request::Kind::kNotJson) {
    bool json = request_.kind == Request::Kind::kInvalid;
    Progress progress =
        answer(json ? ErrorCode::kInvalidRequest : ErrorCode::kParseError, request_.why);
    progress.consumed = consumed;
    return progress;
  }
  Call& call = calls_.add(request_, batch_);
  if (batch_) ++batch_->waiting;
  frame.kind = FrameKind::kRequest;
  frame.id = call.number;
  frame.method_id = 0;
  frame.method_name = request_.method;
  frame.timeout = std::chrono::nanoseconds(0);
  frame.idempotent_only = false;
  frame.metadata = {};
  frame.body = as_bytes(request_.argument);
  refuse_over_limits(frame);
  return {Step::kFrame, consumed, 0};
}

void ServerProtocol::refuse_over_limits(Frame& frame) const {
  frame.refused = Status();
  frame.limit = FrameLimit::kNone;
  check_limits({.method_name = frame.method_name.size(), .message = frame.body.size()}, limits_,
               frame.refused, frame.limit);
}

wire::ServerProtocol::Progress ServerProtocol::answer(ErrorCode code, Status why) {
  answer_due_ = true;
  answer_code_ = code;
  answer_why_ = std::move(why);
  answer_batch_ = batch_;
  if (batch_) ++batch_->waiting;
  return {Step::kAnswer, 0, 0};
}

Status ServerProtocol::read_body(const Frame& frame, const TypeOps& type, void* value) {
  const DecodeLimits limits = limits_.decode();
  std::string_view argument = as_text(frame.body);
  // Others may have come since.
  if (const Call* call = calls_.find(frame.id)) {
    if (call->version == Version::k1 && call->without_params) {
      return Status(Code::kInvalidArgument, "there are no params", HandlerRan::kNo);
    }
    if (call->params == Request::Params::kWrong) return call->params_why;
    if (call->params == Request::Params::kAbsent) {
      if (type.shape->kind != Kind::kStruct) {
        return Status(
            Code::kInvalidArgument,
            fmt::format("\"params\" has no argument; expected a list of one {}", type.name),
            HandlerRan::kNo);
      }
      argument = "{}";
    }
  }
  return json_codec().decode(type, as_bytes(argument), value, limits);
}

Status ServerProtocol::unknown_method(std::uint64_t /*id*/, std::string_view name,
                                      UnknownMethod why) {
  return net_rpc_unknown_method(name, why);
}

// --- Writing ---

// A place for one answer: the batch's, behind a comma if one is due, or `out`. Whatever is written
// to it is taken back unless it is kept.
class ServerProtocol::Answer {
 public:
  Answer(ServerProtocol& frames, Batch* batch, Buffer& out)
      : frames_(frames),
        batch_(batch),
        out_(out),
        place_(batch ? batch->answers : out),
        before_(place_.size()) {}
  Answer(const Answer&) = delete;
  Answer& operator=(const Answer&) = delete;
  ~Answer() {
    if (!kept_) place_.truncate(before_);
  }

  Buffer& begin() {
    place_.truncate(before_);
    if (batch_ && before_ > 0) place_.append(",");
    return place_;
  }
  bool fits() const noexcept {
    return !batch_ || frames_.kept_ + place_.size() - before_ <= frames_.limits_.unsent_bytes;
  }
  // The request has this answer, or none if nothing was written. Completes the batch if it was the
  // last one. Nothing has happened if this throws.
  void keep() {
    if (!batch_) {
      if (place_.size() > before_) place_.append("\n");
    } else {
      bool last = batch_->complete && batch_->waiting == 1;
      if (last) out_.reserve(place_.size() + 3);
      --batch_->waiting;
      frames_.kept_ += place_.size() - before_;
      if (last) send_batch();
    }
    kept_ = true;
  }

 private:
  void send_batch() {
    frames_.kept_ -= place_.size();
    if (place_.empty()) return;
    out_.append("[");
    out_.append(place_.view());
    out_.append("]\n");
  }

  ServerProtocol& frames_;
  Batch* batch_;
  Buffer& out_;
  Buffer& place_;
  std::size_t before_;
  bool kept_ = false;
};

Status ServerProtocol::write_reply(const ReplyHead& head, const TypeOps& type, const void* value,
                                   Buffer& out) {
  Call* call = calls_.find(head.id);
  if (!call) return Status(Code::kInternal, "JSON-RPC: the request has been answered");
  Answer answer(*this, call->batch.get(), out);
  if (!call->notification) {
    Status failure = put_reply_object(*call, type, value, answer.begin());
    if (!failure.ok()) return failure;
    if (!answer.fits()) {
      return Status(Code::kResourceExhausted,
                    fmt::format("the answers that wait for their batch are over {} bytes long, "
                                "which is the limit",
                                limits_.unsent_bytes));
    }
  }
  answer.keep();
  calls_.remove(*call);
  return {};
}

void ServerProtocol::write_error(const ReplyHead& head, const Status& status, Buffer& out) {
  Call* call = calls_.find(head.id);
  if (!call) return;
  Answer answer(*this, call->batch.get(), out);
  if (!call->notification) {
    ErrorCode code = json_rpc_code(status, head.method != nullptr);
    if (call->without_params && call->version == Version::k1 && code == ErrorCode::kInvalidParams) {
      put_error_object(call->id, call->version, code, missing_params(), answer.begin());
    } else {
      put_error_object(call->id, call->version, code, status, answer.begin());
    }
    if (!answer.fits()) {
      put_error_object(
          call->id, call->version, ErrorCode::kServerError,
          Status(status.code(), "the error's text does not fit into the batch's answer",
                 status.handler_ran()),
          answer.begin());
    }
  }
  answer.keep();
  calls_.remove(*call);
}

void ServerProtocol::write_answer(Buffer& out) {
  if (!answer_due_) return;
  Answer answer(*this, answer_batch_.get(), out);
  put_error_object(request_.id, request_.version, answer_code_, answer_why_, answer.begin());
  answer.keep();
  answer_due_ = false;
  answer_batch_.reset();
}

void ServerProtocol::write_broken(const Status& why, Buffer& out) {
  put_error_object("null", likely_version_,
                   values_.too_long() ? ErrorCode::kServerError : ErrorCode::kParseError, why, out);
  out.append("\n");
}

}  // namespace tern::wire::json_rpc
