#include "codec/gob_reader.h"

#include <limits>
#include <type_traits>
#include <utility>

#include "codec/gob_number.h"
#include "codec/gob_time.h"

namespace tern::codec {
namespace {

// Of a map's entry, beside key and value, as MapRefill makes it.
constexpr std::size_t kNodeMemory = 40;

template <typename T>
constexpr std::string_view name_of() {
  if constexpr (std::is_same_v<T, std::int32_t>) return "int32";
  if constexpr (std::is_same_v<T, std::int64_t>) return "int64";
  if constexpr (std::is_same_v<T, std::uint32_t>) return "uint32";
  if constexpr (std::is_same_v<T, std::uint64_t>) return "uint64";
  return "float";
}

// A number as it was sent, as one of ours; false if it does not fit.
template <typename T>
[[gnu::always_inline]] inline bool convert(std::uint64_t sent, GobKind kind, T& out) noexcept {
  if constexpr (std::is_same_v<T, double>) {
    out = gob_float_of(sent);
    return true;
  } else if constexpr (std::is_same_v<T, float>) {
    return narrowed(gob_float_of(sent), out);
  } else {
    if (kind == GobKind::kInt) {
      const std::int64_t value = gob_unfolded(sent);
      out = static_cast<T>(value);
      return std::in_range<T>(value);
    }
    out = static_cast<T>(sent);
    return std::in_range<T>(sent);
  }
}

}  // namespace

GobReader::GobReader(ByteView in, GobPlan& plan, GobTypes& types, GobPlans& plans, Memory& memory,
                     const DecodeLimits& limits)
    : ValueReader(limits),
      at_(in.data()),
      end_(in.data() + in.size()),
      plan_(&plan),
      types_(types),
      plans_(plans),
      levels_(memory.levels),
      unions_(memory.unions),
      depth_limit_(limits.depth) {
  bound_memory(in.size());
  levels_.clear();
  unions_.clear();
}

bool GobReader::end() {
  if (!ok()) return false;
  return at_ == end_ || fail(std::to_string(left()) + " bytes follow the value in its message");
}

// ---- scalars

bool GobReader::view(ByteView& out) {
  std::uint64_t size = 0;
  if (!number(size)) return false;
  if (size > left()) return cut();
  out = {at_, static_cast<std::size_t>(size)};
  at_ += size;
  return true;
}

template <typename T>
[[gnu::always_inline]] inline bool GobReader::wire_number(T& value, GobKind kind) {
  std::uint64_t sent = 0;
  if (!number(sent)) return false;
  if (convert(sent, kind, value)) [[likely]]
    return true;
  return out_of_range(sent, kind, name_of<T>());
}

bool GobReader::boolean(bool& out) {
  std::uint64_t sent = 0;
  if (!fits() || !number(sent)) return false;
  out = sent != 0;
  return true;
}

bool GobReader::integer(std::int64_t& out, int) {
  return fits() && wire_number(out, plan_->type->kind);
}
bool GobReader::unsigned_integer(std::uint64_t& out, int) {
  return fits() && wire_number(out, plan_->type->kind);
}
bool GobReader::float32(float& out) {
  return fits() && wire_number(out, plan_->type->kind);
}
bool GobReader::float64(double& out) {
  return fits() && wire_number(out, plan_->type->kind);
}

bool GobReader::string(std::string& out) {
  ByteView text;
  if (!fits() || !view(text)) return false;
  out.assign(as_text(text));
  return true;
}

bool GobReader::bytes(std::vector<std::byte>& out) {
  ByteView sent;
  if (!fits() || !view(sent)) return false;
  out.assign(sent.begin(), sent.end());
  return true;
}

bool GobReader::timestamp(Timestamp& out) {
  if (!fits()) return false;
  if (is_zero()) {
    ++at_;
    out = Timestamp();
    return true;
  }
  ByteView sent;
  std::string why;
  return view(sent) && (read_gob_time(sent, out, why) || fail(std::move(why)));
}

bool GobReader::duration(Duration& out) {
  std::int64_t count = 0;
  if (!fits() || !wire_number(count, plan_->type->kind)) return false;
  out = Duration(count);
  return true;
}

bool GobReader::enumerator(std::int32_t& value, std::string_view&) {
  return fits() && wire_number(value, plan_->type->kind);
}

// ---- lists and maps

// Reads how many elements come. Each takes a byte at least.
bool GobReader::count_of(std::uint64_t& count, std::size_t each) {
  if (!number(count)) return false;
  if (count > left()) {
    return fail("a list or map announces " + std::to_string(count) + " elements in " +
                std::to_string(left()) + " bytes");
  }
  constexpr std::size_t kMost = std::numeric_limits<std::size_t>::max();
  return charge(each != 0 && count > kMost / each ? kMost : static_cast<std::size_t>(count) * each);
}

// Finds the plan for what is inside a list, map or message, when it comes for the first time.
bool GobReader::inner(GobPlan*& plan, std::int32_t type, const TypeShape& shape) {
  if (plan != nullptr) [[likely]]
    return true;
  GobPlans::Missing missing = GobPlans::Missing::kNothing;
  plan = plans_.find(type, shape, missing);
  return plan != nullptr || undefined(type, missing);
}

void GobReader::enter(std::uint64_t count) {
  Level& level = levels_.emplace_back();
  level.plan = plan_;
  level.left = count;
}

[[gnu::always_inline]] inline bool GobReader::next(GobPlan* GobPlan::*which) {
  Level& level = levels_.back();
  if (level.left == 0) {
    levels_.pop_back();
    return false;
  }
  --level.left;
  plan_ = level.plan->*which;
  return true;
}

bool GobReader::begin_list(std::size_t& count) {
  if (!fits()) return false;
  const std::size_t each = plan_->shape->element->size;
  std::uint64_t announced = 0;
  if (!count_of(announced, each)) return false;
  if (announced != 0 && !inner(plan_->element, plan_->type->element, *plan_->shape->element)) {
    return false;
  }
  count = static_cast<std::size_t>(announced);
  enter(announced);
  return true;
}

bool GobReader::next_element() {
  return next(&GobPlan::element);
}

template <typename T>
bool GobReader::numbers(std::vector<T>& out) {
  if (!fits()) return false;
  std::uint64_t count = 0;
  if (!count_of(count, sizeof(T))) return false;
  if (count == 0) {
    out.clear();
    return true;
  }
  if (!inner(plan_->element, plan_->type->element, *plan_->shape->element)) return false;
  plan_ = plan_->element;
  if (!fits()) return false;
  out.resize(static_cast<std::size_t>(count));
  const std::byte* at = at_;
  const std::byte* const end = end_;
  const auto all = [&](auto kind) {
    for (T& element : out) {
      std::uint64_t sent = 0;
      const std::byte* next = take_gob_uint(at, end, sent);
      if (next == nullptr || !convert(sent, kind(), element)) return &element;
      at = next;
    }
    return static_cast<T*>(nullptr);
  };
  // The kind is a constant inside the loop.
  const T* stopped = plan_->type->kind == GobKind::kInt ? all([] { return GobKind::kInt; })
                                                        : all([] { return GobKind::kUint; });
  at_ = at;
  if (stopped == nullptr) return true;
  T again{};
  (void)wire_number(again, plan_->type->kind);
  failure().at_index(static_cast<std::size_t>(stopped - out.data()));
  return false;
}

bool GobReader::list(std::vector<std::int32_t>& out) {
  return numbers(out);
}
bool GobReader::list(std::vector<std::int64_t>& out) {
  return numbers(out);
}
bool GobReader::list(std::vector<std::uint32_t>& out) {
  return numbers(out);
}
bool GobReader::list(std::vector<std::uint64_t>& out) {
  return numbers(out);
}
bool GobReader::list(std::vector<float>& out) {
  return numbers(out);
}
bool GobReader::list(std::vector<double>& out) {
  return numbers(out);
}

bool GobReader::begin_map(std::size_t& count) {
  if (!fits()) return false;
  const TypeShape& shape = *plan_->shape;
  std::uint64_t announced = 0;
  if (!count_of(announced, shape.key->size + shape.element->size + kNodeMemory)) return false;
  if (announced != 0 && (!inner(plan_->key, plan_->type->key, *shape.key) ||
                         !inner(plan_->element, plan_->type->element, *shape.element))) {
    return false;
  }
  count = static_cast<std::size_t>(announced);
  enter(announced);
  return true;
}

bool GobReader::next_entry() {
  return next(&GobPlan::key);
}

// After a key comes its value.
bool GobReader::key_boolean(bool& out) {
  const bool done = boolean(out);
  plan_ = levels_.back().plan->element;
  return done;
}
bool GobReader::key_integer(std::int64_t& out, int bits) {
  const bool done = integer(out, bits);
  plan_ = levels_.back().plan->element;
  return done;
}
bool GobReader::key_unsigned(std::uint64_t& out, int bits) {
  const bool done = unsigned_integer(out, bits);
  plan_ = levels_.back().plan->element;
  return done;
}
bool GobReader::key_string(std::string& out) {
  const bool done = string(out);
  plan_ = levels_.back().plan->element;
  return done;
}

// ---- failures

bool GobReader::cut() {
  return fail("the message ends in the middle of a value, or a number is malformed");
}

bool GobReader::mismatch() {
  return fail("expected " + std::string(plan_->shape->name) + ", got " +
              gob_description(*plan_->type));
}

bool GobReader::undefined(std::int32_t type, GobPlans::Missing missing) {
  if (missing == GobPlans::Missing::kRoom) {
    return fail("the peer's types are read into too many of ours");
  }
  return fail("its type, number " + std::to_string(type) + ", is not defined");
}

bool GobReader::out_of_range(std::uint64_t sent, GobKind kind, std::string_view type) {
  const std::string value = kind == GobKind::kInt    ? std::to_string(gob_unfolded(sent))
                            : kind == GobKind::kUint ? std::to_string(sent)
                                                     : std::to_string(gob_float_of(sent));
  return fail(value + " does not fit in " + std::string(type));
}

}  // namespace tern::codec
