// The rule about annotations, and the table of those that there are.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "compiler/base/spelling.h"
#include "compiler/sema/annotations.h"
#include "compiler/sema/rules.h"
#include "compiler/sema/values.h"

namespace rpcgen {
namespace {

enum class Takes { kNothing, kString, kName, kStringOrName, kDuration, kValue };

struct AnnotationRule {
  std::string_view target;
  std::string_view name;
  Takes takes;
};

constexpr std::array<AnnotationRule, 26> kKnown{{
    {"field", "default", Takes::kValue},
    {"field", "name", Takes::kString},
    {"field", "proto", Takes::kName},
    {"field", "proto_key", Takes::kName},
    {"field", "deprecated", Takes::kNothing},
    {"enum", "deprecated", Takes::kNothing},
    {"enum value", "deprecated", Takes::kNothing},
    {"struct", "deprecated", Takes::kNothing},
    {"struct", "hash", Takes::kNothing},
    {"struct", "ordered", Takes::kNothing},
    {"struct", "keep_unknown", Takes::kNothing},
    {"error", "message", Takes::kString},
    {"error", "code", Takes::kName},
    {"error", "deprecated", Takes::kNothing},
    {"service", "allow", Takes::kStringOrName},
    {"service", "allow_any", Takes::kString},
    {"service", "allow_all", Takes::kString},
    {"service", "deprecated", Takes::kNothing},
    {"method", "allow", Takes::kStringOrName},
    {"method", "allow_any", Takes::kString},
    {"method", "allow_all", Takes::kString},
    {"method", "timeout", Takes::kDuration},
    {"method", "idle_timeout", Takes::kDuration},
    {"method", "resume", Takes::kName},
    {"method", "idempotent", Takes::kNothing},
    {"method", "deprecated", Takes::kNothing},
}};

std::string did_you_mean(std::string_view name, const std::vector<std::string_view>& candidates) {
  const auto near = nearest(name, candidates);
  return near ? fmt::format("; did you mean \"{}\"?", *near) : std::string();
}

// What is wrong with the value; empty if nothing is.
std::string value_problem(const ast::Annotation& annotation, Takes takes) {
  if (takes == Takes::kNothing) return annotation.assigned ? "takes no value" : "";
  const auto expects = [&]() -> std::string_view {
    switch (takes) {
      case Takes::kString:
        return "a string";
      case Takes::kName:
        return "a name";
      case Takes::kStringOrName:
        return "a role as a string, public, or authenticated";
      case Takes::kDuration:
        return "a duration such as 500ms";
      default:
        return "a value";
    }
  }();
  if (!annotation.assigned) return fmt::format("lacks its value; expected {}", expects);
  if (!annotation.value || takes == Takes::kValue) return {};  // the parser has spoken of it
  const auto& value = annotation.value->value;
  const bool fits =
      (takes == Takes::kString && std::holds_alternative<std::string>(value)) ||
      (takes == Takes::kName && std::holds_alternative<ast::Word>(value)) ||
      (takes == Takes::kStringOrName &&
       (std::holds_alternative<std::string>(value) || std::holds_alternative<ast::Word>(value))) ||
      (takes == Takes::kDuration && std::holds_alternative<std::chrono::nanoseconds>(value));
  if (fits) return {};
  return fmt::format("is {}; expected {}", kind_of(*annotation.value), expects);
}

// A role stands in a list, in logs and in tokens.
bool is_role(std::string_view role) {
  return !role.empty() && std::all_of(role.begin(), role.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-' || c == '.' || c == ':' || c == '/';
  });
}

// What is wrong with the value of "allow", "allow_any" or "allow_all"; empty if nothing is.
std::string allow_problem(const ast::Annotation& annotation) {
  const auto& value = annotation.value->value;
  if (const auto* word = std::get_if<ast::Word>(&value)) {
    if (word->text == "public" || word->text == "authenticated") return {};
    return fmt::format("is {}; expected public, authenticated, or a role in quotes{}", word->text,
                       did_you_mean(word->text, {"public", "authenticated"}));
  }
  const std::string& text = std::get<std::string>(value);
  const std::vector<std::string> roles = split_roles(text);
  const bool several = annotation.name.text != "allow";
  if (!several && roles.size() > 1) {
    return fmt::format(
        "is \"{}\", which is {} roles; expected one, or \"allow_any\" for callers that have one "
        "of them, or \"allow_all\" for those that have all",
        text, roles.size());
  }
  for (std::size_t i = 0; i < roles.size(); ++i) {
    if (!is_role(roles[i])) {
      return fmt::format("has the role \"{}\"; expected letters, digits, and _ - . : /", roles[i]);
    }
    if (std::find(roles.begin(), roles.begin() + static_cast<std::ptrdiff_t>(i), roles[i]) !=
        roles.begin() + static_cast<std::ptrdiff_t>(i)) {
      return fmt::format("has the role \"{}\" twice", roles[i]);
    }
  }
  if (several && roles.size() == 1) {
    return fmt::format("has one role; expected two or more, as in \"admin, ops\", or \"allow\"");
  }
  return {};
}

// What an annotation's value must be beyond its kind; empty if it is all right.
std::string meaning_problem(const ast::Annotation& annotation) {
  if (!annotation.value) return {};
  const auto& value = annotation.value->value;
  if (annotation.name.text.starts_with("allow")) return allow_problem(annotation);
  if (annotation.name.text == "name" && std::get<std::string>(value).empty()) {
    return "is empty; expected the field's name in JSON";
  }
  const bool is_limit = annotation.name.text == "timeout" || annotation.name.text == "idle_timeout";
  if (is_limit && std::get<std::chrono::nanoseconds>(value) <= std::chrono::nanoseconds(0)) {
    return "is not above zero; expected a duration such as 500ms";
  }
  if (annotation.name.text == "proto" || annotation.name.text == "proto_key") {
    const std::string& form = std::get<ast::Word>(value).text;
    if (find_proto_form(form) == nullptr) {
      std::vector<std::string_view> known;
      for (const ProtoForm& one : proto_forms()) known.push_back(one.name);
      return fmt::format("is \"{}\"; expected {}{}", form, fmt::join(known, ", "),
                         did_you_mean(form, known));
    }
  }
  if (annotation.name.text == "code") {
    const std::string& code = std::get<ast::Word>(value).text;
    const auto known = status_codes();
    if (std::find(known.begin(), known.end(), code) == known.end()) {
      return fmt::format("is \"{}\"; expected gRPC's name of a code in lower snake case{}", code,
                         did_you_mean(code, {known.begin(), known.end()}));
    }
  }
  return {};
}

class Checker {
 public:
  explicit Checker(Diagnostics& diagnostics) : diagnostics_(diagnostics) {}

  void check(std::string_view target, const std::vector<ast::Annotation>& annotations) {
    std::unordered_map<std::string_view, Span> seen;
    for (const ast::Annotation& annotation : annotations) {
      if (annotation.name.missing()) continue;
      const auto [first, is_new] = seen.try_emplace(annotation.name.text, annotation.name.span);
      if (!is_new) {
        diagnostics_
            .error(annotation.name.span,
                   fmt::format("annotation \"{}\" is given already", annotation.name.text))
            .note(first->second, "it is given here");
      }
      check_one(target, annotation);
    }
    check_allow(annotations);
  }

 private:
  // Only one of the three says who may call.
  void check_allow(const std::vector<ast::Annotation>& annotations) {
    const ast::Annotation* first = nullptr;
    for (const ast::Annotation& annotation : annotations) {
      const auto names = allow_names();
      if (std::find(names.begin(), names.end(), annotation.name.text) == names.end()) continue;
      if (first != nullptr && first->name.text != annotation.name.text) {
        diagnostics_
            .error(annotation.name.span,
                   fmt::format("annotation \"{}\" beside \"{}\"; expected one of the two",
                               annotation.name.text, first->name.text))
            .note(first->name.span, "it is given here");
      }
      if (first == nullptr) first = &annotation;
    }
  }

  void check_one(std::string_view target, const ast::Annotation& annotation) {
    const std::string& name = annotation.name.text;
    const auto known = std::find_if(kKnown.begin(), kKnown.end(), [&](const AnnotationRule& one) {
      return one.target == target && one.name == name;
    });
    if (known == kKnown.end()) {
      diagnostics_.error(annotation.name.span, unknown(target, name));
      return;
    }
    std::string problem = value_problem(annotation, known->takes);
    if (problem.empty()) problem = meaning_problem(annotation);
    if (problem.empty()) return;
    diagnostics_.error(annotation.value ? annotation.value->span : annotation.name.span,
                       fmt::format("annotation \"{}\" {}", name, problem));
  }

  static std::string unknown(std::string_view target, std::string_view name) {
    std::vector<std::string_view> here;
    std::string elsewhere;
    for (const AnnotationRule& one : kKnown) {
      if (one.target == target) here.push_back(one.name);
      if (one.name == name && elsewhere.empty()) {
        elsewhere = fmt::format("; it belongs to {}", with_article(one.target));
      }
    }
    const std::string hint = elsewhere.empty() ? did_you_mean(name, here) : elsewhere;
    return fmt::format("annotation \"{}\" is unknown for {}{}", name, with_article(target), hint);
  }

  Diagnostics& diagnostics_;
};

}  // namespace

void check_annotations(const Program& program, Diagnostics& diagnostics) {
  Checker checker(diagnostics);
  for (const auto& unit : program.units) {
    for (const ast::Enum& enumeration : unit->ast.enums) {
      checker.check("enum", enumeration.annotations);
      for (const ast::EnumValue& value : enumeration.values) {
        checker.check("enum value", value.annotations);
      }
    }
    for (const ast::Message& message : unit->ast.messages) {
      checker.check(message.is_error ? "error" : "struct", message.annotations);
      for (const ast::Field* field : fields_of(message)) checker.check("field", field->annotations);
    }
    for (const ast::Service& service : unit->ast.services) {
      checker.check("service", service.annotations);
      for (const ast::Method& method : service.methods) {
        checker.check("method", method.annotations);
      }
    }
  }
}

}  // namespace rpcgen
