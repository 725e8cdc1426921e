#include "compiler/sema/values.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>
#include <vector>

#include "compiler/base/spelling.h"

namespace rpcgen {
namespace {

using model::TypeKind;

std::string_view last_part(std::string_view name) {
  return name.substr(name.rfind('.') + 1);
}

// Made in place: g++ 12 with sanitizers warns of a variant that is moved into an optional.
template <typename T>
Evaluated success(T value) {
  Evaluated out;
  out.value.emplace(std::in_place_type<T>, std::move(value));
  return out;
}

Evaluated problem(std::string text) {
  return {std::nullopt, std::move(text)};
}

// What is wrong has been reported.
Evaluated silence() {
  return {};
}

Evaluated mismatch(const ast::Literal& literal, TypeKind kind) {
  return problem(fmt::format("{}; expected a value of {}", kind_of(literal), name_of(kind)));
}

Evaluated out_of_range(const ast::Integer& value, TypeKind kind, std::int64_t least,
                       std::uint64_t most) {
  return problem(fmt::format("{}{}; {} takes {} to {}", value.negative ? "-" : "", value.magnitude,
                             name_of(kind), least, most));
}

Evaluated signed_integer(const ast::Integer& value, TypeKind kind, std::int64_t most) {
  const auto limit = static_cast<std::uint64_t>(most) + (value.negative ? 1 : 0);
  if (value.magnitude > limit) {
    return out_of_range(value, kind, -most - 1, static_cast<std::uint64_t>(most));
  }
  // Unsigned arithmetic negates the least value, too.
  const std::uint64_t bits = value.negative ? 0 - value.magnitude : value.magnitude;
  return success(static_cast<std::int64_t>(bits));
}

Evaluated unsigned_integer(const ast::Integer& value, TypeKind kind, std::uint64_t most) {
  if (value.magnitude > most || (value.negative && value.magnitude != 0)) {
    return out_of_range(value, kind, 0, most);
  }
  return success(value.magnitude);
}

Evaluated integer(const ast::Literal& literal, TypeKind kind) {
  const auto* value = std::get_if<ast::Integer>(&literal.value);
  if (value == nullptr) return mismatch(literal, kind);
  switch (kind) {
    case TypeKind::kInt32:
      return signed_integer(*value, kind, std::numeric_limits<std::int32_t>::max());
    case TypeKind::kInt64:
      return signed_integer(*value, kind, std::numeric_limits<std::int64_t>::max());
    case TypeKind::kUint32:
      return unsigned_integer(*value, kind, std::numeric_limits<std::uint32_t>::max());
    default:
      return unsigned_integer(*value, kind, std::numeric_limits<std::uint64_t>::max());
  }
}

// What a float makes of it.
Evaluated to_float(double value) {
  constexpr float kMax = std::numeric_limits<float>::max();
  // Half a step beyond: what is less is nearer to kMax than to the next one there would be.
  constexpr double kTooMuch = 0x1.ffffffp127;
  if (std::abs(value) >= kTooMuch) {
    return problem(fmt::format("{}; float takes {} to {}", value, -kMax, kMax));
  }
  const auto rounded = static_cast<float>(std::clamp(value, double{-kMax}, double{kMax}));
  if (rounded == 0 && value != 0) {
    return problem(fmt::format("{}, which is nearer to 0 than any float but 0", value));
  }
  return success(double{rounded});
}

Evaluated floating(const ast::Literal& literal, TypeKind kind) {
  double value = 0;
  if (const auto* number = std::get_if<double>(&literal.value)) {
    value = *number;
  } else if (const auto* whole = std::get_if<ast::Integer>(&literal.value)) {
    value = static_cast<double>(whole->magnitude) * (whole->negative ? -1 : 1);
  } else {
    return mismatch(literal, kind);
  }
  return kind == TypeKind::kFloat ? to_float(value) : success(value);
}

Evaluated enum_value(const Program& program, const Unit& unit, const Symbol& symbol,
                     const ast::Literal& literal, bool hints) {
  const ast::Enum& enumeration = *symbol.as<ast::Enum>();
  const auto* word = std::get_if<ast::Word>(&literal.value);
  if (word == nullptr) {
    return problem(fmt::format("{}; expected a value of enum \"{}\"", kind_of(literal),
                               enumeration.name.text));
  }
  const std::string_view name = last_part(word->text);
  if (name.size() < word->text.size()) {
    const std::string_view scope(word->text.data(), word->text.size() - name.size() - 1);
    const auto found = program.symbols.find(unit, scope);
    if (found.size() != 1 || found.front() != &symbol) {
      return problem(fmt::format("\"{}\"; expected a value of enum \"{}\"", word->text,
                                 enumeration.name.text));
    }
  }
  if (const auto* value = program.symbols.value_of(enumeration, name)) {
    return success(value);
  }
  if (!enumeration.complete) return silence();
  std::vector<std::string_view> names;
  for (const ast::EnumValue& value : enumeration.values) names.push_back(value.name.text);
  const auto near = hints ? nearest(name, names) : std::nullopt;
  return problem(fmt::format("\"{}\"; enum \"{}\" has no such value{}", word->text,
                             enumeration.name.text,
                             near ? fmt::format("; did you mean \"{}\"?", *near) : ""));
}

// What a name stands for, if that is a constant; `literal` itself otherwise.
const ast::Literal& follow(const Program& program, const Unit& unit, const ast::Literal& literal) {
  const auto* word = std::get_if<ast::Word>(&literal.value);
  if (word == nullptr || word->text == "true" || word->text == "false") return literal;
  const auto found = program.symbols.find(unit, word->text);
  if (found.size() != 1) return literal;
  const auto* constant = found.front()->as<ast::Constant>();
  return constant == nullptr || !constant->value ? literal : *constant->value;
}

// Whether it is the name of something that could not be read.
bool is_lost(const Program& program, const Unit& unit, const ast::Literal& literal) {
  const auto* word = std::get_if<ast::Word>(&literal.value);
  if (word == nullptr || word->text == "true" || word->text == "false") return false;
  const auto found = program.symbols.find(unit, word->text);
  if (found.empty()) return is_excused(unit, word->text);
  const auto* constant = found.front()->as<ast::Constant>();
  return constant != nullptr && !constant->value;
}

Evaluated boolean(const ast::Literal& literal) {
  const auto* word = std::get_if<ast::Word>(&literal.value);
  if (word != nullptr && word->text == "true") return success(true);
  if (word != nullptr && word->text == "false") return success(false);
  return mismatch(literal, TypeKind::kBool);
}

}  // namespace

Evaluated evaluate(const Program& program, const Unit& unit, const ResolvedType& type,
                   const ast::Literal& literal, bool hints) {
  const TypeKind kind = *type.kind;
  if (kind == TypeKind::kEnum) return enum_value(program, unit, *type.symbol, literal, hints);
  const ast::Literal& meant = follow(program, unit, literal);
  if (is_lost(program, unit, meant)) return silence();
  switch (kind) {
    case TypeKind::kBool:
      return boolean(meant);
    case TypeKind::kInt32:
    case TypeKind::kInt64:
    case TypeKind::kUint32:
    case TypeKind::kUint64:
      return integer(meant, kind);
    case TypeKind::kFloat:
    case TypeKind::kDouble:
      return floating(meant, kind);
    case TypeKind::kString:
      if (const auto* text = std::get_if<std::string>(&meant.value)) return success(*text);
      return mismatch(meant, kind);
    case TypeKind::kDuration:
      if (const auto* time = std::get_if<std::chrono::nanoseconds>(&meant.value)) {
        return success(*time);
      }
      return mismatch(meant, kind);
    default:
      return mismatch(meant, kind);
  }
}

bool can_be_constant(TypeKind kind) {
  return kind == TypeKind::kBool || kind == TypeKind::kFloat || kind == TypeKind::kDouble ||
         kind == TypeKind::kString || is_integer(kind);
}

bool can_have_default(TypeKind kind) {
  return can_be_constant(kind) || kind == TypeKind::kDuration || kind == TypeKind::kEnum;
}

std::string_view kind_of(const ast::Literal& literal) {
  struct Words {
    std::string_view operator()(const ast::Integer&) const { return "an integer"; }
    std::string_view operator()(double) const { return "a floating-point number"; }
    std::string_view operator()(std::chrono::nanoseconds) const { return "a duration"; }
    std::string_view operator()(const std::string&) const { return "a string"; }
    std::string_view operator()(const ast::Word& word) const {
      return word.text == "true" || word.text == "false" ? "a bool" : "a name";
    }
  };
  return std::visit(Words(), literal.value);
}

}  // namespace rpcgen
