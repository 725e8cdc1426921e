#include "wire/connect/end_of_stream.h"

#include <simdjson.h>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "wire/connect/envelopes.h"

namespace tern::wire::connect {

namespace {

void write_metadata(const Metadata& metadata, Buffer& out) {
  std::map<std::string_view, std::vector<std::string_view>> by_key;
  for (const Metadata::Entry& entry : metadata) by_key[entry.first].push_back(entry.second);
  char separator = '{';
  for (const auto& [key, values] : by_key) {
    out.append({&separator, 1});
    separator = ',';
    write_json_text(key, out);
    out.append(":");
    char before = '[';
    for (std::string_view value : values) {
      out.append({&before, 1});
      before = ',';
      write_json_text(value, out);
    }
    out.append("]");
  }
  out.append("}");
}

// Nothing if `in` is no such thing.
std::optional<over_http::AnswerEnd> read_end_of_stream(ByteView in) {
  simdjson::dom::parser parser;
  simdjson::dom::element root;
  simdjson::padded_string text(as_text(in));
  simdjson::dom::object members;
  if (parser.parse(text).get(root) != simdjson::SUCCESS ||
      root.get_object().get(members) != simdjson::SUCCESS) {
    return std::nullopt;
  }
  over_http::AnswerEnd end;
  simdjson::dom::element error;
  if (members["error"].get(error) == simdjson::SUCCESS && !error.is_null()) {
    const std::string error_text = simdjson::minify(error);
    end.error = read_connect_error(as_bytes(error_text));
    // An error without a code is one all the same.
    if (!end.error) end.error.emplace();
  }
  simdjson::dom::object metadata;
  if (members["metadata"].get(metadata) != simdjson::SUCCESS) return end;
  for (const auto& [key, values] : metadata) {
    simdjson::dom::array all;
    if (values.get(all) != simdjson::SUCCESS) continue;
    for (simdjson::dom::element one : all) {
      std::string_view value;
      if (one.get(value) == simdjson::SUCCESS) {
        end.metadata.add(std::string(key), std::string(value));
      }
    }
  }
  return end;
}

}  // namespace

void write_end_of_stream(const Status& outcome, const Metadata* metadata, Buffer& out) {
  const bool has_metadata = metadata && !metadata->empty();
  out.append("{");
  if (!outcome.ok()) {
    out.append("\"error\":");
    write_connect_error(outcome, out);
    if (has_metadata) out.append(",");
  }
  if (has_metadata) {
    out.append("\"metadata\":");
    write_metadata(*metadata, out);
  }
  out.append("}");
}

const over_http::Envelopes kStreamEnvelopes{
    Code::kInvalidArgument, true, false,
    [](const Status& outcome, const Metadata* metadata, Buffer& out) {
      Buffer end;
      write_end_of_stream(outcome, metadata, end);
      put_prefix(kEndOfStream, end.size(), out);
      out.append(end.view());
    }};

const over_http::ClientEnvelopes kClientEnvelopes{
    .name = "http",
    .kind_of =
        [](std::uint8_t flags) {
          if ((flags & kCompressed) != 0) return over_http::EnvelopeKind::kCompressed;
          return (flags & kEndOfStream) != 0 ? over_http::EnvelopeKind::kEnd
                                             : over_http::EnvelopeKind::kMessage;
        },
    .unary = false,
    .no_client_streams = "",
    .most_end = &Limits::message_bytes,
    .second_message = Code::kInternal,
    .no_end = Code::kInternal,
    .has_initial_metadata = [](const http::Head&) { return true; },
    .read_end = read_end_of_stream,
    .read_head = [](const http::Head&) { return std::optional<over_http::AnswerEnd>(); }};

}  // namespace tern::wire::connect
