#include "compiler/syntax/parser.h"

#include <antlr4-runtime.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "RpcLexer.h"
#include "RpcParser.h"
#include "compiler/syntax/parser_recovery.h"
#include "compiler/syntax/scan.h"
#include "compiler/syntax/token_values.h"

namespace rpcgen {
namespace {

// The text byte by byte, so that ANTLR's positions are byte offsets. The grammar gives no meaning
// to single characters above ASCII; one control character stands for all of them, since ANTLR's
// lexer is fast for ASCII alone.
class ByteStream final : public antlr4::CharStream {
 public:
  explicit ByteStream(const SourceFile& file) : file_(file), text_(file.text()) {}

  void consume() override { ++at_; }
  std::size_t LA(ssize_t ahead) override {
    if (ahead == 0) return 0;
    const std::size_t at = at_ + static_cast<std::size_t>(ahead > 0 ? ahead - 1 : ahead);
    if (at >= text_.size()) return antlr4::IntStream::EOF;
    const auto byte = static_cast<unsigned char>(text_[at]);
    return byte < 0x80 ? byte : 0x01;
  }
  ssize_t mark() override { return 0; }
  void release(ssize_t) override {}
  std::size_t index() override { return at_; }
  void seek(std::size_t at) override { at_ = at; }
  std::size_t size() override { return text_.size(); }
  std::string getSourceName() const override { return file_.name(); }
  std::string getText(const antlr4::misc::Interval& range) override {
    const auto begin = std::min(static_cast<std::size_t>(range.a), text_.size());
    return std::string(text_.substr(begin, static_cast<std::size_t>(range.b + 1) - begin));
  }
  std::string toString() const override { return std::string(text_); }

 private:
  const SourceFile& file_;
  std::string_view text_;
  std::size_t at_ = 0;
};

bool real(const Token* token) {
  return token->getTokenIndex() != INVALID_INDEX;
}

// ANTLR's tree to ours. A rule that ANTLR did not finish lacks children, or has error nodes: tokens
// that it skipped or made up.
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

  static NumberToken number_kind(const Token* token) {
    switch (token->getType()) {
      case RpcParser::INTEGER:
        return NumberToken::kInteger;
      case RpcParser::FLOAT:
        return NumberToken::kFloat;
      case RpcParser::DURATION:
        return NumberToken::kDuration;
      default:
        return NumberToken::kMalformed;
    }
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

  // Whether the rule, or one in it, has a syntax error. A `;` that ANTLR has made up is no loss.
  static bool broken(const ParserRuleContext& context) {
    // Where ANTLR made up a token of several that fit, it left no trace but a rule of nothing.
    if (context.exception != nullptr || context.children.empty()) return true;
    return std::any_of(context.children.begin(), context.children.end(), [](const auto* child) {
      if (const auto* error = dynamic_cast<const antlr4::tree::ErrorNode*>(child)) {
        const Token* token = const_cast<antlr4::tree::ErrorNode*>(error)->getSymbol();
        return real(token) || token->getType() != RpcParser::SEMICOLON;
      }
      const auto* rule = dynamic_cast<const ParserRuleContext*>(child);
      return rule != nullptr && broken(*rule);
    });
  }

  // Whether nothing was skipped between the braces of a block.
  static bool all_read(const ParserRuleContext& context) {
    bool inside = false;
    for (antlr4::tree::ParseTree* child : context.children) {
      auto* node = dynamic_cast<antlr4::tree::TerminalNode*>(child);
      if (node == nullptr) continue;
      if (inside && dynamic_cast<antlr4::tree::ErrorNode*>(child) != nullptr) return false;
      if (node->getSymbol()->getType() == RpcParser::LBRACE) inside = true;
    }
    return inside && context.exception == nullptr;
  }

  // From the start of the rule to the end of the token.
  Span through(ParserRuleContext& context, const Token* token) const {
    return join(span_of(file_, context.getStart()), span_of(file_, token));
  }

  // The last token directly below the rule that ANTLR neither skipped nor made up.
  static const Token* own_token(const ParserRuleContext& context) {
    const Token* found = nullptr;
    for (antlr4::tree::ParseTree* child : context.children) {
      if (dynamic_cast<antlr4::tree::ErrorNode*>(child) != nullptr) continue;
      auto* node = dynamic_cast<antlr4::tree::TerminalNode*>(child);
      if (node != nullptr && node->getSymbol()->getType() != RpcParser::MINUS) {
        found = node->getSymbol();
      }
    }
    return found;
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

ast::File parse(const SourceFile& file, Diagnostics& diagnostics) {
  Scan scanned = scan(file, diagnostics);
  if (!scanned.parsable) {
    ast::File nothing;
    nothing.start = file.span(0, 0);
    nothing.readable = false;
    return nothing;
  }
  ByteStream characters(file);
  RpcLexer lexer(&characters);
  lexer.removeErrorListeners();
  antlr4::CommonTokenStream tokens(&lexer);
  tokens.fill();  // the recovery needs to know where they end
  RpcParser parser(&tokens);
  parser.removeErrorListeners();
  const auto recovery = std::make_shared<Recovery>(file, scanned.unterminated, diagnostics);
  parser.setErrorHandler(recovery);
  RpcParser::FileContext* tree = parser.file();
  ast::File out = AstBuilder(file, std::move(scanned), diagnostics).build(*tree);
  out.lost_names = recovery->take_lost_names();
  return out;
}

}  // namespace rpcgen
