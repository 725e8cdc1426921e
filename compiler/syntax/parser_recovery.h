// How the parser goes on after a syntax error, and what it says about it. A part of parser.cc,
// which alone includes it: nothing else sees ANTLR.
#pragma once

#include <antlr4-runtime.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "RpcLexer.h"
#include "RpcParser.h"
#include "compiler/base/diagnostics.h"
#include "compiler/base/source.h"
#include "compiler/base/utf8.h"
#include "compiler/syntax/expectation.h"
#include "compiler/syntax/token_values.h"

namespace rpcgen {

using antlr::RpcLexer;
using antlr::RpcParser;
using antlr4::ParserRuleContext;
using antlr4::Token;

// Of a file; the rest of a file with more is not worth reading.
inline constexpr std::size_t kMaxSyntaxErrors = 100;
// Nor is that of one whose errors lead to so many others.
inline constexpr std::size_t kMaxStumbles = 1000;

inline Span span_of(const SourceFile& file, const Token* token) {
  if (token->getType() == Token::EOF) return file.span(file.text().size(), file.text().size());
  return file.span(token->getStartIndex(), token->getStopIndex() + 1);
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

  // Between two statements or members, ANTLR would give up the rest of the block for a token that
  // begins none. Here it costs what it begins, up to the `;` or `}`.
  void sync(antlr4::Parser* parser) override {
    const std::size_t rule = parser->getContext()->getRuleIndex();
    if (!between_members(*parser, rule)) {
      DefaultErrorStrategy::sync(parser);
      return;
    }
    while (!begins_member(rule, parser->getCurrentToken()->getType())) {
      reportUnwantedToken(parser);
      if (ends_block(rule, parser->getCurrentToken()->getType())) return;
      skip_member(parser);
      endErrorCondition(parser);
    }
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
    for (std::size_t type = 0; type != RpcLexer::SEMICOLON; parser->consume()) {
      type = parser->getCurrentToken()->getType();
      if (type == Token::EOF || type == RpcLexer::LBRACE || type == RpcLexer::RBRACE) return;
    }
  }

 private:
  void report(antlr4::Parser* parser, const Token* got) {
    const bool at_end = got->getType() == Token::EOF;
    if (count_ >= kMaxSyntaxErrors || (at_end && unterminated_) || is_open_string(got)) return;
    if (in_reported_statement(*parser->getTokenStream(), got)) {
      if (++stumbles_ > kMaxStumbles) give_up(*parser);
      return;
    }
    Mismatch mismatch;
    mismatch.rule = rule_to_name(*parser);
    for (ssize_t type : parser->getExpectedTokens().toList()) {
      mismatch.expected.push_back(
          parser->getVocabulary().getDisplayName(static_cast<std::size_t>(type)));
    }
    mismatch.got = shown(got);
    mismatch.word = is_word(got->getType());

    Complaint complaint = describe(mismatch);
    Span at = span_of(file_, got);
    last_error_ = got->getTokenIndex();
    const Token* before = parser->getTokenStream()->LT(-1);
    if (complaint.belongs_before && before != nullptr && line_of(before) != line_of(got)) {
      const std::uint32_t end = span_of(file_, before).end;
      at = {end, end};
      last_error_.reset();  // that statement has ended
    }
    diagnostics_.error(at, std::move(complaint.text));
    if (++count_ == kMaxSyntaxErrors) give_up(*parser);
  }

  // The parser goes on at the end of the file, where it is soon done.
  static void give_up(antlr4::Parser& parser) {
    antlr4::TokenStream& tokens = *parser.getTokenStream();
    tokens.seek(tokens.size() - 1);
  }

  // One mistake in a statement makes the parser stumble over the rest of it, too.
  bool in_reported_statement(antlr4::TokenStream& tokens, const Token* got) {
    if (!last_error_) return false;
    for (; *last_error_ < got->getTokenIndex(); ++*last_error_) {
      const std::size_t type = tokens.get(*last_error_)->getType();
      if (type == RpcLexer::SEMICOLON || type == RpcLexer::LBRACE || type == RpcLexer::RBRACE) {
        return false;
      }
    }
    return true;
  }

  static bool is_word(std::size_t type) {
    return type <= RpcLexer::MAP || type == RpcLexer::IDENTIFIER;
  }

  static bool begins_statement(std::size_t type) {
    return type != RpcLexer::UNION && type >= RpcLexer::PACKAGE && type <= RpcLexer::SERVICE;
  }

  static bool between_members(antlr4::Parser& parser, std::size_t rule) {
    if (rule == RpcParser::RuleFile) return true;
    if (rule != RpcParser::RuleMessage && rule != RpcParser::RuleUnionMember &&
        rule != RpcParser::RuleEnumeration && rule != RpcParser::RuleService) {
      return false;
    }
    const Token* before = parser.getTokenStream()->LT(-1);
    return before->getType() == RpcLexer::SEMICOLON || before->getType() == RpcLexer::LBRACE ||
           before->getType() == RpcLexer::RBRACE;
  }

  static bool begins_member(std::size_t rule, std::size_t type) {
    if (rule == RpcParser::RuleFile) return begins_statement(type) || type == Token::EOF;
    if (type == RpcLexer::RBRACE) return true;
    if (rule == RpcParser::RuleEnumeration || rule == RpcParser::RuleService) return is_word(type);
    if (rule == RpcParser::RuleMessage && (type == RpcLexer::UNION || type == RpcLexer::RESERVED)) {
      return true;
    }
    return type == RpcLexer::OPTIONAL || type == RpcLexer::LIST || type == RpcLexer::MAP ||
           type == RpcLexer::IDENTIFIER;
  }

  // What cannot belong to the block: its `}` is missing.
  static bool ends_block(std::size_t rule, std::size_t type) {
    return type == Token::EOF || (rule != RpcParser::RuleFile && begins_statement(type));
  }

  // Through the next `;` or the block in braces, but not through the end of the block around it.
  static void skip_member(antlr4::Parser* parser) {
    std::size_t depth = 0;
    for (bool first = true;; first = false) {
      const std::size_t type = parser->getCurrentToken()->getType();
      if (type == Token::EOF || (type == RpcLexer::RBRACE && depth == 0 && !first)) return;
      parser->consume();
      if (type == RpcLexer::LBRACE) ++depth;
      if (type == RpcLexer::RBRACE && depth > 0) --depth;
      if (depth == 0 && (type == RpcLexer::SEMICOLON || type == RpcLexer::RBRACE)) return;
    }
  }

  // The rule that the reader knows: what a name, a number or a member is a part of.
  static std::string rule_to_name(antlr4::Parser& parser) {
    constexpr std::array kParts{RpcParser::RuleName,       RpcParser::RuleDefinedName,
                                RpcParser::RuleDottedName, RpcParser::RuleLiteral,
                                RpcParser::RuleNumber,     RpcParser::RuleTypeName,
                                RpcParser::RuleMember,     RpcParser::RuleEnumMember};
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
    const std::string_view text = file_.text_of(span_of(file_, token));
    return text.starts_with('"') && (text.size() == 1 || !text.ends_with('"'));
  }

  // Nothing for the end of the file; of a run of stray characters, the first.
  std::string shown(const Token* token) const {
    const std::string_view text = file_.text_of(span_of(file_, token));
    if (token->getType() != RpcLexer::STRAY) return shown_token(text);
    const CodePoint first = decode_utf8(text);
    if (first.valid && !is_printable(first)) {
      return fmt::format("U+{:04X}", static_cast<std::uint32_t>(first.value));
    }
    return std::string(text.substr(0, first.size));
  }

  std::size_t line_of(const Token* token) const { return file_.line(span_of(file_, token).begin); }

  const SourceFile& file_;
  bool unterminated_;
  Diagnostics& diagnostics_;
  std::size_t count_ = 0;
  std::size_t stumbles_ = 0;
  // Where the statement with the last error is known to go on, as a token's index.
  std::optional<std::size_t> last_error_;
};

}  // namespace rpcgen
