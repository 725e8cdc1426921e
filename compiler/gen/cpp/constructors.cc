#include "compiler/gen/cpp/constructors.h"

#include <fmt/format.h>

#include <string>
#include <vector>

namespace rpcgen::cpp {
namespace {

std::vector<std::string> parameters(const Members& members) {
  std::vector<std::string> out;
  for (const DataMember& member : members.data()) {
    out.push_back(member.type + " " + member.parameter);
  }
  return out;
}

std::vector<std::string> initializers(const Members& members) {
  std::vector<std::string> out;
  for (const DataMember& member : members.data()) {
    out.push_back(member.name + "(" +
                  (member.by_move ? "std::move(" + member.parameter + ")" : member.parameter) +
                  ")");
  }
  return out;
}

// `head` is "constexpr Args(", or "Args::Args(" outside the struct.
void emit_memberwise(Printer& printer, const std::string& head, const Members& members) {
  std::vector<std::string> inits = initializers(members);
  std::string all;
  for (const std::string& init : inits) all += (all.empty() ? ": " : ", ") + init;

  std::string signature = head;
  for (const std::string& parameter : parameters(members)) {
    if (signature != head) signature += ", ";
    signature += parameter;
  }
  signature += ")";
  if (printer.fits(signature + " " + all + " {}")) {
    printer.line(signature + " " + all + " {}");
    return;
  }
  printer.list(head, parameters(members), ", ", ")");
  if (printer.fits("    " + all + " {}")) {
    printer.line("    " + all + " {}");
    return;
  }
  for (std::size_t i = 0; i < inits.size(); ++i) {
    printer.line((i == 0 ? "    : " : "      ") + inits[i] + (i + 1 < inits.size() ? "," : " {}"));
  }
}

// A message of one number is made of what fits in it whatever its value, so that no pointer becomes
// a bool and no fraction is lost on the way to an argument.
void emit_from_number(Printer& printer, const model::Message& message, const Members& members) {
  const DataMember& member = members.data().front();
  NameSet taken = members.taken();
  taken.insert(message.cpp_name);
  const std::string type = fresh_name("Number", "_", taken);
  printer.emit({{"type", type},
                {"member_type", member.type},
                {"name", message.cpp_name},
                {"parameter", member.parameter},
                {"member", member.name}},
               R"(
                 template <tern::FitsIn<$member_type$> $type$>
                 constexpr $name$($type$ $parameter$) : $member$($parameter$) {}
               )");
}

// The data members, also those that are no fields.
std::vector<std::string> compared(const model::Message& message, const Members& members) {
  std::vector<std::string> names;
  for (const DataMember& member : members.data()) names.push_back(member.name);
  if (!message.unknown_member.empty()) names.push_back(message.unknown_member);
  return names;
}

// The comparison of a message that can contain itself is written out: clang 14 crashes on some
// defaulted ones.
void emit_comparison(Printer& printer, const model::Message& message, const Members& members) {
  std::string other = fresh_name("other", "_message", members.taken());
  std::vector<std::string> comparisons;
  for (const std::string& member : compared(message, members)) {
    comparisons.push_back(fmt::format("{} == {}.{}", member, other, member));
  }
  printer.emit({{"name", message.cpp_name},
                {"other", other},
                {"result", [&] { printer.list("return ", comparisons, " && ", ";"); }}},
               R"(
                 bool $name$::operator==(const $name$& $other$) const {
                   $result$
                 }
               )");
}

// The same member by member: the first that differs decides.
void emit_ordering(Printer& printer, const model::Message& message, const Members& members) {
  std::string other = fresh_name("other", "_message", members.taken());
  std::string order = fresh_name("order", "_of_members", members.taken());
  auto comparisons = [&] {
    const std::vector<std::string> names = compared(message, members);
    if (names.empty()) return printer.line("return std::strong_ordering::equal;");
    for (const std::string& member : names) {
      const bool first = &member == &names.front();
      const bool last = &member == &names.back();
      printer.emit({{"order", order}, {"other", other}, {"member", member}},
                   last    ? "return $member$ <=> $other$.$member$;"
                   : first ? "std::strong_ordering $order$ = $member$ <=> $other$.$member$;"
                           : "$order$ = $member$ <=> $other$.$member$;");
      if (!last) printer.emit({{"order", order}}, "if ($order$ != 0) return $order$;");
    }
  };
  printer.emit({{"name", message.cpp_name}, {"other", other}, {"comparisons", comparisons}}, R"(
    std::strong_ordering $name$::operator<=>(const $name$& $other$) const {
      $comparisons$
    }
  )");
}

}  // namespace

void emit_constructors(Printer& printer, const model::Message& message, const Members& members) {
  const std::string& name = message.cpp_name;
  if (!members.incomplete()) {
    printer.line(name + "() = default;");
    if (members.only_number() != nullptr) {
      emit_from_number(printer, message, members);
    } else if (!members.data().empty()) {
      emit_memberwise(printer, (members.is_literal() ? "constexpr " : "") + name + "(", members);
    }
  } else {
    printer.emit(
        {{"name", name},
         {"memberwise", [&] { printer.list(name + "(", parameters(members), ", ", ");"); }}},
        R"(
          $name$();
          $memberwise$
          $name$(const $name$&);
          $name$($name$&&) noexcept;
          $name$& operator=(const $name$&);
          $name$& operator=($name$&&) noexcept;
          ~$name$();
        )");
  }
  const std::string end = message.recursive ? "&) const;" : "&) const = default;";
  printer.line("bool operator==(const " + name + end);
  if (message.ordered) printer.line("std::strong_ordering operator<=>(const " + name + end);
}

void emit_constructors_source(Printer& printer, const model::Message& message,
                              const Members& members) {
  const std::string& name = message.cpp_name;
  if (members.incomplete()) {
    printer.emit(
        {{"name", name},
         {"memberwise", [&] { emit_memberwise(printer, name + "::" + name + "(", members); }}},
        R"(
          $name$::$name$() = default;
          $memberwise$
          $name$::$name$(const $name$&) = default;
          $name$::$name$($name$&&) noexcept = default;
          $name$& $name$::operator=(const $name$&) = default;
          $name$& $name$::operator=($name$&&) noexcept = default;
          $name$::~$name$() = default;
        )");
    printer.line("");
  }
  if (message.recursive) {
    emit_comparison(printer, message, members);
    printer.line("");
    if (message.ordered) {
      emit_ordering(printer, message, members);
      printer.line("");
    }
  }
}

}  // namespace rpcgen::cpp
