#include "wire/over_http/failed_answer.h"

#include <fmt/format.h>

#include "base/ascii.h"
#include "base/peer_text.h"
#include "http/response.h"
#include "wire/connect/codes.h"

namespace tern::wire::over_http {

bool is_http_json(std::string_view type) noexcept {
  return base::equal_ignoring_case(type.substr(0, type.find(';')), http::kJson);
}

void FailedAnswer::read(const http::Head& head, ByteView body, Frame& frame) {
  frame.kind = FrameKind::kError;
  error_ =
      is_http_json(head.get("content-type")) ? connect::read_connect_error(body) : std::nullopt;
  if (!error_) {
    frame.code = connect::code_of_http_status(head.status);
    frame.ran = HandlerRan::kUnknown;
    message_ =
        fmt::format("http: status {} with Content-Type \"{}\": \"{}\"", head.status,
                    base::peer_text(head.get("content-type")), base::peer_text(as_text(body)));
    frame.message = message_;
    return;
  }
  frame.code = error_->code;
  // 404 is no proof: Connect servers of before 2023 answer it for a handler's `unimplemented`.
  bool refused = head.status == 405 || head.status == 415;
  frame.ran =
      refused && frame.code == Code::kUnimplemented ? HandlerRan::kNo : HandlerRan::kUnknown;
  frame.message = error_->message;
  frame.detail_type = error_->detail_type;
  frame.body = error_->detail;
}

}  // namespace tern::wire::over_http
