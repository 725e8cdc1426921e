// A value as a series of calls: what a codec other than the native one implements.
//
// Every type can be walked. Writing, the walk announces the value to a ValueWriter from the outside
// in; reading, it asks a ValueReader for what it needs next. For a message with an int64 `id` = 7
// and an empty list `tags` the calls are
//
//   writing                            reading
//   begin_struct(shape, 2)             begin_struct(shape)
//   field(id)   integer(7)             next_field(shape, i) -> i = 0   integer(v, 64)
//   field(tags) begin_list(0)          next_field(shape, i) -> i = 1   begin_list(n)
//               end_list()                                             next_element() -> false
//   end_struct()                       next_field(shape, i) -> false
//
// A call that returns false ends the walk; the reason is in failure(). The walk itself adds where
// it happened ("points[3].x"), counts the depth when it reads, checks that numbers fit, and gives
// what was not there its default. Lists of numbers go by one call, list(), which is made of the
// others unless a codec overrides it. examples/custom_codec shows a codec written with this.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tern/buffer.h"
#include "tern/codegen/type_ops.h"
#include "tern/codegen/type_shape.h"
#include "tern/field.h"
#include "tern/status.h"

namespace tern {

// Why a walk ended early, and the way to the place. Costs one pointer until it is needed.
class WalkFailure {
 public:
  WalkFailure() noexcept;
  WalkFailure(WalkFailure&&) noexcept;
  WalkFailure& operator=(WalkFailure&&) noexcept;
  ~WalkFailure();

  explicit operator bool() const noexcept { return text_ != nullptr; }
  // Keeps the first text only.
  void set(std::string text);
  // The walk unwinds from the inside out: each level puts its part in front.
  void at_field(std::string_view name);
  void at_index(std::size_t index);
  void at_key(std::string_view key);
  // "at points[3].x: expected an integer, got true".
  Status status() const;

 private:
  struct Text;
  std::unique_ptr<Text> text_;
};

// Takes a value apart. Lists, maps and structs nest; exactly one value is written at the top.
class ValueWriter {
 public:
  ValueWriter() = default;
  ValueWriter(const ValueWriter&) = delete;
  ValueWriter& operator=(const ValueWriter&) = delete;
  virtual ~ValueWriter() = default;

  virtual bool boolean(bool value) = 0;
  virtual bool integer(std::int64_t value) = 0;            // int32 and int64
  virtual bool unsigned_integer(std::uint64_t value) = 0;  // uint32 and uint64
  virtual bool float32(float value) = 0;
  virtual bool float64(double value) = 0;
  virtual bool string(std::string_view value) = 0;  // not known to be UTF-8
  virtual bool bytes(ByteView value) = 0;
  virtual bool timestamp(Timestamp value) = 0;
  virtual bool duration(Duration value) = 0;
  // `name` is empty for a number that the enum does not name.
  virtual bool enumerator(std::int32_t value, std::string_view name) = 0;

  // `count` values follow.
  virtual bool begin_list(std::size_t count) = 0;
  virtual bool end_list() = 0;

  // A list of numbers, all of it. As it stands it calls begin_list, the function above for each
  // number, end_list; a format that can do better with all of them at hand overrides it, and says
  // by failure().at_index() at which one it failed.
  virtual bool list(std::span<const std::int32_t> values);
  virtual bool list(std::span<const std::int64_t> values);
  virtual bool list(std::span<const std::uint32_t> values);
  virtual bool list(std::span<const std::uint64_t> values);
  virtual bool list(std::span<const float> values);
  virtual bool list(std::span<const double> values);

  // `count` times a key, through one of the key functions, and its value. Keys come in ascending
  // order. A format whose keys are like any other value leaves the key functions as they are.
  virtual bool begin_map(std::size_t count) = 0;
  virtual bool key_boolean(bool key) { return boolean(key); }
  virtual bool key_integer(std::int64_t key) { return integer(key); }
  virtual bool key_unsigned(std::uint64_t key) { return unsigned_integer(key); }
  virtual bool key_string(std::string_view key) { return string(key); }
  virtual bool end_map() = 0;

  // `present` times a field and its value, in order of number. An optional without a value and a
  // union member that is not set are not announced.
  virtual bool begin_struct(const TypeShape& shape, std::size_t present) = 0;
  virtual bool field(const Field& field) = 0;
  virtual bool end_struct() = 0;

  // Ends the walk; always false, to be returned.
  bool fail(std::string text);
  WalkFailure& failure() noexcept { return failure_; }

 private:
  WalkFailure failure_;
};

// Gives out the values that a format holds, in the format's own order. Of a value that is null the
// reader makes the type's zero value: 0, "", an empty list, map or struct; a field that is null it
// skips.
class ValueReader {
 public:
  // The field before the first one.
  static constexpr std::size_t kNoField = std::numeric_limits<std::size_t>::max();

  explicit ValueReader(const DecodeLimits& limits) noexcept
      : depth_left_(limits.depth), limits_(limits) {}
  ValueReader(const ValueReader&) = delete;
  ValueReader& operator=(const ValueReader&) = delete;
  virtual ~ValueReader() = default;

  virtual bool boolean(bool& out) = 0;
  // `bits` is 32 or 64: what the field holds. A reader need not look at it: the walk refuses a
  // number that does not fit.
  virtual bool integer(std::int64_t& out, int bits) = 0;
  virtual bool unsigned_integer(std::uint64_t& out, int bits) = 0;
  virtual bool float32(float& out) = 0;
  virtual bool float64(double& out) = 0;
  virtual bool string(std::string& out) = 0;
  virtual bool bytes(std::vector<std::byte>& out) = 0;
  virtual bool timestamp(Timestamp& out) = 0;
  virtual bool duration(Duration& out) = 0;
  // Gives the number, or the name if the format has that; the other is left alone. The name is
  // good until the next call.
  virtual bool enumerator(std::int32_t& value, std::string_view& name) = 0;

  // `count` says how many elements come, as far as the bytes that are left can hold them; 0 if
  // the format does not say. It is a hint for reserving memory.
  virtual bool begin_list(std::size_t& count) = 0;
  // Whether one more comes. At the end false, with the list behind the reader and no failure.
  virtual bool next_element() = 0;

  // A list of numbers, all of it, in place of what `out` holds. As it stands it calls begin_list
  // and, for each number, next_element and the function above. A format that overrides it checks
  // that numbers fit and says by failure().at_index() at which one it failed; it reserves no more
  // than the bytes that are left can hold. enter() and leave() are the walk's.
  virtual bool list(std::vector<std::int32_t>& out);
  virtual bool list(std::vector<std::int64_t>& out);
  virtual bool list(std::vector<std::uint32_t>& out);
  virtual bool list(std::vector<std::uint64_t>& out);
  virtual bool list(std::vector<float>& out);
  virtual bool list(std::vector<double>& out);

  virtual bool begin_map(std::size_t& count) = 0;
  // As next_element; what comes is a key, then its value.
  virtual bool next_entry() = 0;
  virtual bool key_boolean(bool& out) { return boolean(out); }
  virtual bool key_integer(std::int64_t& out, int bits) { return integer(out, bits); }
  virtual bool key_unsigned(std::uint64_t& out, int bits) { return unsigned_integer(out, bits); }
  virtual bool key_string(std::string& out) { return string(out); }

  virtual bool begin_struct(const TypeShape& shape) = 0;
  // Finds the next field of `shape.fields` that is there; skips what the shape does not have.
  // `index` comes in as the field read before, kNoField at first: the likeliest next one follows
  // it. False at the end of the struct, with the struct behind the reader and no failure.
  virtual bool next_field(const TypeShape& shape, std::size_t& index) = 0;

  // One level deeper, or a failure if that is too deep: called by the walk for each struct, list
  // and map, and by a reader for those that it skips.
  bool enter() {
    if (depth_left_ == 0) return too_deep();
    --depth_left_;
    return true;
  }
  void leave() noexcept { ++depth_left_; }

  // Takes memory from what the value may have, or a failure if there is not that much left. The
  // walk calls it for elements and entries beyond the `count` of begin_list and begin_map, which
  // are the reader's to charge, and for boxed values; also where a used value has that memory, so
  // that the bytes alone decide.
  bool charge(std::size_t bytes) {
    if (bytes > memory_left_) [[unlikely]]
      return too_much_overhead(bytes);
    memory_left_ -= bytes;
    return true;
  }

  // What was taken of DecodeLimits::decode_overhead_bytes.
  std::size_t overhead_taken() const noexcept {
    return memory_left_ < limits_.decode_overhead_bytes
               ? limits_.decode_overhead_bytes - memory_left_
               : 0;
  }

  // Ends the walk; always false, to be returned.
  bool fail(std::string text);
  WalkFailure& failure() noexcept { return failure_; }
  bool ok() const noexcept { return !failure_; }

 protected:
  // For a reader that knows in how many bytes the value came: from here on it has the memory that
  // the limits grant for them. Without this it has all.
  void bound_memory(std::size_t bytes) noexcept {
    received_ = bytes;
    memory_left_ = limits_.memory_for(bytes);
  }

 private:
  bool too_deep();
  [[gnu::cold]] bool too_much_overhead(std::size_t bytes);

  std::size_t depth_left_;
  std::size_t memory_left_ = std::numeric_limits<std::size_t>::max();
  std::size_t received_ = 0;
  DecodeLimits limits_;
  WalkFailure failure_;
};

}  // namespace tern
