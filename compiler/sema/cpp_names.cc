#include "compiler/sema/cpp_names.h"

#include <algorithm>
#include <array>

#include "compiler/sema/c_library_names.h"

namespace rpcgen {
namespace {

constexpr std::array kKeywords =
    std::to_array<std::string_view>({"alignas",       "alignof",     "and",
                                     "and_eq",        "asm",         "auto",
                                     "bitand",        "bitor",       "bool",
                                     "break",         "case",        "catch",
                                     "char",          "char16_t",    "char32_t",
                                     "char8_t",       "class",       "co_await",
                                     "co_return",     "co_yield",    "compl",
                                     "concept",       "const",       "const_cast",
                                     "consteval",     "constexpr",   "constinit",
                                     "continue",      "decltype",    "default",
                                     "delete",        "do",          "double",
                                     "dynamic_cast",  "else",        "enum",
                                     "explicit",      "export",      "extern",
                                     "false",         "float",       "for",
                                     "friend",        "goto",        "if",
                                     "inline",        "int",         "long",
                                     "mutable",       "namespace",   "new",
                                     "noexcept",      "not",         "not_eq",
                                     "nullptr",       "operator",    "or",
                                     "or_eq",         "private",     "protected",
                                     "public",        "register",    "reinterpret_cast",
                                     "requires",      "return",      "short",
                                     "signed",        "sizeof",      "static",
                                     "static_assert", "static_cast", "struct",
                                     "switch",        "template",    "this",
                                     "thread_local",  "throw",       "true",
                                     "try",           "typedef",     "typeid",
                                     "typename",      "union",       "unsigned",
                                     "using",         "virtual",     "void",
                                     "volatile",      "wchar_t",     "while",
                                     "xor",           "xor_eq"});
static_assert(std::is_sorted(kKeywords.begin(), kKeywords.end()));

// Namespaces that generated code uses everywhere, and must find.
constexpr std::array<std::string_view, 4> kNamespaces{"asio", "fmt", "std", "tern"};

// What generated code declares in the namespace of a package, or may not use as a name there: a
// line that begins with `module` is not about a type in C++20.
constexpr std::array<std::string_view, 3> kTakenAtTopLevel{"enum_name", "enum_value", "module"};

template <std::size_t N>
bool is_one_of(const std::array<std::string_view, N>& words, std::string_view name) {
  return std::find(words.begin(), words.end(), name) != words.end();
}

struct ReservedName {
  std::string_view name;
  std::string_view reason;
};

constexpr std::array kTakenInStruct =
    std::to_array<ReservedName>({{"visit_fields", "the function that shows the fields to a codec"},
                                 {"kFields", "the table of the fields"},
                                 {"kTypeName", "the name of the type at run time"}});

constexpr std::array kTakenInError =
    std::to_array<ReservedName>({{"kCode", "the error's code"},
                                 {"kMessage", "the error's text"},
                                 {"to_status", "the function that makes a status of the error"}});

constexpr std::array kTakenInService = std::to_array<ReservedName>(
    {{"channel_", "the stub's channel"},
     {"dispatch", "the skeleton's function that finds the method"},
     {"methods", "the skeleton's list of the methods"},
     {"name", "the skeleton's function that tells the service's name"}});

template <std::size_t N>
std::optional<std::string_view> reason_in(const std::array<ReservedName, N>& taken,
                                          std::string_view name) {
  for (const ReservedName& one : taken) {
    if (one.name == name) return one.reason;
  }
  return std::nullopt;
}

// "my_body" to "MyBody".
std::string pascal_case(std::string_view name) {
  std::string out;
  bool start = true;
  for (char c : name) {
    if (c == '_') {
      start = true;
      continue;
    }
    out += start && c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    start = false;
  }
  return out;
}

std::string joined(std::string_view a, std::string_view b) {
  std::string out(a);
  out += b;
  return out;
}

}  // namespace

std::string cpp_name(std::string_view name) {
  const bool taken =
      std::binary_search(kKeywords.begin(), kKeywords.end(), name) || is_c_macro(name);
  return joined(name, taken ? "_" : "");
}

std::string cpp_top_level_name(std::string_view name) {
  const bool taken = is_one_of(kNamespaces, name) || is_one_of(kTakenAtTopLevel, name);
  return taken ? joined(name, "_") : cpp_name(name);
}

std::vector<std::string> cpp_namespaces(std::string_view package) {
  std::vector<std::string> parts;
  for (bool more = true; more;) {
    const std::size_t dot = package.find('.');
    const std::string_view part = package.substr(0, dot);
    const bool taken = is_one_of(kNamespaces, part) || (parts.empty() && is_c_global(part));
    parts.push_back(taken ? joined(part, "_") : cpp_name(part));
    more = dot != package.npos;
    if (more) package.remove_prefix(dot + 1);
  }
  return parts;
}

std::string joined_namespaces(const std::vector<std::string>& parts) {
  std::string out;
  for (const std::string& part : parts) {
    if (!out.empty()) out += "::";
    out += part;
  }
  return out;
}

CppUnionNames cpp_union_names(std::string_view name) {
  const std::string type = pascal_case(name);
  return {cpp_name(type), type + "Case", joined(name, name.ends_with('_') ? "case" : "_case"),
          joined("visit_", name)};
}

std::string cpp_enumerator(std::string_view member) {
  return joined("k", pascal_case(member));
}

std::string cpp_setter(std::string_view member) {
  return joined("set_", member);
}

std::string cpp_stub_name(std::string_view service) {
  return joined(service, "Stub");
}

std::string cpp_service_name(std::string_view service) {
  return joined(service, "Service");
}

std::optional<std::string_view> taken_in_struct(std::string_view name, bool is_error) {
  if (const auto reason = reason_in(kTakenInStruct, name)) return reason;
  return is_error ? reason_in(kTakenInError, name) : std::nullopt;
}

std::optional<std::string_view> taken_in_service(std::string_view name) {
  return reason_in(kTakenInService, name);
}

}  // namespace rpcgen
