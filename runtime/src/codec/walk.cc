#include "tern/walk.h"

#include <utility>

#include "codec/decode_overhead.h"
#include "codec/utf8.h"
#include "tern/codegen/walk_read.h"
#include "tern/codegen/walk_write.h"

namespace tern {

struct WalkFailure::Text {
  std::string what;
  std::string path;

  void prepend(std::string_view part);
};

WalkFailure::WalkFailure() noexcept = default;
WalkFailure::WalkFailure(WalkFailure&&) noexcept = default;
WalkFailure& WalkFailure::operator=(WalkFailure&&) noexcept = default;
WalkFailure::~WalkFailure() = default;

void WalkFailure::set(std::string text) {
  if (!text_) text_ = std::make_unique<Text>(Text{std::move(text), {}});
}

// Of a place deep inside the innermost part is shown.
void WalkFailure::Text::prepend(std::string_view part) {
  constexpr std::size_t kShown = 200;
  if (path.size() > kShown) return;
  path.insert(0, path.size() + part.size() > kShown ? "[...]" : part);
}

void WalkFailure::at_field(std::string_view name) {
  if (text_) text_->prepend("." + std::string(name));
}

void WalkFailure::at_index(std::size_t index) {
  if (text_) text_->prepend("[" + std::to_string(index) + "]");
}

void WalkFailure::at_key(std::string_view key) {
  if (text_) text_->prepend("[" + codec::quoted(key) + "]");
}

Status WalkFailure::status() const {
  if (!text_) return {};
  std::string_view path = text_->path;
  if (path.starts_with('.')) path.remove_prefix(1);
  if (path.empty()) return Status(Code::kInvalidArgument, text_->what);
  return Status(Code::kInvalidArgument, "at " + std::string(path) + ": " + text_->what);
}

bool ValueWriter::fail(std::string text) {
  failure_.set(std::move(text));
  return false;
}

bool ValueReader::fail(std::string text) {
  failure_.set(std::move(text));
  return false;
}

bool ValueReader::too_deep() {
  return fail("messages, lists and maps lie too deep inside one another; the limit is " +
              std::to_string(limits_.depth));
}

bool ValueReader::too_much_overhead(std::size_t bytes) {
  const std::size_t taken = limits_.memory_for(received_) - memory_left_;
  return fail("the value " + codec::too_much_overhead(taken, bytes, received_, limits_));
}

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
