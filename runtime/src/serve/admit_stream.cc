#include "serve/admit_stream.h"

#include <fmt/format.h>

#include <string>
#include <utility>

namespace tern::serve {

namespace {

std::string_view kind_text(MethodKind kind) noexcept {
  switch (kind) {
    case MethodKind::kServerStream:
      return "answers with a stream";
    case MethodKind::kClientStream:
      return "takes a stream";
    case MethodKind::kBidiStream:
      return "takes a stream and answers with one";
    case MethodKind::kUnary:
      break;
  }
  return "is unary";
}

}  // namespace

Status admit_stream(const Method& method, const wire::Frame& request, std::string_view protocol,
                    bool carries_streams) {
  const bool streams = method.kind != MethodKind::kUnary;
  if (request.opens_stream != streams || !carries_streams) {
    std::string text = fmt::format("{}.{} {}", method.service, method.name, kind_text(method.kind));
    if (!streams) {
      text += "; the request opens a stream";
    } else if (carries_streams) {
      text += "; the request opens none";
    } else {
      text += fmt::format("; {} carries no streams here", protocol);
    }
    return Status(Code::kUnimplemented, std::move(text));
  }
  if (streams && request.called_as != MethodKind::kUnary && request.called_as != method.kind) {
    return Status(Code::kUnimplemented,
                  fmt::format("{}.{} {}; it was called as one that {}", method.service, method.name,
                              kind_text(method.kind), kind_text(request.called_as)));
  }
  if (method.kind == MethodKind::kBidiStream && request.half_duplex) {
    return Status(Code::kUnimplemented,
                  fmt::format("{}.{} streams in both directions, which {} cannot carry",
                              method.service, method.name, protocol));
  }
  return {};
}

}  // namespace tern::serve
