// Writes a value as JSON. docs/codecs.md says how each type looks.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "tern/buffer.h"
#include "tern/walk.h"

namespace tern::codec {

// How integers look that a double cannot tell from their neighbours: JavaScript reads every number
// as a double, and rounds them without a sign. Readers of ours, and of protobuf's JSON, take both.
enum class LargeIntegers : std::uint8_t { kPlain, kQuoted };

class JsonWriter final : public ValueWriter {
 public:
  // Appends to `out`, which must outlive this.
  explicit JsonWriter(Buffer& out, LargeIntegers large = LargeIntegers::kPlain)
      : out_(out), quotes_large_(large == LargeIntegers::kQuoted) {}

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

  bool begin_list(std::size_t count) override;
  bool end_list() override;
  bool list(std::span<const std::int32_t> values) override;
  bool list(std::span<const std::int64_t> values) override;
  bool list(std::span<const std::uint32_t> values) override;
  bool list(std::span<const std::uint64_t> values) override;
  bool list(std::span<const float> values) override;
  bool list(std::span<const double> values) override;

  bool begin_map(std::size_t count) override;
  bool key_boolean(bool key) override;
  bool key_integer(std::int64_t key) override;
  bool key_unsigned(std::uint64_t key) override;
  bool key_string(std::string_view key) override;
  bool end_map() override;

  bool begin_struct(const TypeShape& shape, std::size_t present) override;
  bool field(const Field& field) override;
  bool end_struct() override;

 private:
  // Room for `size` characters and the comma, which is written if one is due.
  char* start(std::size_t size);
  void finish(char* end);
  bool open(char bracket);
  bool close(char bracket);
  template <typename T>
  bool number(T value);
  template <typename T>
  bool wide_number(T value);
  template <typename T>
  bool numbers(std::span<const T> values);
  template <typename T>
  bool floating(T value);
  template <typename T>
  bool number_key(T value);
  bool quoted(std::string_view text);
  void escaped(std::string_view text);

  Buffer& out_;
  const bool quotes_large_;
  bool comma_due_ = false;  // a value came before this one, in the same list, map or struct
};

}  // namespace tern::codec
