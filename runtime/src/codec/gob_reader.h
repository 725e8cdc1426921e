// Reads one value out of a gob message, by the plan for its type.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "codec/gob_number.h"
#include "codec/gob_plan.h"
#include "codec/gob_types.h"
#include "tern/buffer.h"
#include "tern/walk.h"

namespace tern::codec {

class GobReader final : public ValueReader {
 public:
  // A list, map or message inside which the reader is.
  struct Level {
    GobPlan* plan = nullptr;
    GobFieldPlan* fields = nullptr;  // messages: those of the plan
    std::size_t field_count = 0;
    std::uint64_t left = 0;  // lists and maps: elements to come
    std::size_t next = 0;    // messages: the first field that nothing has been done about
    std::size_t target = 0;  // messages: the field whose value comes after those left out...
    bool at_value = false;   // ...if there is one
    bool at_end = false;     // messages: only fields that were left out are to be handed out
    std::size_t unions = 0;  // messages: where the bits of its unions begin
    // Where to go on after a field that was left out; null if none was handed out last.
    const std::byte* resume_at = nullptr;
    const std::byte* resume_end = nullptr;
  };

  // What is used again from one value to the next.
  struct Memory {
    std::vector<Level> levels;
    std::vector<bool> unions;
  };

  // `in` is a value of the type that `plan` reads.
  GobReader(ByteView in, GobPlan& plan, GobTypes& types, GobPlans& plans, Memory& memory,
            const DecodeLimits& limits);

  // To be called after the value: nothing may follow it.
  bool end();

  bool boolean(bool& out) override;
  bool integer(std::int64_t& out, int bits) override;
  bool unsigned_integer(std::uint64_t& out, int bits) override;
  bool float32(float& out) override;
  bool float64(double& out) override;
  bool string(std::string& out) override;
  bool bytes(std::vector<std::byte>& out) override;
  bool timestamp(Timestamp& out) override;
  bool duration(Duration& out) override;
  bool enumerator(std::int32_t& value, std::string_view& name) override;

  bool begin_list(std::size_t& count) override;
  bool next_element() override;
  bool list(std::vector<std::int32_t>& out) override;
  bool list(std::vector<std::int64_t>& out) override;
  bool list(std::vector<std::uint32_t>& out) override;
  bool list(std::vector<std::uint64_t>& out) override;
  bool list(std::vector<float>& out) override;
  bool list(std::vector<double>& out) override;

  bool begin_map(std::size_t& count) override;
  bool next_entry() override;
  bool key_boolean(bool& out) override;
  bool key_integer(std::int64_t& out, int bits) override;
  bool key_unsigned(std::uint64_t& out, int bits) override;
  bool key_string(std::string& out) override;

  bool begin_struct(const TypeShape& shape) override;
  bool next_field(const TypeShape& shape, std::size_t& index) override;

 private:
  std::size_t left() const noexcept { return static_cast<std::size_t>(end_ - at_); }
  bool number(std::uint64_t& value);
  bool view(ByteView& out);
  bool fits() { return plan_->fits || mismatch(); }
  template <typename T>
  bool wire_number(T& value, GobKind kind);
  template <typename T>
  bool numbers(std::vector<T>& out);

  // Structure.
  bool count_of(std::uint64_t& count, std::size_t each);
  bool inner(GobPlan*& plan, std::int32_t type, const TypeShape& shape);
  // Into a list or a map of so many; and to the next of them, whose plan is `which` of that one's.
  // False: there is none, and the level is left.
  void enter(std::uint64_t count);
  bool next(GobPlan* GobPlan::*which);
  bool next_field_apart(std::size_t& index);
  bool hand_out(Level& level, std::size_t remote, std::size_t& index);
  bool hand_out_zero(Level& level, std::size_t remote, std::size_t& index);
  bool is_zero() const noexcept;

  // What is not ours.
  bool skip(std::int32_t type);

  // Failures.
  [[gnu::cold]] bool cut();
  [[gnu::cold]] bool mismatch();
  [[gnu::cold]] bool undefined(std::int32_t type, GobPlans::Missing missing);
  [[gnu::cold]] bool out_of_range(std::uint64_t folded, GobKind kind, std::string_view type);
  [[gnu::cold]] bool fail_in(std::string_view field, std::string text);

  const std::byte* at_;
  const std::byte* end_;
  GobPlan* plan_;  // of the value that comes
  GobTypes& types_;
  GobPlans& plans_;
  std::vector<Level>& levels_;
  std::vector<bool>& unions_;
  std::size_t depth_limit_;
};

[[gnu::always_inline]] inline bool GobReader::number(std::uint64_t& value) {
  const std::byte* next = take_gob_uint(at_, end_, value);
  if (next == nullptr) [[unlikely]]
    return cut();
  at_ = next;
  return true;
}

}  // namespace tern::codec
