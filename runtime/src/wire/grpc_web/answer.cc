#include "wire/grpc_web/answer.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "base/ascii.h"
#include "wire/connect/envelopes.h"
#include "wire/grpc/error.h"
#include "wire/grpc_web/request.h"
#include "wire/grpc_web/trailers.h"

namespace tern::wire::grpc_web {

namespace {

using over_http::AnswerEnd;
using over_http::EnvelopeKind;

constexpr std::string_view kStatus = "grpc-status";

EnvelopeKind kind_of(std::uint8_t flags) {
  switch (flags) {
    case 0:
      return EnvelopeKind::kMessage;
    case kTrailers:
      return EnvelopeKind::kEnd;
    case connect::kCompressed:
    case kTrailers | connect::kCompressed:
      return EnvelopeKind::kCompressed;
    default:
      return EnvelopeKind::kUnknown;
  }
}

std::string_view without_space(std::string_view text) noexcept {
  while (text.starts_with(' ') || text.starts_with('\t')) text.remove_prefix(1);
  while (text.ends_with(' ') || text.ends_with('\t') || text.ends_with('\r')) text.remove_suffix(1);
  return text;
}

// One a line, "name: value". Nothing if there is a line that is none.
std::optional<AnswerEnd> read_trailers(ByteView last) {
  grpc::Fields trailers;
  for (std::string_view left = as_text(last); !left.empty();) {
    const std::size_t end = left.find('\n');
    const std::string_view line = without_space(left.substr(0, end));
    left = end == std::string_view::npos ? std::string_view() : left.substr(end + 1);
    if (line.empty()) continue;
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos || !http::is_token(line.substr(0, colon))) return {};
    trailers.emplace_back(base::to_lower(line.substr(0, colon)),
                          without_space(line.substr(colon + 1)));
  }
  return end_of(trailers);
}

}  // namespace

std::optional<AnswerEnd> end_of(const grpc::Fields& trailers) {
  const std::string_view status = grpc::find_field(trailers, kStatus);
  if (status.empty()) return std::nullopt;
  AnswerEnd end;
  if (const Code code = grpc::read_code(status); code != Code::kOk) {
    connect::Error& error = end.error.emplace();
    error.code = code;
    error.message = grpc::unescape_message(grpc::find_field(trailers, "grpc-message"));
    Buffer detail;
    grpc::read_details(grpc::find_field(trailers, "grpc-status-details-bin"), error.detail_type,
                       detail);
    const ByteView bytes = detail.view();
    error.detail.assign(bytes.begin(), bytes.end());
  }
  end.unreadable = grpc::read_metadata(trailers, end.metadata);
  return end;
}

const over_http::ClientEnvelopes kClientEnvelopes{
    .name = "grpc-web",
    .kind_of = kind_of,
    .unary = true,
    .no_client_streams = "gRPC-Web cannot carry the stream of a client; gRPC can (\"grpc+tcp@…\")",
    .most_end = &Limits::metadata_bytes,
    .second_message = Code::kUnimplemented,
    .no_end = Code::kUnknown,
    .has_initial_metadata =
        [](const http::Head& head) {
          const grpc::Fields fields = fields_of(head);
          return grpc::find_field(fields, kStatus).empty() && grpc::has_metadata(fields);
        },
    .read_end = read_trailers,
    .read_head = [](const http::Head& head) { return end_of(fields_of(head)); }};

}  // namespace tern::wire::grpc_web
