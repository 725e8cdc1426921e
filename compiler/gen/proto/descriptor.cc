#include "compiler/gen/proto/descriptor.h"

#include <algorithm>
#include <cstdint>
#include <set>
#include <string_view>
#include <utility>
#include <vector>

#include "compiler/gen/proto/names.h"

namespace rpcgen::proto {

namespace {

// One message of protobuf, on its way to bytes. Fields are written in order of number, as protoc
// does it.
class Wire {
 public:
  void number(std::uint32_t field, std::int64_t value) {
    varint(field << 3);
    varint(static_cast<std::uint64_t>(value));
  }
  void flag(std::uint32_t field, bool value) {
    if (value) number(field, 1);
  }
  void bytes(std::uint32_t field, std::string_view value) {
    varint(field << 3 | 2);
    varint(value.size());
    out_ += value;
  }
  // Options are left out if none is set.
  void options(std::uint32_t field, const Wire& options) {
    if (!options.out_.empty()) bytes(field, options.out_);
  }
  const std::string& text() const { return out_; }

 private:
  void varint(std::uint64_t value) {
    for (; value >= 0x80; value >>= 7) out_ += static_cast<char>(value | 0x80);
    out_ += static_cast<char>(value);
  }

  std::string out_;
};

// The numbers of fields are those of google/protobuf/descriptor.proto, where the messages of the
// same names are: FileDescriptorProto, DescriptorProto, FieldDescriptorProto and so on.

// The numbers of `deprecated` in MessageOptions, FieldOptions and EnumOptions; in EnumValueOptions;
// and in ServiceOptions and MethodOptions.
constexpr std::uint32_t kDeprecated = 3;
constexpr std::uint32_t kDeprecatedValue = 1;
constexpr std::uint32_t kDeprecatedService = 33;

Wire deprecated_option(std::uint32_t number, bool deprecated) {
  Wire options;
  options.flag(number, deprecated);
  return options;
}

// "tags_by_id": "TagsByIdEntry".
std::string entry_name(std::string_view field) {
  return upper_camel(field) + "Entry";
}

struct FieldParts {
  std::string_view name;
  std::int64_t number = 0;
  bool repeated = false;
  TypeNumber type = TypeNumber::kMessage;
  std::string_view type_name;
  bool deprecated = false;
  std::int64_t one_of = -1;  // which of the message's; -1: none
  std::string_view json_name;
  bool proto3_optional = false;
};

std::string field_descriptor(const FieldParts& field) {
  constexpr std::int64_t kLabelOptional = 1;
  constexpr std::int64_t kLabelRepeated = 3;
  Wire out;
  out.bytes(1, field.name);
  out.number(3, field.number);
  out.number(4, field.repeated ? kLabelRepeated : kLabelOptional);
  out.number(5, static_cast<std::int64_t>(field.type));
  if (!field.type_name.empty()) out.bytes(6, field.type_name);
  out.options(8, deprecated_option(kDeprecated, field.deprecated));
  if (field.one_of >= 0) out.number(9, field.one_of);
  out.bytes(10, field.json_name);
  out.flag(17, field.proto3_optional);
  return out.text();
}

std::string map_entry(const Field& field) {
  Wire out;
  out.bytes(1, entry_name(field.name));
  const auto part = [](std::string_view name, std::int64_t number, const Type& type) {
    return field_descriptor({.name = name,
                             .number = number,
                             .type = type.number,
                             .type_name = type.full_name,
                             .json_name = name});
  };
  out.bytes(2, part("key", 1, *field.key));
  out.bytes(2, part("value", 2, field.type));
  Wire options;
  options.flag(7, true);  // map_entry
  out.options(7, options);
  return out.text();
}

// The unions of a message, and behind them one of its own for each field with presence, which is
// how protoc says that.
class OneOfs {
 public:
  explicit OneOfs(const Message& message) {
    for (const Field& field : message.fields) {
      taken_.insert(field.name);
      if (field.one_of.empty()) continue;
      taken_.insert(field.one_of);
      const bool is_new = names_.empty() || names_.back() != field.one_of;
      if (is_new) names_.push_back(field.one_of);
    }
    for (const Field& field : message.fields) {
      if (field.label != Field::Label::kOptional) continue;
      std::string name = field.name.front() == '_' ? field.name : "_" + field.name;
      while (!taken_.insert(name).second) name.insert(0, "X");
      of_optional_.emplace_back(&field, names_.size());
      names_.push_back(std::move(name));
    }
  }

  // -1 if it is in none.
  std::int64_t index_of(const Field& field) const {
    for (const auto& [optional, index] : of_optional_) {
      if (optional == &field) return static_cast<std::int64_t>(index);
    }
    if (field.one_of.empty()) return -1;
    return std::find(names_.begin(), names_.end(), field.one_of) - names_.begin();
  }
  const std::vector<std::string>& names() const { return names_; }

 private:
  std::set<std::string> taken_;
  std::vector<std::string> names_;
  std::vector<std::pair<const Field*, std::size_t>> of_optional_;
};

std::string message_descriptor(const Message& message) {
  const OneOfs one_ofs(message);
  Wire out;
  out.bytes(1, message.name);
  for (const Field& field : message.fields) {
    const std::string entry = message.full_name + "." + entry_name(field.name);
    const std::string json_name =
        field.json_name.empty() ? json_name_of(field.name) : field.json_name;
    out.bytes(2, field_descriptor(
                     {.name = field.name,
                      .number = field.number,
                      .repeated = field.key || field.label == Field::Label::kRepeated,
                      .type = field.key ? TypeNumber::kMessage : field.type.number,
                      .type_name = field.key ? std::string_view(entry) : field.type.full_name,
                      .deprecated = field.deprecated,
                      .one_of = one_ofs.index_of(field),
                      .json_name = json_name,
                      .proto3_optional = field.label == Field::Label::kOptional}));
  }
  for (const Message& nested : message.nested) out.bytes(3, message_descriptor(nested));
  for (const Field& field : message.fields) {
    if (field.key) out.bytes(3, map_entry(field));
  }
  out.options(7, deprecated_option(kDeprecated, message.deprecated));
  for (const std::string& name : one_ofs.names()) {
    Wire one_of;
    one_of.bytes(1, name);
    out.bytes(8, one_of.text());
  }
  return out.text();
}

std::string enum_descriptor(const Enum& one) {
  Wire out;
  out.bytes(1, one.name);
  for (const EnumValue& value : one.values) {
    Wire each;
    each.bytes(1, value.name);
    each.number(2, value.number);
    each.options(3, deprecated_option(kDeprecatedValue, value.deprecated));
    out.bytes(2, each.text());
  }
  out.options(3, deprecated_option(kDeprecated, one.deprecated));
  return out.text();
}

std::string method_descriptor(const Method& method) {
  constexpr std::int64_t kIdempotent = 2;
  Wire out;
  out.bytes(1, method.name);
  out.bytes(2, method.argument.full_name);
  out.bytes(3, method.result.full_name);
  Wire options = deprecated_option(kDeprecatedService, method.deprecated);
  if (method.idempotent) options.number(34, kIdempotent);
  out.options(4, options);
  out.flag(5, method.client_streams);
  out.flag(6, method.server_streams);
  return out.text();
}

std::string service_descriptor(const Service& service) {
  Wire out;
  out.bytes(1, service.name);
  for (const Method& method : service.methods) out.bytes(2, method_descriptor(method));
  out.options(3, deprecated_option(kDeprecatedService, service.deprecated));
  return out.text();
}

}  // namespace

std::string descriptor(const File& file) {
  Wire out;
  out.bytes(1, file.path);
  out.bytes(2, file.package);
  for (const std::string& import : file.imports) out.bytes(3, import);
  for (const Message& message : file.messages) out.bytes(4, message_descriptor(message));
  for (const Enum& one : file.enums) out.bytes(5, enum_descriptor(one));
  for (const Service& service : file.services) out.bytes(6, service_descriptor(service));
  out.bytes(12, "proto3");
  return out.text();
}

}  // namespace rpcgen::proto
