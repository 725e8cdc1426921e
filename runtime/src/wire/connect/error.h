// Errors as the Connect protocol writes them:
//   {"code":"invalid_argument","message":"divide by zero",
//    "details":[{"type":"arith.DivideByZero","value":"CAg","debug":{"dividend":8}}]}
// where the value of a detail is protobuf in base64, and the same in JSON is for people.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tern/buffer.h"
#include "tern/status.h"

namespace tern::wire::connect {

// `text` as a string of JSON. Of text that is not UTF-8, what is not ASCII becomes "?".
void write_json_text(std::string_view text, Buffer& out);

// A detail that cannot be encoded is left out, text that is not UTF-8 is escaped.
void write_connect_error(const Status& status, Buffer& out);

struct Error {
  Code code = Code::kUnknown;
  std::string message;
  std::string detail_type;        // of the first detail, or ""
  std::vector<std::byte> detail;  // its value, in protobuf
};
// Nothing if `in` is not such an error.
std::optional<Error> read_connect_error(ByteView in);

}  // namespace tern::wire::connect
