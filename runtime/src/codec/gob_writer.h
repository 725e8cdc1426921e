// Writes one value as gob: what follows the type's id in a message.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "tern/buffer.h"
#include "tern/walk.h"

namespace tern::codec {

class GobWriter final : public ValueWriter {
 public:
  // A message inside which the writer is.
  struct Level {
    const FieldShape* first = nullptr;
    const FieldShape* next = nullptr;  // the one that is announced next, or one before it
    std::uint32_t written = 0;         // fields up to the last one written
  };

  // Appends to `out`. `levels` is memory that is used again from one value to the next.
  GobWriter(Buffer& out, std::vector<Level>& levels) : out_(out), levels_(levels) {
    levels_.clear();
  }

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
  bool end_list() override { return true; }
  bool list(std::span<const std::int32_t> values) override;
  bool list(std::span<const std::int64_t> values) override;
  bool list(std::span<const std::uint32_t> values) override;
  bool list(std::span<const std::uint64_t> values) override;
  bool list(std::span<const float> values) override;
  bool list(std::span<const double> values) override;

  bool begin_map(std::size_t count) override { return begin_list(count); }
  bool end_map() override { return true; }

  bool begin_struct(const TypeShape& shape, std::size_t present) override;
  bool field(const Field& field) override;
  bool end_struct() override;

 private:
  // Room for `size` bytes, with the field's delta before it.
  std::byte* start(std::size_t size);
  void finish(const std::byte* end) { out_.truncate(static_cast<std::size_t>(end - out_.data())); }
  bool number(std::uint64_t value);
  template <typename T>
  bool numbers(std::span<const T> values);
  // What follows is an element, a key or a map's value: no delta, and zero is written.
  void inside() {
    delta_ = 0;
    omit_zero_ = false;
  }

  Buffer& out_;
  std::vector<Level>& levels_;
  std::uint32_t delta_ = 0;  // of the field whose value comes; 0: it has none
  bool omit_zero_ = false;   // the value that comes is left out if it is zero
};

}  // namespace tern::codec
