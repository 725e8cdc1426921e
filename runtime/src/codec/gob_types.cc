#include "codec/gob_types.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>
#include <utility>

#include "codec/gob_number.h"
#include "codec/utf8.h"

namespace tern::codec {
namespace {

Status broken(std::string what) {
  return Status(Code::kInternal, "gob: " + std::move(what), HandlerRan::kUnknown);
}

std::string too_many_bytes() {
  return "the definitions of types have more than " + std::to_string(GobTypes::kMaxBytes) +
         " bytes";
}

// Reads one definition. wireType and what it holds are structs of fixed types themselves.
class DefinitionReader {
 public:
  explicit DefinitionReader(ByteView in)
      : start_(in.data()), at_(in.data()), end_(in.data() + in.size()) {}

  bool wire_type(GobType& type);
  std::size_t size() const noexcept { return static_cast<std::size_t>(at_ - start_); }
  std::string take_why() { return std::move(why_); }

 private:
  bool fail(std::string_view what) {
    if (why_.empty()) why_ = what;
    return false;
  }
  bool number(std::uint64_t& value) {
    const std::byte* next = take_gob_uint(at_, end_, value);
    if (next == nullptr) return fail("the definition of a type ends in the middle of it");
    at_ = next;
    return true;
  }
  bool type_id(std::int32_t& id);
  bool text(std::uint32_t& at, std::uint32_t& size);
  // The next field of a struct of `count` fields; 0 at its end.
  bool next_field(unsigned& field, unsigned count);
  bool common(GobType& type);
  bool fields(GobType& type);
  bool field(GobField& field);
  bool kind_of_type(GobType& type, unsigned kind);

  const std::byte* start_;
  const std::byte* at_;
  const std::byte* end_;
  std::string why_;
};

bool DefinitionReader::type_id(std::int32_t& id) {
  std::uint64_t folded = 0;
  if (!number(folded)) return false;
  const std::int64_t wide = gob_unfolded(folded);
  if (wide <= 0 || wide > std::numeric_limits<std::int32_t>::max()) {
    return fail("the definition of a type names the type " + std::to_string(wide));
  }
  id = static_cast<std::int32_t>(wide);
  return true;
}

bool DefinitionReader::text(std::uint32_t& at, std::uint32_t& size) {
  std::uint64_t length = 0;
  if (!number(length)) return false;
  if (length > static_cast<std::size_t>(end_ - at_)) {
    return fail("the definition of a type has a name of " + std::to_string(length) + " bytes and " +
                std::to_string(end_ - at_) + " bytes left");
  }
  at = static_cast<std::uint32_t>(at_ - start_);
  size = static_cast<std::uint32_t>(length);
  at_ += length;
  return true;
}

bool DefinitionReader::next_field(unsigned& field, unsigned count) {
  std::uint64_t delta = 0;
  if (!number(delta)) return false;
  if (delta > count - field) {
    return fail("the definition of a type has a field that is not known");
  }
  field = delta == 0 ? 0 : field + static_cast<unsigned>(delta);
  return true;
}

// CommonType{Name string; Id int}. The id is said once more before the definition.
bool DefinitionReader::common(GobType& type) {
  for (unsigned field = 0;;) {
    if (!next_field(field, 2)) return false;
    std::uint64_t id = 0;
    if (field == 0) return true;
    if (field == 1 ? !text(type.name_at, type.name_size) : !number(id)) return false;
  }
}

// FieldType{Name string; Id int}
bool DefinitionReader::field(GobField& out) {
  for (unsigned field = 0;;) {
    if (!next_field(field, 2)) return false;
    if (field == 0) break;
    if (field == 1 ? !text(out.name_at, out.name_size) : !type_id(out.type)) return false;
  }
  return (out.name_size != 0 && out.type != 0) ||
         fail("the definition of a type has a field without a name or a type");
}

// The vector grows with what has been read, whatever the count says.
bool DefinitionReader::fields(GobType& type) {
  std::uint64_t count = 0;
  if (!number(count)) return false;
  if (count > static_cast<std::size_t>(end_ - at_)) {
    return fail("the definition of a type announces " + std::to_string(count) + " fields in " +
                std::to_string(end_ - at_) + " bytes");
  }
  for (; count > 0; --count) {
    GobField one;
    if (!field(one)) return false;
    type.fields.push_back(one);
  }
  return true;
}

bool DefinitionReader::kind_of_type(GobType& type, unsigned kind) {
  constexpr std::array<GobKind, 8> kKinds = {GobKind::kBool,   GobKind::kList, GobKind::kList,
                                             GobKind::kStruct, GobKind::kMap,  GobKind::kBinary,
                                             GobKind::kBinary, GobKind::kText};
  type.kind = kKinds[kind];
  const unsigned count = kind == kGobWireArray || kind == kGobWireMap ? 3
                         : type.kind >= GobKind::kBinary              ? 1
                                                                      : 2;
  for (unsigned field = 0;;) {
    if (!next_field(field, count)) return false;
    if (field == 0) break;
    bool done = false;
    std::uint64_t length = 0;
    if (field == 1) {
      done = common(type);
    } else if (kind == kGobWireStruct) {
      done = fields(type);
    } else if (kind == kGobWireArray && field == 3) {
      done = number(length);
    } else if (kind == kGobWireMap && field == 2) {
      done = type_id(type.key);
    } else {
      done = type_id(type.element);
    }
    if (!done) return false;
  }
  const bool whole = (type.kind != GobKind::kList || type.element != 0) &&
                     (type.kind != GobKind::kMap || (type.element != 0 && type.key != 0));
  return whole || fail("the definition of a type does not say what it holds");
}

bool DefinitionReader::wire_type(GobType& type) {
  unsigned kind = 0;
  if (!next_field(kind, kGobWireTextMarshaler)) return false;
  if (kind == 0) return fail("the definition of a type is empty");
  if (!kind_of_type(type, kind)) return false;
  return (next_field(kind, kGobWireTextMarshaler) && kind == 0) ||
         fail("the definition of a type is of two kinds");
}

GobType basic(GobKind kind) {
  GobType type;
  type.kind = kind;
  return type;
}

}  // namespace

std::string gob_description(const GobType& type) {
  constexpr std::array<std::string_view, 13> kNames = {"bool",
                                                       "int",
                                                       "uint",
                                                       "float",
                                                       "bytes",
                                                       "string",
                                                       "complex",
                                                       "interface",
                                                       "list",
                                                       "map",
                                                       "struct",
                                                       "a type with a form of its own",
                                                       "a type with a text of its own"};
  std::string text(kNames[static_cast<std::size_t>(type.kind)]);
  if (type.name_size != 0) text += " " + quoted(type.name());
  return text;
}

std::string gob_no_field(const GobType& type, std::size_t next, std::uint64_t delta) {
  return "field " + std::to_string(next) + " + " + std::to_string(delta) + " of " +
         gob_description(type) + ", which has " + std::to_string(type.fields.size());
}

Status GobTypes::define(std::int64_t negative, ByteView in, std::size_t& size) {
  constexpr std::int64_t kLast = std::numeric_limits<std::int32_t>::max();
  if (negative > -kFirstId || negative < -kLast) {
    return broken("a type is defined as number " + std::to_string(negative) + "; expected " +
                  std::to_string(-kFirstId) + " to " + std::to_string(-kLast));
  }
  const auto id = static_cast<std::int32_t>(-negative);
  if (types_.contains(id)) return broken("type " + std::to_string(id) + " is defined twice");
  if (types_.size() == kMaxTypes) {
    return broken("more than " + std::to_string(kMaxTypes) + " types are defined");
  }
  GobType type;
  DefinitionReader reader(in.first(std::min(in.size(), kMaxBytes - bytes_)));
  if (!reader.wire_type(type)) {
    return broken(in.size() > kMaxBytes - bytes_ ? too_many_bytes() : reader.take_why());
  }
  size = reader.size();
  type.text = std::make_unique_for_overwrite<char[]>(size);
  std::memcpy(type.text.get(), in.data(), size);
  type.fields.shrink_to_fit();
  bytes_ += size;
  interfaces_ = interfaces_ || type.key == kGobInterface || type.element == kGobInterface ||
                std::any_of(type.fields.begin(), type.fields.end(),
                            [](const GobField& field) { return field.type == kGobInterface; });
  types_.emplace(id, std::move(type));
  return {};
}

Status GobTypes::define_inside(std::int64_t negative, ByteView in, std::size_t& size) {
  constexpr std::int64_t kLast = std::numeric_limits<std::int32_t>::max();
  if (negative >= 0 || negative < -kLast ||
      !types_.contains(static_cast<std::int32_t>(-negative))) {
    return define(negative, in, size);
  }
  GobType unused;
  DefinitionReader reader(in);
  if (!reader.wire_type(unused)) return broken(reader.take_why());
  size = reader.size();
  return {};
}

const GobType* GobTypes::find(std::int32_t id) const noexcept {
  static const std::array<GobType, 8> basics = {
      basic(GobKind::kBool),    basic(GobKind::kInt),      basic(GobKind::kUint),
      basic(GobKind::kFloat),   basic(GobKind::kBytes),    basic(GobKind::kString),
      basic(GobKind::kComplex), basic(GobKind::kInterface)};
  if (id >= kGobBool && id <= kGobInterface) return &basics[static_cast<std::size_t>(id - 1)];
  const auto at = types_.find(id);
  return at == types_.end() ? nullptr : &at->second;
}

}  // namespace tern::codec
