// Messages as JSON and back, for files, tests and other programs: the JSON of docs/codecs.md, which
// our servers and clients speak.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "tern/codegen/type_ops.h"
#include "tern/result.h"

namespace tern {

// The T of `type` at `value`. Appends to `out`; on failure `out` may hold a part of it.
Status write_json(const TypeOps& type, const void* value, std::string& out);
// Reads all of `text`. On failure the value is valid and unspecified.
Status read_json(const TypeOps& type, std::string_view text, void* value,
                 const DecodeLimits& limits);

// T is a message, a scalar, or a list, map or enum that a service names. Fails with
// kInvalidArgument, and says where, if a string is not UTF-8 or a number is not finite.
template <typename T>
Result<std::string> to_json(const T& value) {
  std::string text;
  Status failure = write_json(type_ops<T>(), &value, text);
  if (!failure.ok()) return failure;
  return text;
}

// Fails with kInvalidArgument, and says where, what was expected and what came. `limits` are those
// of a message from a peer.
template <typename T>
Result<T> from_json(std::string_view text, const DecodeLimits& limits = {}) {
  T value{};
  Status failure = read_json(type_ops<T>(), text, &value, limits);
  if (!failure.ok()) return failure;
  return value;
}

}  // namespace tern
