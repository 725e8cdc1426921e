// The fields of a message: those that come, and those that the peer has left out.
#include <cstddef>
#include <string>
#include <utility>

#include "codec/gob_reader.h"
#include "codec/gob_skip.h"

namespace tern::codec {
namespace {

// Every kind of value that is zero is this one byte; of a field that was left out we read it here.
constexpr std::byte kZero[1] = {};

}  // namespace

bool GobReader::begin_struct(const TypeShape&) {
  if (!fits()) return false;
  Level& level = levels_.emplace_back();
  level.plan = plan_;
  level.fields = plan_->fields.data();
  level.field_count = plan_->fields.size();
  if (plan_->unions != 0) {
    level.unions = unions_.size();
    unions_.resize(unions_.size() + plan_->unions);
  }
  return true;
}

bool GobReader::is_zero() const noexcept {
  return at_ == kZero;
}

// A field with a value in the bytes.
[[gnu::always_inline]] inline bool GobReader::hand_out(Level& level, std::size_t remote,
                                                       std::size_t& index) {
  GobFieldPlan& field = level.plan->fields[remote];
  const FieldShape& ours = level.plan->shape->fields[field.local];
  index = field.local;
  if (field.plan == nullptr && !inner(field.plan, field.type, *ours.type)) {
    failure().at_field(ours.field.name);
    return false;
  }
  if (field.union_index != 0) {
    const auto bit =
        unions_.begin() + static_cast<std::ptrdiff_t>(level.unions) + field.union_index - 1;
    if (*bit) return fail_in(ours.field.name, "it is the second member of its union that is set");
    *bit = true;
  }
  field.plain = field.union_index == 0;
  plan_ = field.plan;
  return true;
}

// A field that the peer has and left out, since it is zero; false if it is not for us. One that the
// peer does not have gets its default from the walk.
bool GobReader::hand_out_zero(Level& level, std::size_t remote, std::size_t& index) {
  GobFieldPlan& field = level.plan->fields[remote];
  if (field.local == GobFieldPlan::kSkipped || !field.always) return false;
  const FieldShape& ours = level.plan->shape->fields[field.local];
  GobPlans::Missing missing = GobPlans::Missing::kNothing;
  if (field.plan == nullptr) field.plan = plans_.find(field.type, *ours.type, missing);
  if (field.plan == nullptr || !field.plan->fits) return false;
  plan_ = field.plan;
  index = field.local;
  level.resume_at = at_;
  level.resume_end = end_;
  at_ = kZero;
  end_ = kZero + 1;
  return true;
}

// Mostly the next field of the peer's comes, and is one of ours.
bool GobReader::next_field(const TypeShape&, std::size_t& index) {
  Level& level = levels_.back();
  if (at_ != end_ && *at_ == std::byte{1} && level.next < level.field_count &&
      level.next >= level.target && !level.at_value && !level.at_end && level.resume_at == nullptr)
      [[likely]] {
    const GobFieldPlan& field = level.fields[level.next];
    if (field.plain) [[likely]] {
      ++at_;
      ++level.next;
      plan_ = field.plan;
      index = field.local;
      return true;
    }
  }
  return next_field_apart(index);
}

[[gnu::noinline]] bool GobReader::next_field_apart(std::size_t& index) {
  Level& level = levels_.back();
  const std::size_t count = level.field_count;
  if (level.resume_at != nullptr) {
    at_ = std::exchange(level.resume_at, nullptr);
    end_ = level.resume_end;
  }
  for (;;) {
    while (level.next < level.target) {
      if (hand_out_zero(level, level.next++, index)) return true;
    }
    if (level.at_value) {
      level.at_value = false;
      const std::size_t remote = level.next++;
      const GobFieldPlan& field = level.plan->fields[remote];
      if (field.local != GobFieldPlan::kSkipped) [[likely]]
        return hand_out(level, remote, index);
      if (!skip(field.type)) {
        const GobType& type = *level.plan->type;
        failure().at_field(type.name(type.fields[remote]));
        return false;
      }
    }
    if (level.at_end) {
      unions_.resize(unions_.size() - level.plan->unions);
      levels_.pop_back();
      return false;
    }
    std::uint64_t delta = 0;
    if (!number(delta)) return false;
    if (delta > count - level.next) return fail(gob_no_field(*level.plan->type, level.next, delta));
    level.at_end = delta == 0;
    level.at_value = delta != 0;
    level.target = delta == 0 ? count : level.next + static_cast<std::size_t>(delta) - 1;
  }
}

bool GobReader::skip(std::int32_t type) {
  GobSkipper skipper({at_, left()}, types_, depth_limit_, levels_.size());
  if (!skipper.skip(type)) return fail(skipper.why());
  at_ = skipper.at();
  return true;
}

bool GobReader::fail_in(std::string_view field, std::string text) {
  fail(std::move(text));
  failure().at_field(field);
  return false;
}

}  // namespace tern::codec
