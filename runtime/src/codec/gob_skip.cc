#include "codec/gob_skip.h"

#include <utility>

#include "codec/gob_number.h"

namespace tern::codec {

bool GobSkipper::fail(std::string text) {
  if (why_.empty()) why_ = std::move(text);
  return false;
}

bool GobSkipper::cut() {
  return fail("the message ends in the middle of a value, or a number is malformed");
}

bool GobSkipper::number(std::uint64_t& value) {
  const std::byte* next = take_gob_uint(at_, end_, value);
  if (next == nullptr) return cut();
  at_ = next;
  return true;
}

bool GobSkipper::numbers(std::uint64_t count) {
  for (std::uint64_t unused = 0; count > 0; --count) {
    if (!number(unused)) return false;
  }
  return true;
}

bool GobSkipper::bytes() {
  std::uint64_t size = 0;
  if (!number(size)) return false;
  if (size > static_cast<std::size_t>(end_ - at_)) return cut();
  at_ += size;
  return true;
}

bool GobSkipper::skip(std::int32_t id) {
  const GobType* type = types_.find(id);
  if (type == nullptr) return fail("its type, number " + std::to_string(id) + ", is not defined");
  switch (type->kind) {
    case GobKind::kBool:
    case GobKind::kInt:
    case GobKind::kUint:
    case GobKind::kFloat:
      return numbers(1);
    case GobKind::kComplex:
      return numbers(2);
    case GobKind::kBytes:
    case GobKind::kString:
    case GobKind::kBinary:
    case GobKind::kText:
      return bytes();
    case GobKind::kInterface:
    case GobKind::kList:
    case GobKind::kMap:
    case GobKind::kStruct:
      break;
  }
  if (depth_left_ == 0) {
    return fail("messages, lists and maps lie too deep inside one another; the limit is " +
                std::to_string(limit_));
  }
  --depth_left_;
  const bool done = type->kind == GobKind::kStruct      ? fields(*type)
                    : type->kind == GobKind::kInterface ? interface()
                                                        : elements(*type);
  ++depth_left_;
  return done;
}

bool GobSkipper::skip_message(std::int32_t id) {
  const GobType* type = types_.find(id);
  std::uint64_t zero = 0;
  if (type != nullptr && type->kind != GobKind::kStruct && !number(zero)) return false;
  return skip(id);
}

bool GobSkipper::fields(const GobType& type) {
  for (std::size_t next = 0;;) {
    std::uint64_t delta = 0;
    if (!number(delta)) return false;
    if (delta == 0) return true;
    if (delta > type.fields.size() - next) return fail(gob_no_field(type, next, delta));
    next += static_cast<std::size_t>(delta);
    if (!skip(type.fields[next - 1].type)) return false;
  }
}

bool GobSkipper::elements(const GobType& type) {
  std::uint64_t count = 0;
  if (!number(count)) return false;
  if (count > static_cast<std::size_t>(end_ - at_)) return cut();
  for (; count > 0; --count) {
    if (type.kind == GobKind::kMap && !skip(type.key)) return false;
    if (!skip(type.element)) return false;
  }
  return true;
}

// The name of the type, its definitions if they are new, its id, the length of the value, and the
// value. The length leaves out what follows a definition inside the value, so it is no help.
bool GobSkipper::interface() {
  const std::byte* const name = at_;
  if (!bytes()) return false;
  if (*name == std::byte{0}) return true;  // nil
  for (;;) {
    std::uint64_t sent = 0;
    if (!number(sent)) return false;
    const std::int64_t id = gob_unfolded(sent);
    if (id > 0) {
      if (id > INT32_MAX)
        return fail("its type, number " + std::to_string(id) + ", is not defined");
      std::uint64_t unused = 0;
      return number(unused) && skip_message(static_cast<std::int32_t>(id));
    }
    std::size_t size = 0;
    const Status broken =
        types_.define_inside(id, {at_, static_cast<std::size_t>(end_ - at_)}, size);
    if (!broken.ok()) return fail(std::string(broken.message()));
    at_ += size;
    goes_on_ = at_ == end_;
    // Behind a definition comes the length of the rest.
    if (!number(sent)) return false;
  }
}

}  // namespace tern::codec
