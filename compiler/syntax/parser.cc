#include "compiler/syntax/parser.h"

#include <antlr4-runtime.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "RpcLexer.h"
#include "RpcParser.h"
#include "compiler/base/utf8.h"
#include "compiler/syntax/expectation.h"
#include "compiler/syntax/literal.h"
#include "compiler/syntax/scan.h"

namespace rpcgen {
namespace {

using antlr::RpcLexer;
using antlr::RpcParser;
using antlr4::ParserRuleContext;
using antlr4::Token;

constexpr std::size_t kMaxSyntaxErrors = 100;

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

Span span_of(const SourceFile& file, const Token* token) {
  if (token->getType() == Token::EOF) return file.span(file.text().size(), file.text().size());
  return file.span(token->getStartIndex(), token->getStopIndex() + 1);
}

// A token as a message quotes it: the start of a long one, the first character of a stray run.
std::string shown(const SourceFile& file, const Token* token) {
  constexpr std::size_t kLongest = 40;
  if (token->getType() == Token::EOF) return "";
  const std::string_view text = file.text_of(span_of(file, token));
  if (token->getType() == RpcLexer::STRAY) {
    return std::string(text.substr(0, decode_utf8(text).size));
  }
  if (text.size() <= kLongest) return std::string(text);
  std::string start;
  for (std::size_t at = 0; at < kLongest;) {
    const std::size_t size = decode_utf8(text.substr(at)).size;
    start += text.substr(at, size);
    at += size;
  }
  return start + "...";
}

// ANTLR's way to recover, our way to report.
class Recovery final : public antlr4::DefaultErrorStrategy {
 public:
  Recovery(const SourceFile& file, bool unterminated, Diagnostics& diagnostics)
      : file_(file), unterminated_(unterminated), diagnostics_(diagnostics) {}

 protected:
  void reportNoViableAlternative(antlr4::Parser* parser,
                                 const antlr4::NoViableAltException& e) override {
    report(parser, e.getOffendingToken());
  }
  void reportInputMismatch(antlr4::Parser* parser,
                           const antlr4::InputMismatchException& e) override {
    report(parser, e.getOffendingToken());
  }
  void reportUnwantedToken(antlr4::Parser* parser) override {
    if (inErrorRecoveryMode(parser)) return;
    beginErrorCondition(parser);
    report(parser, parser->getCurrentToken());
  }
  void reportMissingToken(antlr4::Parser* parser) override { reportUnwantedToken(parser); }

  // A token that gives the text its structure is never one too many: what is missing stands before
  // it.
  Token* singleTokenDeletion(antlr4::Parser* parser) override {
    const std::size_t type = parser->getCurrentToken()->getType();
    if (type >= RpcLexer::SEMICOLON && type <= RpcLexer::RPAREN) return nullptr;
    return DefaultErrorStrategy::singleTokenDeletion(parser);
  }

  // Any word can begin a field or a method, so ANTLR would take the rest of a broken one for the
  // next, and the next. A broken one ends at its `;`, unless that is just what it lacks.
  void recover(antlr4::Parser* parser, std::exception_ptr e) override {
    const Token* before = parser->getTokenStream()->LT(-1);
    if (!ends_in_semicolon(parser->getContext()->getRuleIndex()) || before == nullptr ||
        line_of(before) != line_of(parser->getCurrentToken())) {
      DefaultErrorStrategy::recover(parser, e);
      return;
    }
    for (;;) {
      const std::size_t type = parser->getCurrentToken()->getType();
      if (type == Token::EOF || type == RpcLexer::LBRACE || type == RpcLexer::RBRACE) return;
      parser->consume();
      if (type == RpcLexer::SEMICOLON) return;
    }
  }

 private:
  void report(antlr4::Parser* parser, const Token* got) {
    const bool at_end = got->getType() == Token::EOF;
    if (count_ >= kMaxSyntaxErrors || (at_end && unterminated_) || is_open_string(got)) return;
    Mismatch mismatch;
    mismatch.rule = rule_to_name(*parser);
    for (ssize_t type : parser->getExpectedTokens().toList()) {
      mismatch.expected.push_back(
          parser->getVocabulary().getDisplayName(static_cast<std::size_t>(type)));
    }
    mismatch.got = shown(file_, got);
    mismatch.word = got->getType() <= RpcLexer::MAP || got->getType() == RpcLexer::IDENTIFIER;

    Complaint complaint = describe(mismatch);
    Span at = span_of(file_, got);
    const Token* before = parser->getTokenStream()->LT(-1);
    if (complaint.belongs_before && before != nullptr) {
      const std::uint32_t end = span_of(file_, before).end;
      if (line_of(before) != line_of(got)) at = {end, end};
    }
    diagnostics_.error(at, std::move(complaint.text));
    // Enough: the parser goes on at the end of the file, where it is soon done.
    if (++count_ == kMaxSyntaxErrors) {
      parser->getTokenStream()->seek(parser->getTokenStream()->size() - 1);
    }
  }

  // The rule that the reader knows: what a name, a number or a member is a part of.
  static std::string rule_to_name(antlr4::Parser& parser) {
    constexpr std::array kParts{RpcParser::RuleName,       RpcParser::RuleDefinedName,
                                RpcParser::RuleDottedName, RpcParser::RuleLiteral,
                                RpcParser::RuleNumber,     RpcParser::RuleTypeName,
                                RpcParser::RuleMember};
    ParserRuleContext* context = parser.getContext();
    while (context->parent != nullptr &&
           std::find(kParts.begin(), kParts.end(), context->getRuleIndex()) != kParts.end()) {
      context = static_cast<ParserRuleContext*>(context->parent);
    }
    if (context->getRuleIndex() == RpcParser::RuleMessage) return context->getStart()->getText();
    return parser.getRuleNames()[context->getRuleIndex()];
  }

  static bool ends_in_semicolon(std::size_t rule) {
    constexpr std::array kRules{RpcParser::RulePackageStatement,
                                RpcParser::RuleImportStatement,
                                RpcParser::RuleConstant,
                                RpcParser::RuleEnumValue,
                                RpcParser::RuleField,
                                RpcParser::RuleReserved,
                                RpcParser::RuleMethod};
    return std::find(kRules.begin(), kRules.end(), rule) != kRules.end();
  }

  // The scan has reported it.
  bool is_open_string(const Token* token) const {
    if (token->getType() != RpcLexer::STRING) return false;
    const std::string_view text = file_.text_of(span_of(file_, token));
    return text.size() < 2 || !text.ends_with('"');
  }

  std::size_t line_of(const Token* token) const {
    return file_.position(span_of(file_, token).begin).line;
  }

  const SourceFile& file_;
  bool unterminated_;
  Diagnostics& diagnostics_;
  std::size_t count_ = 0;
};

// ANTLR's tree to ours. A rule that ANTLR did not finish lacks children, or has error nodes: tokens
// that it skipped or made up.
class AstBuilder {
 public:
  AstBuilder(const SourceFile& file, Scan scan, Diagnostics& diagnostics)
      : file_(file), scan_(std::move(scan)), diagnostics_(diagnostics) {}

  ast::File build(RpcParser::FileContext& context) {
    ast::File out;
    out.start = file_.span(0, 0);
    bool first = true;
    for (auto* statement : context.statement()) {
      if (auto* package = statement->packageStatement()) {
        out.packages.push_back({doc(*package), dotted_name(package->dottedName()), first});
      } else if (auto* import = statement->importStatement()) {
        if (auto path = string(import->STRING())) out.imports.push_back({std::move(*path)});
      } else if (auto* constant = statement->constant()) {
        out.constants.push_back({doc(*constant), type(constant->type()), name(constant->name()),
                                 literal(constant->literal())});
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
  ast::Enum build(RpcParser::EnumerationContext& context) {
    ast::Enum out{
        doc(context), name(context.definedName()), annotations(context.annotations()), {}};
    for (auto* value : context.enumValue()) {
      out.values.push_back({doc(*value), name(value->name()), number(value->number()),
                            annotations(value->annotations())});
    }
    return out;
  }

  ast::Message build(RpcParser::MessageContext& context) {
    ast::Message out;
    out.doc = doc(context);
    out.is_error = context.getStart()->getType() == RpcParser::ERROR;
    out.name = name(context.definedName());
    out.annotations = annotations(context.annotations());
    for (auto* member : context.member()) {
      if (auto* field = member->field()) {
        out.fields.push_back(build(*field));
      } else if (auto* one_of = member->unionMember()) {
        ast::Union& last = out.unions.emplace_back();
        last.doc = doc(*one_of);
        last.name = name(one_of->name());
        for (auto* alternative : one_of->field()) last.members.push_back(build(*alternative));
      } else if (auto* reserved = member->reserved()) {
        out.reserved.push_back(build(*reserved));
      }
    }
    return out;
  }

  ast::Field build(RpcParser::FieldContext& context) {
    return {doc(context),         keyword(context.OPTIONAL()), type(context.type()),
            name(context.name()), number(context.number()),    annotations(context.annotations())};
  }

  ast::Reserved build(RpcParser::ReservedContext& context) {
    ast::Reserved out;
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
    ast::Service out{
        doc(context), name(context.definedName()), annotations(context.annotations()), {}};
    for (auto* method : context.method()) out.methods.push_back(build(*method));
    return out;
  }

  ast::Method build(RpcParser::MethodContext& context) {
    ast::Method out;
    out.doc = doc(context);
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
    const Token* token = own_token(*context);
    if (token == nullptr) return std::nullopt;
    const Span digits = span_of(file_, token);
    const Span span = join(span_of(file_, context->getStart()), digits);
    const bool negative = span.begin != digits.begin;
    const std::string_view text = file_.text_of(digits);
    if (token->getType() == RpcParser::FLOAT) {
      if (auto value = parse_float(text)) return ast::Literal{span, negative ? -*value : *value};
      return diagnostics_.error(digits, "number is out of the range of a double"), std::nullopt;
    }
    if (token->getType() == RpcParser::DURATION) {
      if (auto value = parse_duration(text)) return ast::Literal{span, negative ? -*value : *value};
      return diagnostics_.error(digits, "duration does not fit in 64 bits of nanoseconds"),
             std::nullopt;
    }
    if (auto value = integer(*token)) return ast::Literal{span, ast::Integer{negative, *value}};
    return std::nullopt;
  }

  std::optional<ast::Number> number(RpcParser::NumberContext* context) {
    const Token* token = context == nullptr ? nullptr : own_token(*context);
    if (token == nullptr) return std::nullopt;
    const Span span = join(span_of(file_, context->getStart()), span_of(file_, token));
    const auto value = integer(*token);
    if (!value) return std::nullopt;
    return ast::Number{{context->MINUS() != nullptr, *value}, span};
  }

  std::optional<std::uint64_t> integer(const Token& token) {
    const Span span = span_of(file_, &token);
    if (token.getType() == RpcParser::MALFORMED_NUMBER) {
      diagnostics_.error(span,
                         fmt::format("\"{}\" is no number: not an integer, a decimal fraction "
                                     "or a duration such as 500ms",
                                     shown(file_, &token)));
      return std::nullopt;
    }
    const auto value = parse_integer(file_.text_of(span));
    if (!value) diagnostics_.error(span, "number does not fit in 64 bits");
    return value;
  }

  // A string's text without quotes and escapes, its span with them.
  std::optional<ast::Name> string(antlr4::tree::TerminalNode* node) {
    if (node == nullptr || !real(node->getSymbol())) return std::nullopt;
    const Span span = span_of(file_, node->getSymbol());
    ParsedString parsed = parse_string(file_.text_of(span));
    if (parsed.problem) {
      const auto offset = [span](std::size_t at) {
        return span.begin + static_cast<std::uint32_t>(at);
      };
      diagnostics_.error({offset(parsed.problem->begin), offset(parsed.problem->end)},
                         std::move(parsed.problem->text));
    }
    return ast::Name{std::move(parsed.text), span};
  }

  // A rule that is one token: `name`, `definedName`.
  ast::Name name(ParserRuleContext* context) {
    const Token* token = context == nullptr ? nullptr : own_token(*context);
    if (token == nullptr) return {};
    const Span span = span_of(file_, token);
    return {std::string(file_.text_of(span)), span};
  }

  ast::Name dotted_name(RpcParser::DottedNameContext* context) {
    ast::Name out;
    if (context == nullptr) return out;
    for (auto* part : context->name()) append(out, name(part));
    return out;
  }

  ast::Name type_name(RpcParser::TypeNameContext& context) {
    ast::Name out;
    if (auto* first = context.IDENTIFIER(); first != nullptr && real(first->getSymbol())) {
      const Span span = span_of(file_, first->getSymbol());
      out = {std::string(file_.text_of(span)), span};
    }
    for (auto* part : context.name()) append(out, name(part));
    return out;
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

  std::string doc(ParserRuleContext& context) {
    const auto found = scan_.docs.find(context.getStart()->getStartIndex());
    return found == scan_.docs.end() ? std::string() : std::move(found->second);
  }

  const SourceFile& file_;
  Scan scan_;
  Diagnostics& diagnostics_;
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
  RpcParser parser(&tokens);
  parser.removeErrorListeners();
  parser.setErrorHandler(std::make_shared<Recovery>(file, scanned.unterminated, diagnostics));
  return AstBuilder(file, std::move(scanned), diagnostics).build(*parser.file());
}

}  // namespace rpcgen
