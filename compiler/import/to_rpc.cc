#include "compiler/import/to_rpc.h"

#include <algorithm>
#include <cctype>
#include <limits>
#include <set>
#include <string_view>

#include "compiler/import/field_types.h"
#include "compiler/import/rpc_text.h"
#include "compiler/import/type_names.h"

namespace rpcgen::import {

namespace {

using std::string;

// Numbers of fields in google/protobuf/descriptor.proto, which lead to a place.
constexpr std::int32_t kMessages = 4;
constexpr std::int32_t kEnums = 5;
constexpr std::int32_t kServices = 6;
constexpr std::int32_t kFields = 2;
constexpr std::int32_t kNested = 3;
constexpr std::int32_t kNestedEnums = 4;
constexpr std::int32_t kValues = 2;
constexpr std::int32_t kMethods = 2;
constexpr std::int32_t kOneofs = 8;

constexpr std::int32_t kMostNumber = 1000;

// "bornIn": "BORN_IN".
string upper_snake(std::string_view name) {
  string out;
  for (std::size_t i = 0; i < name.size(); ++i) {
    const bool begins = i > 0 && std::isupper(static_cast<unsigned char>(name[i])) != 0 &&
                        std::isupper(static_cast<unsigned char>(name[i - 1])) == 0 &&
                        name[i - 1] != '_';
    if (begins) out += '_';
    out += static_cast<char>(std::toupper(static_cast<unsigned char>(name[i])));
  }
  return out;
}

class Writer {
 public:
  Writer(const File& file, const std::vector<File>& all, std::vector<Lack>& lacks)
      : file_(file), all_(all), text_(file, lacks) {}

  string write() {
    if (file_.syntax != "proto3") {
      text_.lack({12}, "the syntax is " + (file_.syntax.empty() ? "proto2" : file_.syntax) +
                           "; expected proto3");
      return "";
    }
    if (file_.package.empty()) {
      text_.lack({}, "the file has no package, and a .rpc file has one");
      return "";
    }
    if (file_.has_extensions) text_.lack({7, 0}, "extensions: a .rpc file has none");
    text_.doc({2}, "");
    text_.line("package " + file_.package + ";");
    const bool has_imports = std::any_of(file_.imports.begin(), file_.imports.end(),
                                         [](const string& import) { return !is_googles(import); });
    if (has_imports) text_.line("");
    for (const string& import : file_.imports) {
      if (!is_googles(import)) text_.line("import \"" + rpc_path(import) + "\";");
    }
    for (std::size_t i = 0; i < file_.enums.size(); ++i) {
      enumeration(file_.enums[i], "", Path{kEnums} + index(i));
    }
    for (std::size_t i = 0; i < file_.messages.size(); ++i) {
      message(file_.messages[i], "", Path{kMessages} + index(i));
    }
    for (std::size_t i = 0; i < file_.services.size(); ++i) {
      service(file_.services[i], Path{kServices} + index(i));
    }
    return text_.take();
  }

 private:
  static std::int32_t index(std::size_t i) { return static_cast<std::int32_t>(i); }

  // Empty if the language lacks it.
  string name_of(const string& type, const Path& path) {
    string name = type_name(type, file_, all_);
    if (name.empty()) text_.lack(path, "the language lacks " + type.substr(1));
    return name;
  }

  void reserve(const std::vector<ReservedRange>& ranges, const std::vector<string>& names,
               std::int64_t most) {
    for (const ReservedRange& range : ranges) {
      if (range.first > most) continue;
      const std::int64_t last = std::min(range.last, most);
      text_.line("  reserved " + std::to_string(range.first) +
                 (last == range.first ? "" : " to " + std::to_string(last)) + ";");
    }
    for (const string& name : names) text_.line("  reserved \"" + name + "\";");
  }

  // What is declared; two types within others may come to one name.
  string declare(const string& outer, const string& name, const Path& path) {
    string whole = inner_name(outer, name);
    if (!names_.insert(whole).second) text_.lack(path, "two types come to the name " + whole);
    return whole;
  }

  void enumeration(const Enum& from, const string& outer, const Path& path) {
    const string declared = declare(outer, from.name, path);
    text_.line("");
    text_.doc(path, "");
    text_.line("enum " + declared + (from.deprecated ? " [deprecated]" : "") + " {");
    // Values stand beside their enum in protobuf, so that each has its enum's name in front.
    const string prefix = upper_snake(from.name) + "_";
    const bool has_prefix =
        std::all_of(from.values.begin(), from.values.end(), [&](const EnumValue& value) {
          return value.name.size() > prefix.size() && value.name.starts_with(prefix) &&
                 std::isalpha(static_cast<unsigned char>(value.name[prefix.size()])) != 0;
        });
    std::set<std::int32_t> numbers;
    for (std::size_t i = 0; i < from.values.size(); ++i) {
      const EnumValue& value = from.values[i];
      const Path at = path + kValues + index(i);
      if (!numbers.insert(value.number).second) {
        text_.lack(at, "enum value " + value.name + " has the number " +
                           std::to_string(value.number) +
                           " of another one; the language has one name for each");
        continue;
      }
      text_.doc(at, "  ");
      text_.line("  " + (has_prefix ? value.name.substr(prefix.size()) : value.name) + " = " +
                 std::to_string(value.number) + (value.deprecated ? " [deprecated]" : "") + ";");
    }
    reserve(from.reserved, from.reserved_names, std::numeric_limits<std::int32_t>::max());
    text_.line("}");
  }

  void message(const Message& from, const string& outer, const Path& path) {
    const string name = declare(outer, from.name, path);
    for (std::size_t i = 0; i < from.enums.size(); ++i) {
      enumeration(from.enums[i], name, path + kNestedEnums + index(i));
    }
    for (std::size_t i = 0; i < from.nested.size(); ++i) {
      if (!from.nested[i].is_map_entry) message(from.nested[i], name, path + kNested + index(i));
    }
    text_.line("");
    text_.doc(path, "");
    text_.line("struct " + name + (from.deprecated ? " [deprecated]" : "") + " {");
    if (from.has_extensions) text_.lack(path, "extensions: a .rpc file has none");
    std::set<std::int32_t> printed;
    for (std::size_t i = 0; i < from.fields.size(); ++i) {
      const Field& field_here = from.fields[i];
      if (!field_here.oneof_index || field_here.proto3_optional) {
        field(from, field_here, path + kFields + index(i), "  ");
        continue;
      }
      // A union stands where its first member does.
      const std::int32_t which = *field_here.oneof_index;
      if (!printed.insert(which).second) continue;
      string one_of = from.oneofs.at(static_cast<std::size_t>(which));
      one_of.front() = static_cast<char>(std::tolower(static_cast<unsigned char>(one_of.front())));
      text_.doc(path + kOneofs + which, "  ");
      text_.line("  union " + one_of + " {");
      for (std::size_t k = i; k < from.fields.size(); ++k) {
        if (from.fields[k].oneof_index == which) {
          field(from, from.fields[k], path + kFields + index(k), "    ");
        }
      }
      text_.line("  }");
    }
    reserve(from.reserved, from.reserved_names, kMostNumber);
    text_.line("}");
  }

  void field(const Message& within, const Field& from, const Path& path, const string& indent) {
    if (from.number > kMostNumber) {
      return text_.lack(path, "field " + from.name + " has the number " +
                                  std::to_string(from.number) + "; the language has 1 to " +
                                  std::to_string(kMostNumber));
    }
    if (from.name.front() == '_' || from.name.find("__") != string::npos) {
      return text_.lack(
          path, "field " + from.name + ": names that begin with _ or have __ are C++'s own");
    }
    if (from.type == FieldType::kGroup) return text_.lack(path, "the language lacks groups");
    std::vector<string> says;
    const Message* entry = map_entry(within, from);
    string type;
    if (entry != nullptr) {
      const Field& key = entry->fields.at(0);
      const Field& value = entry->fields.at(1);
      const string mapped = type_of(value, path);
      if (mapped.empty()) return;
      type = "map<" + string(scalar_name(key.type)) + ", " + mapped + ">";
      if (!form_of(value.type).empty()) says.push_back("proto = " + string(form_of(value.type)));
      if (!form_of(key.type).empty()) says.push_back("proto_key = " + string(form_of(key.type)));
    } else {
      type = type_of(from, path);
      if (type.empty()) return;
      // A message that did not come differs from an empty one.
      const bool optional = from.proto3_optional || (from.type == FieldType::kMessage &&
                                                     !from.repeated && !from.oneof_index);
      if (from.repeated) type = "list<" + type + ">";
      if (optional) type = "optional " + type;
      if (!form_of(from.type).empty()) says.push_back("proto = " + string(form_of(from.type)));
    }
    if (!from.json_name.empty() && from.json_name != from.name) {
      says.push_back("name = " + quoted(from.json_name));
    }
    if (from.deprecated) says.emplace_back("deprecated");
    text_.doc(path, indent);
    text_.line(indent + type + " " + from.name + " = " + std::to_string(from.number) +
               annotations(says) + ";");
  }

  string type_of(const Field& field, const Path& path) {
    const bool is_named = field.type == FieldType::kMessage || field.type == FieldType::kEnum;
    return is_named ? name_of(field.type_name, path) : string(scalar_name(field.type));
  }

  static const Message* map_entry(const Message& within, const Field& field) {
    if (field.type != FieldType::kMessage || !field.repeated) return nullptr;
    const string name = field.type_name.substr(field.type_name.rfind('.') + 1);
    for (const Message& nested : within.nested) {
      if (nested.is_map_entry && nested.name == name) return &nested;
    }
    return nullptr;
  }

  // Of an argument or result: nothing for Empty.
  bool method_type(const string& type, const Path& path, string& out) {
    if (type == ".google.protobuf.Empty") return true;
    out = wrapped(type);
    if (out.empty()) out = name_of(type, path);
    return !out.empty();
  }

  void service(const Service& from, const Path& path) {
    text_.line("");
    text_.doc(path, "");
    text_.line("service " + from.name + (from.deprecated ? " [deprecated]" : "") + " {");
    for (std::size_t i = 0; i < from.methods.size(); ++i) {
      const Method& method = from.methods[i];
      const Path at = path + kMethods + index(i);
      string argument;
      string result;
      if (!method_type(method.argument, at, argument) || !method_type(method.result, at, result)) {
        continue;
      }
      if (method.client_streams && argument.empty()) {
        text_.lack(at, "method " + method.name + " streams google.protobuf.Empty");
        continue;
      }
      if (method.server_streams && result.empty()) {
        text_.lack(at, "method " + method.name + " streams google.protobuf.Empty");
        continue;
      }
      std::vector<string> says;
      if (method.idempotent) says.emplace_back("idempotent");
      if (method.deprecated) says.emplace_back("deprecated");
      text_.doc(at, "  ");
      string text =
          "  " + method.name + "(" + (method.client_streams ? "stream " : "") + argument + ")";
      if (!result.empty())
        text += string(" -> ") + (method.server_streams ? "stream " : "") + result;
      text_.line(text + annotations(says) + ";");
    }
    text_.line("}");
  }

  const File& file_;
  const std::vector<File>& all_;
  RpcText text_;
  std::set<string> names_;
};

}  // namespace

string rpc_path(const string& proto_path) {
  constexpr std::string_view kEnd = ".proto";
  return (proto_path.ends_with(kEnd) ? proto_path.substr(0, proto_path.size() - kEnd.size())
                                     : proto_path) +
         ".rpc";
}

string to_rpc(const File& file, const std::vector<File>& all, std::vector<Lack>& lacks) {
  return Writer(file, all, lacks).write();
}

}  // namespace rpcgen::import
