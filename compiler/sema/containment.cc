#include "compiler/sema/containment.h"

#include <optional>

#include "compiler/sema/types.h"

namespace rpcgen {
namespace {

const ast::Message* own_message(const Program& program, const Unit& unit, const ast::Type& type) {
  const ResolvedType resolved = resolve(program, unit, type);
  if (resolved.kind != model::TypeKind::kStruct || resolved.symbol->unit != &unit) return nullptr;
  return resolved.symbol->as<ast::Message>();
}

class Builder {
 public:
  Builder(const Program& program, const Unit& unit) : program_(program), unit_(unit) {
    for (const ast::Message& message : unit.ast.messages) nodes_.emplace(&message, nodes_.size());
  }

  Containment run() {
    const std::size_t count = nodes_.size();
    Containment out{Graph(count), Graph(count), Graph(count), Graph(count)};
    for (const auto& [message, node] : nodes_) {
      for (const ast::Field& field : message->fields) {
        const auto held = add(field, node, out);
        if (!held || field.optional) continue;
        out.by_value[node].push_back(*held);
        out.in_unions[node].push_back(*held);
      }
      for (const ast::Union& one_of : message->unions) {
        for (const ast::Field& field : one_of.members) {
          if (const auto held = add(field, node, out)) out.in_unions[node].push_back(*held);
        }
      }
    }
    return out;
  }

 private:
  // The node of the message that the field holds itself, if it does.
  std::optional<std::size_t> add(const ast::Field& field, std::size_t node,
                                 Containment& out) const {
    add_any(field.type, out.any[node]);
    const ast::Message* held = held_message(program_, unit_, field);
    if (held == nullptr) return std::nullopt;
    out.in_place[node].push_back(nodes_.at(held));
    return nodes_.at(held);
  }

  void add_any(const ast::Type& type, std::vector<std::size_t>& edges) const {
    for (const ast::Type& argument : type.arguments) add_any(argument, edges);
    if (const ast::Message* used = own_message(program_, unit_, type)) {
      edges.push_back(nodes_.at(used));
    }
  }

  const Program& program_;
  const Unit& unit_;
  std::unordered_map<const ast::Message*, std::size_t> nodes_;
};

}  // namespace

Containment containment_of(const Program& program, const Unit& unit) {
  return Builder(program, unit).run();
}

const ast::Message* held_message(const Program& program, const Unit& unit,
                                 const ast::Field& field) {
  return own_message(program, unit, field.type);
}

}  // namespace rpcgen
