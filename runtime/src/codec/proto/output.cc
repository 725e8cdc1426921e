#include "codec/proto/output.h"

#include <string>

#include "codec/byte_count.h"
#include "codec/utf8.h"

namespace tern::codec::proto {

bool WriteFailure::not_utf8(std::string_view field) {
  std::string text = field.empty() ? "the string" : "field " + std::string(field);
  if (status_.ok()) status_ = Status(Code::kInvalidArgument, text + " is not UTF-8");
  return false;
}

Status WriteFailure::too_large(std::string_view type, std::size_t size) {
  return Status(Code::kResourceExhausted, std::string(type) + " takes " + byte_count(size) +
                                              "; protobuf's limit is " + byte_count(kMostBytes));
}

bool is_utf8_text(std::string_view text) noexcept {
  return is_utf8(text);
}

}  // namespace tern::codec::proto
