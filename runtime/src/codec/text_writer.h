// Writes a value as text for people. tern/print.h says how it looks; nothing in it fails.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "tern/walk.h"

namespace tern::codec {

class TextWriter final : public ValueWriter {
 public:
  // Appends to `out`.
  explicit TextWriter(std::string& out) : out_(out) {}

  bool boolean(bool value) override;
  bool integer(std::int64_t value) override;
  bool unsigned_integer(std::uint64_t value) override;
  bool float32(float value) override;
  bool float64(double value) override;
  bool string(std::string_view value) override;
  bool bytes(ByteView value) override;
  bool timestamp(Timestamp value) override;
  bool duration(Duration value) override;
  bool enumerator(std::int32_t value, std::string_view name) override;

  bool begin_list(std::size_t) override { return open('['); }
  bool end_list() override { return close(']'); }

  bool begin_map(std::size_t) override { return open('{'); }
  bool key_boolean(bool key) override { return boolean(key) && colon(); }
  bool key_integer(std::int64_t key) override { return integer(key) && colon(); }
  bool key_unsigned(std::uint64_t key) override { return unsigned_integer(key) && colon(); }
  bool key_string(std::string_view key) override { return string(key) && colon(); }
  bool end_map() override { return close('}'); }

  bool begin_struct(const TypeShape&, std::size_t) override { return open('{'); }
  bool field(const Field& field) override;
  bool end_struct() override { return close('}'); }

 private:
  // Where a value begins: with a comma if it is not the first.
  std::string& start();
  bool finish() {
    comma_due_ = true;
    return true;
  }
  bool open(char bracket);
  bool close(char bracket);
  bool colon();
  template <typename T>
  bool number(T value);

  std::string& out_;
  bool comma_due_ = false;
};

}  // namespace tern::codec
