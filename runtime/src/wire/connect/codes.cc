#include "wire/connect/codes.h"

namespace tern::wire::connect {

namespace {

constexpr std::string_view kCancelled = "canceled";  // code_name() has another spelling
constexpr int kLastCode = static_cast<int>(Code::kUnauthenticated);

}  // namespace

int http_status_of(Code code) noexcept {
  switch (code) {
    case Code::kOk:
      return 200;
    case Code::kCancelled:
      return 499;
    case Code::kInvalidArgument:
    case Code::kFailedPrecondition:
    case Code::kOutOfRange:
      return 400;
    case Code::kDeadlineExceeded:
      return 504;
    case Code::kNotFound:
      return 404;
    case Code::kAlreadyExists:
    case Code::kAborted:
      return 409;
    case Code::kPermissionDenied:
      return 403;
    case Code::kResourceExhausted:
      return 429;
    case Code::kUnimplemented:
      return 501;
    case Code::kUnavailable:
      return 503;
    case Code::kUnauthenticated:
      return 401;
    case Code::kUnknown:
    case Code::kInternal:
    case Code::kDataLoss:
      break;
  }
  return 500;
}

Code code_of_http_status(int status) noexcept {
  switch (status) {
    case 400:
      return Code::kInternal;
    case 401:
      return Code::kUnauthenticated;
    case 403:
      return Code::kPermissionDenied;
    case 404:
      return Code::kUnimplemented;
    case 429:
    case 502:
    case 503:
    case 504:
      return Code::kUnavailable;
    default:
      return Code::kUnknown;
  }
}

std::string connect_code_name(Code code) {
  if (code == Code::kCancelled) return std::string(kCancelled);
  if (static_cast<int>(code) > kLastCode) return code_name(Code::kUnknown);
  return code_name(code);
}

std::optional<Code> connect_code(std::string_view name) {
  for (int number = 1; number <= kLastCode; ++number) {
    Code code = static_cast<Code>(number);
    if (connect_code_name(code) == name) return code;
  }
  return std::nullopt;
}

}  // namespace tern::wire::connect
