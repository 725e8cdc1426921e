#include "wire/connect/error.h"

#include <simdjson.h>

#include <utility>

#include "codec/base64.h"
#include "codec/json_writer.h"
#include "tern/codec.h"
#include "tern/codegen/type_ops.h"
#include "wire/connect/codes.h"

namespace tern::wire::connect {

namespace {

// In the place of bytes that are not UTF-8.
constexpr char kReplacement = '?';

// As Connect has base64: without padding.
void write_value(ByteView value, Buffer& out) {
  std::string text(codec::base64_size(value.size()), '\0');
  codec::write_base64(value, text.data());
  while (text.ends_with('=')) text.pop_back();
  out.append("\"");
  out.append(text);
  out.append("\"");
}

void write_details(const Status& status, Buffer& out) {
  const TypeOps* type = status.detail_type();
  if (!type) return;
  Buffer value;
  if (!proto_codec().encode(*type, status.detail_value(), value).ok()) return;
  out.append(",\"details\":[{\"type\":");
  write_json_text(type->name, out);
  out.append(",\"value\":");
  write_value(value.view(), out);
  Buffer debug;
  codec::JsonWriter writer(debug, codec::LargeIntegers::kQuoted);
  if (type->write(status.detail_value(), writer)) {
    out.append(",\"debug\":");
    out.append(debug.view());
  }
  out.append("}]");
}

}  // namespace

void write_json_text(std::string_view text, Buffer& out) {
  std::size_t start = out.size();
  if (codec::JsonWriter(out).string(text)) return;
  out.truncate(start);
  std::string ascii(text);
  for (char& c : ascii) {
    if (static_cast<unsigned char>(c) >= 0x80) c = kReplacement;
  }
  if (!codec::JsonWriter(out).string(ascii)) out.append("\"\"");
}

void write_connect_error(const Status& status, Buffer& out) {
  out.append("{\"code\":");
  write_json_text(connect_code_name(status.code()), out);
  if (!status.message().empty()) {
    out.append(",\"message\":");
    write_json_text(status.message(), out);
  }
  write_details(status, out);
  out.append("}");
}

std::optional<Error> read_connect_error(ByteView in) {
  simdjson::dom::parser parser;
  simdjson::dom::element root;
  simdjson::padded_string text(as_text(in));
  std::string_view code;
  if (parser.parse(text).get(root) != simdjson::SUCCESS ||
      root["code"].get(code) != simdjson::SUCCESS) {
    return std::nullopt;
  }
  Error error;
  error.code = connect_code(code).value_or(Code::kUnknown);
  std::string_view part;
  if (root["message"].get(part) == simdjson::SUCCESS) error.message = part;
  simdjson::dom::element detail;
  if (root["details"].at(0).get(detail) != simdjson::SUCCESS) return error;
  std::string_view value;
  if (detail["type"].get(part) == simdjson::SUCCESS &&
      detail["value"].get(value) == simdjson::SUCCESS && codec::read_base64(value, error.detail)) {
    error.detail_type = part;
  } else {
    error.detail.clear();
  }
  return error;
}

}  // namespace tern::wire::connect
