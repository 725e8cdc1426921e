#include "tern/codegen/walk_fields.h"

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

namespace tern {

// What lists of numbers are if a format has nothing better.

bool ValueWriter::list(std::span<const std::int32_t> values) {
  return codec::write_list(values, *this);
}
bool ValueWriter::list(std::span<const std::int64_t> values) {
  return codec::write_list(values, *this);
}
bool ValueWriter::list(std::span<const std::uint32_t> values) {
  return codec::write_list(values, *this);
}
bool ValueWriter::list(std::span<const std::uint64_t> values) {
  return codec::write_list(values, *this);
}
bool ValueWriter::list(std::span<const float> values) {
  return codec::write_list(values, *this);
}
bool ValueWriter::list(std::span<const double> values) {
  return codec::write_list(values, *this);
}

bool ValueReader::list(std::vector<std::int32_t>& out) {
  return codec::read_list(out, *this);
}
bool ValueReader::list(std::vector<std::int64_t>& out) {
  return codec::read_list(out, *this);
}
bool ValueReader::list(std::vector<std::uint32_t>& out) {
  return codec::read_list(out, *this);
}
bool ValueReader::list(std::vector<std::uint64_t>& out) {
  return codec::read_list(out, *this);
}
bool ValueReader::list(std::vector<float>& out) {
  return codec::read_list(out, *this);
}
bool ValueReader::list(std::vector<double>& out) {
  return codec::read_list(out, *this);
}

}  // namespace tern
