#include "codec/gob_plan.h"

#include <algorithm>
#include <limits>

#include "codec/gob_names.h"

namespace tern::codec {
namespace {

bool can_hold(Kind ours, GobKind theirs) noexcept {
  switch (ours) {
    case Kind::kBool:
      return theirs == GobKind::kBool;
    case Kind::kInt32:
    case Kind::kInt64:
    case Kind::kUint32:
    case Kind::kUint64:
    case Kind::kDuration:
    case Kind::kEnum:
      return theirs == GobKind::kInt || theirs == GobKind::kUint;
    case Kind::kFloat:
    case Kind::kDouble:
      return theirs == GobKind::kFloat;
    case Kind::kString:
      return theirs == GobKind::kString;
    case Kind::kBytes:
      return theirs == GobKind::kBytes;
    case Kind::kTimestamp:
      return theirs == GobKind::kBinary;
    case Kind::kList:
      return theirs == GobKind::kList;
    case Kind::kMap:
      return theirs == GobKind::kMap;
    case Kind::kStruct:
      return theirs == GobKind::kStruct;
  }
  return false;
}

void match_fields(GobPlan& plan) {
  const GobFieldIndex index(*plan.shape);
  std::vector<bool> taken(plan.shape->fields.size());
  plan.fields.reserve(plan.type->fields.size());
  for (const GobField& theirs : plan.type->fields) {
    GobFieldPlan& field = plan.fields.emplace_back();
    field.type = theirs.type;
    const std::size_t local = index.find(plan.type->name(theirs));
    // Of two spellings of one field the first counts.
    if (local == GobFieldIndex::kNone || taken[local]) continue;
    taken[local] = true;
    const FieldShape& ours = plan.shape->fields[local];
    field.local = static_cast<std::uint16_t>(local);
    field.union_index = ours.union_index;
    field.always = ours.presence == Presence::kAlways;
  }
  for (const FieldShape& ours : plan.shape->fields) {
    plan.unions = std::max(plan.unions, ours.union_index);
  }
}

}  // namespace

GobPlan* GobPlans::find(std::int32_t id, const TypeShape& shape, Missing& missing) {
  const auto known = plans_.find({id, &shape});
  if (known != plans_.end()) return known->second.get();
  const GobType* type = types_.find(id);
  if (type == nullptr) {
    missing = Missing::kType;
    return nullptr;
  }
  auto plan = std::make_unique<GobPlan>();
  plan->type = type;
  plan->shape = &shape;
  plan->fits = can_hold(shape.kind, type->kind);
  const bool fields = plan->fits && shape.kind == Kind::kStruct;
  // A type is read into one or two of ours; a peer that makes us compare everything with
  // everything is none that we have to understand.
  constexpr std::size_t kFreeEntries = 2048;
  entries_ += 4 + (fields ? type->fields.size() : 0);
  if (entries_ > kFreeEntries + types_.bytes() / 4) {
    entries_ -= 4 + (fields ? type->fields.size() : 0);
    missing = Missing::kRoom;
    return nullptr;
  }
  if (fields) match_fields(*plan);
  return plans_.emplace(std::pair(id, &shape), std::move(plan)).first->second.get();
}

}  // namespace tern::codec
