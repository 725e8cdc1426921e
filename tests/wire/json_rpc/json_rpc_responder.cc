#include "wire/json_rpc/json_rpc_responder.h"

#include <algorithm>
#include <array>

#include "tern/codegen/type_ops_of.h"

namespace tern::test {

namespace {

constexpr Method kSubtract{"math.Math",
                           "subtract",
                           1,
                           &type_ops<std::string>,
                           &type_ops<std::string>,
                           {},
                           std::chrono::nanoseconds(0),
                           false};

constexpr std::array<std::string_view, 5> kNames = {"subtract", "sum", "get_data", "fail", "later"};

}  // namespace

std::string JsonRpcResponder::exchange(std::string_view text, std::size_t piece) {
  Buffer out;
  do {
    waiting_ += text.substr(0, piece);
    text.remove_prefix(std::min(piece, text.size()));
    read(out);
  } while (!text.empty() && !broken_);
  return std::string(as_text(out.view()));
}

void JsonRpcResponder::read(Buffer& out) {
  do {
    wire::Frame frame;
    Status why;
    wire::ServerProtocol::Progress progress = frames_.next(as_bytes(waiting_), frame, why);
    if (progress.step == wire::ServerProtocol::Step::kMore) return;
    if (progress.step == wire::ServerProtocol::Step::kBroken) {
      frames_.write_broken(why, out);
      broken_ = true;
      return;
    }
    if (progress.step == wire::ServerProtocol::Step::kFrame) on_request(frame, out);
    if (progress.step == wire::ServerProtocol::Step::kAnswer) frames_.write_answer(out);
    waiting_.erase(0, progress.consumed);
  } while (!waiting_.empty());
}

void JsonRpcResponder::on_request(const wire::Frame& frame, Buffer& out) {
  wire::ReplyHead head;
  head.id = frame.id;
  if (!frame.refused.ok()) {
    frames_.write_error(head, frame.refused, out);
    return;
  }
  if (std::find(kNames.begin(), kNames.end(), frame.method_name) == kNames.end()) {
    frames_.write_error(
        head, frames_.unknown_method(frame.id, frame.method_name, wire::UnknownMethod::kMethod),
        out);
    return;
  }
  head.method = &kSubtract;
  std::string argument;
  Status failure = frames_.read_body(frame, type_ops<std::string>(), &argument);
  if (!failure.ok()) {
    frames_.write_error(
        head, Status(Code::kInvalidArgument, std::string(failure.message()), HandlerRan::kNo), out);
    return;
  }
  ++handled_;
  if (frame.method_name == "later") {
    later_.push_back(frame.id);
  } else if (frame.method_name == "fail") {
    frames_.write_error(head, Status(Code::kAborted, argument), out);
  } else if (Status refused = frames_.write_reply(head, type_ops<std::string>(), &argument, out);
             !refused.ok()) {
    frames_.write_error(head, refused, out);
  }
}

std::string JsonRpcResponder::answer_later() {
  Buffer out;
  wire::ReplyHead head;
  head.method = &kSubtract;
  std::string value = "late";
  while (!later_.empty()) {
    head.id = later_.back();
    later_.pop_back();
    if (Status refused = frames_.write_reply(head, type_ops<std::string>(), &value, out);
        !refused.ok()) {
      frames_.write_error(head, refused, out);
    }
  }
  return std::string(as_text(out.view()));
}

}  // namespace tern::test
