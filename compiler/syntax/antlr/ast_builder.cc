#include "compiler/syntax/antlr/ast_builder.h"

#include <antlr4-runtime.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "compiler/syntax/antlr/place.h"
#include "compiler/syntax/antlr/tree.h"
#include "compiler/syntax/token_values.h"

namespace rpcgen {
namespace {

class AstBuilder {
 public:
  AstBuilder(const SourceFile& file, Scan scan, Diagnostics& diagnostics)
      : file_(file), scan_(std::move(scan)), values_(file, diagnostics) {}

  ast::File build(RpcParser::FileContext& context) {
    ast::File out;
    out.start = file_.span(0, 0);
    bool first = true;
    out.begins_read = context.children.empty() ||
                      dynamic_cast<antlr4::tree::ErrorNode*>(context.children.front()) == nullptr;
    for (auto* statement : context.statement()) {
      if (auto* package = statement->packageStatement()) {
        out.packages.push_back({doc(*package), dotted_name(package->dottedName()), first});
      } else if (auto* import = statement->importStatement()) {
        if (auto path = string(import->STRING())) {
          out.imports.push_back({std::move(*path)});
        } else {
          out.all_imports = false;
        }
      } else if (auto* constant = statement->constant()) {
        out.constants.push_back(build(*constant));
      } else if (auto* enumeration = statement->enumeration()) {
        out.enums.push_back(build(*enumeration));
      } else if (auto* message = statement->message()) {
        out.messages.push_back(build(*message));
      } else if (auto* service = statement->service()) {
        out.services.push_back(build(*service));
      }
      first = false;
    }
    return out;
  }

 private:
  ast::Constant build(RpcParser::ConstantContext& context) {
    ast::Constant out;
    out.doc = doc(context);
    out.name = name(context.name());
    if (broken(context)) return out;
    out.type = type(context.type());
    out.value = literal(context.literal());
    return out;
  }

  ast::EnumValue build(RpcParser::EnumValueContext& context) {
    ast::EnumValue out;
    out.doc = doc(context);
    out.name = name(context.name());
    if (broken(context)) return out;
    out.number = number(context.number());
    out.annotations = annotations(context.annotations());
    return out;
  }

  ast::Enum build(RpcParser::EnumerationContext& context) {
    ast::Enum out;
    out.name = name(context.definedName());
    out.annotations = annotations(context.annotations());
    for (auto* member : context.enumMember()) {
      if (auto* value = member->enumValue()) {
        out.values.push_back(build(*value));
        out.complete = out.complete && !broken(*value);
      } else if (auto* reserved = member->reserved()) {
        out.reserved.push_back(build(*reserved));
      }
    }
    out.complete = out.complete && all_read(context);
    out.doc = doc(context);
    return out;
  }

  ast::Message build(RpcParser::MessageContext& context) {
    ast::Message out;
    out.is_error = context.getStart()->getType() == RpcParser::ERROR;
    out.name = name(context.definedName());
    out.annotations = annotations(context.annotations());
    for (auto* member : context.member()) {
      if (auto* field = member->field()) {
        out.fields.push_back(build(*field));
        out.complete = out.complete && !broken(*field);
      } else if (auto* one_of = member->unionMember()) {
        ast::Union& last = out.unions.emplace_back();
        last.name = name(one_of->name());
        for (auto* alternative : one_of->field()) last.members.push_back(build(*alternative));
        last.complete = all_read(*one_of);
        last.doc = doc(*one_of);
        out.complete = out.complete && last.complete && !broken(*one_of);
      } else if (auto* reserved = member->reserved()) {
        out.reserved.push_back(build(*reserved));
      }
    }
    out.complete = out.complete && all_read(context);
    out.doc = doc(context);
    return out;
  }

  ast::Field build(RpcParser::FieldContext& context) {
    ast::Field out;
    out.doc = doc(context);
    if (broken(context)) return out;
    out.optional = keyword(context.OPTIONAL());
    out.type = type(context.type());
    out.name = name(context.name());
    out.number = number(context.number());
    out.annotations = annotations(context.annotations());
    return out;
  }

  ast::Reserved build(RpcParser::ReservedContext& context) {
    ast::Reserved out;
    doc(context);  // what it says is of no declaration
    if (broken(context)) return out;
    for (auto* item : context.reservedItem()) {
      if (auto text = string(item->STRING())) {
        out.names.push_back(std::move(*text));
        continue;
      }
      std::vector<ast::Number> numbers;
      for (auto* part : item->number()) {
        if (auto value = number(part)) numbers.push_back(*value);
      }
      if (!numbers.empty()) out.ranges.push_back({numbers.front(), numbers.back()});
    }
    return out;
  }

  ast::Service build(RpcParser::ServiceContext& context) {
    ast::Service out;
    out.name = name(context.definedName());
    out.annotations = annotations(context.annotations());
    for (auto* method : context.method()) out.methods.push_back(build(*method));
    out.complete = all_read(context);
    out.doc = doc(context);
    return out;
  }

  ast::Method build(RpcParser::MethodContext& context) {
    ast::Method out;
    out.doc = doc(context);
    if (broken(context)) return out;
    out.name = name(context.name());
    if (auto* parameter = context.parameter()) {
      out.argument = type(parameter->type());
      out.argument_stream = keyword(parameter->STREAM());
    }
    if (auto* result = context.result()) {
      out.result = type(result->type());
      out.result_stream = keyword(result->STREAM());
    }
    if (auto* list = context.throwsList()) {
      for (auto* error : list->typeName()) out.throws.push_back(type_name(*error));
    }
    out.annotations = annotations(context.annotations());
    return out;
  }

  std::vector<ast::Annotation> annotations(RpcParser::AnnotationsContext* context) {
    std::vector<ast::Annotation> out;
    if (context == nullptr) return out;
    for (auto* annotation : context->annotation()) {
      out.push_back({name(annotation->name()), annotation->EQUALS() != nullptr,
                     literal(annotation->literal())});
    }
    return out;
  }

  ast::Type type(RpcParser::TypeContext* context) {
    ast::Type out;
    if (context == nullptr || context->getStop() == nullptr) return out;
    out.span = join(span_of(file_, context->getStart()), span_of(file_, context->getStop()));
    if (auto* named = context->typeName()) {
      out.name = type_name(*named);
      if (!out.name.missing()) out.kind = ast::Type::Kind::kNamed;
      return out;
    }
    const bool list = context->getStart()->getType() == RpcParser::LIST;
    for (auto* argument : context->type()) out.arguments.push_back(type(argument));
    out.arguments.resize(list ? 1 : 2);
    if (context->getStart()->getType() == RpcParser::MAP) out.kind = ast::Type::Kind::kMap;
    if (list) out.kind = ast::Type::Kind::kList;
    return out;
  }

  std::optional<ast::Literal> literal(RpcParser::LiteralContext* context) {
    if (context == nullptr) return std::nullopt;
    if (auto* word = context->dottedName()) {
      ast::Name parts = dotted_name(word);
      if (parts.missing()) return std::nullopt;
      return ast::Literal{parts.span, ast::Word{std::move(parts.text)}};
    }
    if (auto text = string(context->STRING())) {
      return ast::Literal{text->span, std::move(text->text)};
    }
    const Token* digits = own_token(*context);
    if (digits == nullptr) return std::nullopt;
    return values_.literal(number_kind(digits), span_of(file_, digits), through(*context, digits));
  }

  std::optional<ast::Number> number(RpcParser::NumberContext* context) {
    const Token* digits = context == nullptr ? nullptr : own_token(*context);
    if (digits == nullptr) return std::nullopt;
    return values_.number(number_kind(digits), span_of(file_, digits), through(*context, digits));
  }

  std::optional<ast::Name> string(antlr4::tree::TerminalNode* node) {
    if (node == nullptr || !real(node->getSymbol())) return std::nullopt;
    return values_.string(span_of(file_, node->getSymbol()));
  }

  // A rule that is one token: `name`, `definedName`.
  ast::Name name(ParserRuleContext* context) {
    const Token* token = context == nullptr ? nullptr : own_token(*context);
    if (token == nullptr) return {};
    return values_.name(span_of(file_, token));
  }

  ast::Name dotted_name(RpcParser::DottedNameContext* context) {
    ast::Name out;
    if (context == nullptr) return out;
    for (auto* part : context->name()) append(out, name(part));
    return values_.bounded(std::move(out));
  }

  ast::Name type_name(RpcParser::TypeNameContext& context) {
    ast::Name out;
    if (auto* first = context.IDENTIFIER(); first != nullptr && real(first->getSymbol())) {
      out = values_.name(span_of(file_, first->getSymbol()));
    }
    for (auto* part : context.name()) append(out, name(part));
    return values_.bounded(std::move(out));
  }

  static void append(ast::Name& out, ast::Name part) {
    if (part.missing()) return;
    if (out.missing()) {
      out = std::move(part);
      return;
    }
    out.text += '.';
    out.text += part.text;
    out.span.end = part.span.end;
  }

  // From the start of the rule to the end of the token.
  Span through(ParserRuleContext& context, const Token* token) const {
    return join(span_of(file_, context.getStart()), span_of(file_, token));
  }

  std::optional<Span> keyword(antlr4::tree::TerminalNode* node) const {
    if (node == nullptr || !real(node->getSymbol())) return std::nullopt;
    return span_of(file_, node->getSymbol());
  }

  // The doc comments before the rule, and those behind a token of it that no rule inside of it has
  // taken: the rules inside come first.
  std::string doc(ParserRuleContext& context) {
    std::string text;
    const auto before = scan_.docs.find(context.getStart()->getStartIndex());
    if (before != scan_.docs.end()) text = std::move(before->second);
    if (context.getStop() == nullptr) return text;
    auto& behind = scan_.docs_behind;
    auto next = behind.lower_bound(context.getStart()->getStartIndex());
    while (next != behind.end() && next->first <= context.getStop()->getStartIndex()) {
      if (!text.empty()) text += '\n';
      text += next->second;
      next = behind.erase(next);
    }
    return text;
  }

  const SourceFile& file_;
  Scan scan_;
  TokenValues values_;
};

}  // namespace

ast::File build_ast(RpcParser::FileContext& tree, const SourceFile& file, Scan scan,
                    Diagnostics& diagnostics) {
  return AstBuilder(file, std::move(scan), diagnostics).build(tree);
}

}  // namespace rpcgen
