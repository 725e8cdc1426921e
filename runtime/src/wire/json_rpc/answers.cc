// What a JSON-RPC server writes.
#include <fmt/format.h>

#include "tern/codec.h"
#include "tern/field.h"
#include "wire/json_members.h"
#include "wire/json_rpc/server.h"

namespace tern::wire::json_rpc {

namespace {

// In the words of Go's server, which names no method with them.
Status missing_params() {
  return Status(Code::kInvalidArgument, "jsonrpc: request body missing params", HandlerRan::kNo);
}

bool is_nothing(const TypeOps& type) {
  return type.name == Nothing::kTypeName;
}

void put_error_object(std::string_view id, Version version, ErrorCode code, const Status& status,
                      Buffer& out) {
  if (version == Version::k1) {
    out.append("{\"id\":");
    out.append(id);
    out.append(",\"result\":null,\"error\":");
    put_json_string(status.message().empty() ? code_name(status.code()) : status.message(), out);
    out.append("}");
  } else {
    put_json_rpc_failure(id, code, status, out);
  }
}

Status put_reply_object(const Call& call, const TypeOps& type, const void* value, Buffer& out) {
  bool v1 = call.version == Version::k1;
  if (v1) {
    out.append("{\"id\":");
    out.append(call.id);
    out.append(",\"result\":");
  } else {
    out.append("{\"jsonrpc\":\"2.0\",\"result\":");
  }
  // Go's client takes a result that is null for a broken answer.
  if (is_nothing(type) && !v1) {
    out.append("null");
  } else if (Status failure = json_codec().encode(type, value, out); !failure.ok()) {
    return failure;
  }
  if (v1) {
    out.append(",\"error\":null");
  } else {
    out.append(",\"id\":");
    out.append(call.id);
  }
  out.append("}");
  return {};
}

}  // namespace

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
