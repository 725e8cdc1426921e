#include "tern/codegen/walk_failures.h"

#include "codec/utf8.h"

namespace tern::codec {

bool failed_at(WalkFailure& failure, const Field& field) {
  failure.at_field(field.name);
  return false;
}

bool failed_at(WalkFailure& failure, std::size_t index) {
  failure.at_index(index);
  return false;
}

bool failed_at_key(WalkFailure& failure, std::string_view key) {
  failure.at_key(key);
  return false;
}

bool failed_at_key(WalkFailure& failure, std::int64_t key) {
  failure.at_key(std::to_string(key));
  return false;
}

bool failed_at_key(WalkFailure& failure, std::uint64_t key) {
  failure.at_key(std::to_string(key));
  return false;
}

bool does_not_fit(ValueReader& in, std::int64_t value, std::string_view type) {
  return in.fail(std::to_string(value) + " does not fit in " + std::string(type));
}

bool does_not_fit(ValueReader& in, std::uint64_t value, std::string_view type) {
  return in.fail(std::to_string(value) + " does not fit in " + std::string(type));
}

bool no_enumerator(ValueReader& in, std::string_view name) {
  return in.fail("the enum has no " + quoted(name));
}

}  // namespace tern::codec
