// Writes one value as lines; line_codec.h describes them.
#pragma once

#include "tern/walk.h"

class LineWriter final : public tern::ValueWriter {
 public:
  // Appends to `out`, which outlives the writer.
  explicit LineWriter(tern::Buffer& out) : out_(out) {}

  bool boolean(bool value) override;
  bool integer(std::int64_t value) override;
  bool unsigned_integer(std::uint64_t value) override;
  bool float32(float value) override;
  bool float64(double value) override;
  bool string(std::string_view value) override;
  bool bytes(tern::ByteView value) override;
  bool timestamp(tern::Timestamp value) override;
  bool duration(tern::Duration value) override;
  bool enumerator(std::int32_t value, std::string_view name) override;

  // Keys are written like other values: the key functions stay as they are.
  bool begin_list(std::size_t /*count*/) override { return open('['); }
  bool end_list() override { return close(']'); }
  bool begin_map(std::size_t /*count*/) override { return open('('); }
  bool end_map() override { return close(')'); }
  bool begin_struct(const tern::TypeShape& /*shape*/, std::size_t /*present*/) override {
    return open('{');
  }
  bool field(const tern::Field& field) override;
  bool end_struct() override { return close('}'); }

 private:
  template <typename Number>
  bool number(Number value);
  // A line with this value; it goes behind the name of a field if that has just been written.
  bool line(std::string_view value);
  bool open(char bracket);
  bool close(char bracket);
  void indent();

  tern::Buffer& out_;
  std::size_t depth_ = 0;
  bool behind_name_ = false;
};
