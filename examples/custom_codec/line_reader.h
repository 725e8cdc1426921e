// Reads one value from lines that come from a peer; line_codec.h describes them.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tern/walk.h"

class LineReader final : public tern::ValueReader {
 public:
  // `text` outlives the reader.
  LineReader(std::string_view text, const tern::DecodeLimits& limits)
      : ValueReader(limits), rest_(text) {}

  // Whether all has been read; a failure if not.
  bool at_end();

  bool boolean(bool& out) override;
  bool integer(std::int64_t& out, int bits) override;
  bool unsigned_integer(std::uint64_t& out, int bits) override;
  bool float32(float& out) override;
  bool float64(double& out) override;
  bool string(std::string& out) override;
  bool bytes(std::vector<std::byte>& out) override;
  bool timestamp(tern::Timestamp& out) override;
  bool duration(tern::Duration& out) override;
  bool enumerator(std::int32_t& value, std::string_view& name) override;

  bool begin_list(std::size_t& count) override;
  bool next_element() override { return !at_bracket("]"); }
  bool begin_map(std::size_t& count) override;
  bool next_entry() override { return !at_bracket(")"); }
  bool begin_struct(const tern::TypeShape& shape) override;
  bool next_field(const tern::TypeShape& shape, std::size_t& index) override;

 private:
  template <typename Number>
  bool number(Number& out, std::string_view what);
  bool expect(std::string_view bracket);
  // What has to be read next: the rest of a field's line, or a line.
  bool take(std::string_view& value);
  bool take_line(std::string_view& line);
  // True with the closing bracket taken, or at a failure; else a value comes.
  bool at_bracket(std::string_view bracket);
  // Goes past a value whose first line has been taken.
  bool skip(std::string_view value);
  // "expected a number, got "true"": always false.
  bool unexpected(std::string_view what, std::string_view got);

  std::string_view rest_;
  std::optional<std::string_view> behind_name_;
};
