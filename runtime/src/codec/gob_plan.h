// How a type of the peer's is read into one of ours, worked out once.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <utility>
#include <vector>

#include "codec/gob_types.h"
#include "tern/codegen/type_shape.h"

namespace tern::codec {

struct GobPlan;

// A field of the peer's.
struct GobFieldPlan {
  static constexpr std::uint16_t kSkipped = 0xffff;

  GobPlan* plan = nullptr;  // null until the field comes for the first time
  std::int32_t type = 0;
  std::uint16_t local = kSkipped;  // its place among our fields
  std::uint16_t union_index = 0;   // as in FieldShape
  bool always = false;             // ours has a value also when the peer left it out
  bool plain = false;              // `plan` is there, and nothing is to be done but to follow it
};

struct GobPlan {
  const GobType* type = nullptr;
  const TypeShape* shape = nullptr;
  bool fits = false;  // whether values can go from one to the other at all
  std::uint16_t unions = 0;
  GobPlan* key = nullptr;      // of a map; null as above
  GobPlan* element = nullptr;  // of a list or map; null as above
  std::vector<GobFieldPlan> fields;
};

// Every plan of one connection. What they take is bounded by what the peer's definitions take.
class GobPlans {
 public:
  explicit GobPlans(const GobTypes& types) : types_(types) {}
  GobPlans(const GobPlans&) = delete;
  GobPlans& operator=(const GobPlans&) = delete;

  enum class Missing : std::uint8_t { kNothing, kType, kRoom };
  // Null if the type is not defined (yet), or if there are too many plans: `missing` says which.
  GobPlan* find(std::int32_t type, const TypeShape& shape, Missing& missing);

 private:
  const GobTypes& types_;
  std::map<std::pair<std::int32_t, const TypeShape*>, std::unique_ptr<GobPlan>> plans_;
  std::size_t entries_ = 0;  // plans and their fields
};

}  // namespace tern::codec
