// How the parser goes on after a syntax error, and what it says about it. A part of parser.cc,
// which alone includes it: nothing else sees ANTLR.
#pragma once

#include <antlr4-runtime.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "RpcLexer.h"
#include "RpcParser.h"
#include "compiler/base/diagnostics.h"
#include "compiler/base/source.h"
#include "compiler/base/utf8.h"
#include "compiler/syntax/expectation.h"
#include "compiler/syntax/newcomers.h"
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
  // begins none. Here it costs what it begins, up to the `;` or `}`. What stands between a name and
  // its '{' costs nothing else.
  void sync(antlr4::Parser* parser) override {
    const std::size_t rule = parser->getContext()->getRuleIndex();
    if (in_head(*parser, rule) && skip_to_block(parser)) return;
    if (!between_members(*parser, rule)) {
      DefaultErrorStrategy::sync(parser);
      return;
    }
    while (!begins_member(*parser, rule)) {
      reportUnwantedToken(parser);
      const std::size_t type = parser->getCurrentToken()->getType();
      if (ends_block(rule, type) && !nests_here(*parser, rule)) {
        // For the grammar the keyword is the name of a member: it must not go on in this block.
        if (is_word(type) && takes_keywords(rule)) throw antlr4::InputMismatchException(parser);
        return;
      }
      skip_member(parser);
      endErrorCondition(parser);
    }
  }

  // Any word can begin a field or a method, so ANTLR would take the rest of a broken one for the
  // next, and the next. A broken one ends at its `;`, or with the block that it opens, unless the
  // `;` is just what it lacks.
  void recover(antlr4::Parser* parser, std::exception_ptr e) override {
    ParserRuleContext* statement = statement_of(*parser);
    const Token* before = parser->getTokenStream()->LT(-1);
    if (statement == nullptr || before == nullptr ||
        line_of(before) != line_of(parser->getCurrentToken())) {
      DefaultErrorStrategy::recover(parser, e);
      return;
    }
    // A part of a statement leaves its end to the statement.
    const bool whole = statement == parser->getContext();
    while (true) {
      const std::size_t type = parser->getCurrentToken()->getType();
      if (type == Token::EOF || type == RpcLexer::RBRACE) return;
      if (type == RpcLexer::LBRACE) {
        if (whole && block_ends(*parser)) {
          note_names(*parser, statement->getStart()->getTokenIndex());
          skip_member(parser);
          endErrorCondition(parser);
        }
        return;
      }
      if (type == RpcLexer::SEMICOLON && !whole) return;
      parser->consume();
      if (type == RpcLexer::SEMICOLON) return endErrorCondition(parser);
    }
  }

 public:
  std::set<std::string, std::less<>> take_lost_names() { return std::move(lost_names_); }

 private:
  void report(antlr4::Parser* parser, const Token* got) {
    const bool at_end = got->getType() == Token::EOF;
    if (count_ >= kMaxSyntaxErrors || (at_end && unterminated_) || is_open_string(got)) return;
    if (in_reported_statement(*parser->getTokenStream(), got)) {
      if (++stumbles_ > kMaxStumbles) give_up(*parser);
      return;
    }
    const Block block = block_of(*parser);
    const Token* first = first_of_statement(*parser, got);
    if (const auto advice = advice_for(block, first->getText())) {
      last_error_ = got->getTokenIndex();
      const std::string_view what = first->getType() == RpcLexer::IDENTIFIER
                                        ? "is no word of this language"
                                        : "is unexpected";
      diagnostics_.error(span_of(file_, first),
                         fmt::format("\"{}\" {}; {}", first->getText(), what, *advice));
      if (++count_ == kMaxSyntaxErrors) give_up(*parser);
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
    if (const Token* previous = parser->getTokenStream()->LT(-1)) {
      mismatch.previous = shown_token(file_.text_of(span_of(file_, previous)));
    }
    mismatch.nested = nests_here(*parser, parser->getContext()->getRuleIndex());

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

  // Whether the names of members can be keywords.
  static bool takes_keywords(std::size_t rule) {
    return rule == RpcParser::RuleEnumeration || rule == RpcParser::RuleService;
  }

  static bool begins_member(antlr4::Parser& parser, std::size_t rule) {
    const std::size_t type = parser.getCurrentToken()->getType();
    if (rule == RpcParser::RuleFile) return begins_statement(type) || type == Token::EOF;
    if (type == RpcLexer::RBRACE) return true;
    if (takes_keywords(rule)) {
      // A keyword is a name here, but not before another name.
      const bool defines = begins_statement(type) &&
                           parser.getTokenStream()->LA(2) == std::size_t{RpcLexer::IDENTIFIER};
      return is_word(type) && !defines;
    }
    if (rule == RpcParser::RuleMessage && (type == RpcLexer::UNION || type == RpcLexer::RESERVED)) {
      return true;
    }
    return type == RpcLexer::OPTIONAL || type == RpcLexer::LIST || type == RpcLexer::MAP ||
           type == RpcLexer::IDENTIFIER;
  }

  // Whether a statement of a file begins here, on a line of its own: the one before lacks its `;`.
  bool begins_anew(antlr4::Parser& parser) const {
    if (parser.getContext()->getRuleIndex() != RpcParser::RuleFile) return false;
    const Token* token = parser.getCurrentToken();
    if (line_of(token) == line_of(parser.getTokenStream()->LT(-1))) return false;
    return begins_statement(token->getType()) ||
           advice_for(Block::kFile, file_.text_of(span_of(file_, token))).has_value();
  }

  // Whether the parser stands between a defined name and its '{', at something else.
  static bool in_head(antlr4::Parser& parser, std::size_t rule) {
    if (rule != RpcParser::RuleMessage && rule != RpcParser::RuleEnumeration &&
        rule != RpcParser::RuleService) {
      return false;
    }
    const auto& children = parser.getContext()->children;
    const std::size_t type = parser.getCurrentToken()->getType();
    return children.size() == 2 && type != RpcLexer::LBRACE && type != RpcLexer::LBRACKET;
  }

  // Reports what stands before the '{' and skips it; false if no '{' follows.
  bool skip_to_block(antlr4::Parser* parser) {
    antlr4::TokenStream& tokens = *parser->getTokenStream();
    std::size_t at = tokens.index();
    for (; tokens.get(at)->getType() != RpcLexer::LBRACE; ++at) {
      const std::size_t type = tokens.get(at)->getType();
      if (type == Token::EOF || type == RpcLexer::SEMICOLON || type == RpcLexer::RBRACE)
        return false;
    }
    reportUnwantedToken(parser);
    while (tokens.index() < at) parser->consume();
    endErrorCondition(parser);
    return true;
  }

  // Whether the definition that begins here is meant to stand in the block, since the braces of the
  // rest close it and the block. Otherwise it is the block's own `}` that is missing.
  bool nests_here(antlr4::Parser& parser, std::size_t rule) {
    const std::size_t type = parser.getCurrentToken()->getType();
    if (!begins_statement(type) || type == RpcLexer::PACKAGE || type == RpcLexer::IMPORT)
      return false;
    if (rule != RpcParser::RuleMessage && rule != RpcParser::RuleUnionMember &&
        rule != RpcParser::RuleEnumeration && rule != RpcParser::RuleService) {
      return false;
    }
    const std::ptrdiff_t open = rule == RpcParser::RuleUnionMember ? 2 : 1;
    return braces_from(parser)[parser.getCurrentToken()->getTokenIndex()] + open == 0;
  }

  // Whether the block that begins here has its `}`.
  bool block_ends(antlr4::Parser& parser) {
    const auto& braces = braces_from(parser);
    const std::size_t at = parser.getCurrentToken()->getTokenIndex();
    return braces[at] <= 0;
  }

  // For every token, how many more braces are opened than closed from there to the end.
  const std::vector<std::ptrdiff_t>& braces_from(antlr4::Parser& parser) {
    antlr4::TokenStream& tokens = *parser.getTokenStream();
    if (!braces_.empty()) return braces_;
    braces_.assign(tokens.size() + 1, 0);
    for (std::size_t at = tokens.size(); at-- > 0;) {
      const std::size_t type = tokens.get(at)->getType();
      braces_[at] =
          braces_[at + 1] + (type == RpcLexer::LBRACE ? 1 : 0) - (type == RpcLexer::RBRACE ? 1 : 0);
    }
    return braces_;
  }

  // The names from there to here: what cannot be read may have declared them.
  void note_names(antlr4::Parser& parser, std::size_t from) {
    antlr4::TokenStream& tokens = *parser.getTokenStream();
    for (std::size_t at = from; at < tokens.index(); ++at) {
      const Token* token = tokens.get(at);
      if (token->getType() == RpcLexer::IDENTIFIER) lost_names_.insert(token->getText());
    }
  }

  // The block around the parser.
  static Block block_of(antlr4::Parser& parser) {
    for (auto* context = parser.getContext(); context != nullptr;
         context = static_cast<ParserRuleContext*>(context->parent)) {
      switch (context->getRuleIndex()) {
        case RpcParser::RuleService:
          return context->children.size() > 2 ? Block::kService : Block::kFile;
        case RpcParser::RuleMessage:
          return context->children.size() > 2 ? Block::kMessage : Block::kFile;
        default:
          break;
      }
    }
    return Block::kFile;
  }

  // The statement around the parser that ends in a `;`; null if there is none.
  static ParserRuleContext* statement_of(antlr4::Parser& parser) {
    for (auto* context = parser.getContext(); context != nullptr;
         context = static_cast<ParserRuleContext*>(context->parent)) {
      if (ends_in_semicolon(context->getRuleIndex())) return context;
    }
    return nullptr;
  }

  static const Token* first_of_statement(antlr4::Parser& parser, const Token* got) {
    ParserRuleContext* statement = statement_of(parser);
    return statement == nullptr ? got : statement->getStart();
  }

  // What cannot belong to the block: its `}` is missing.
  static bool ends_block(std::size_t rule, std::size_t type) {
    return type == Token::EOF || (rule != RpcParser::RuleFile && begins_statement(type));
  }

  // Through the next `;` or the block in braces, but not through the end of the block around it.
  void skip_member(antlr4::Parser* parser) {
    const std::size_t from = parser->getTokenStream()->index();
    bool in_head = true;
    std::size_t depth = 0;
    for (bool first = true;; first = false) {
      const std::size_t type = parser->getCurrentToken()->getType();
      if (type == Token::EOF || (type == RpcLexer::RBRACE && depth == 0 && !first)) return;
      if (depth == 0 && !first && begins_anew(*parser)) {
        if (in_head) note_names(*parser, from);
        last_error_.reset();  // that statement has ended
        return;
      }
      parser->consume();
      if (in_head && (type == RpcLexer::LBRACE || type == RpcLexer::SEMICOLON)) {
        note_names(*parser, from);
        in_head = false;
      }
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
    // A type that has not begun is a part of what it belongs to, unless that is a type.
    if (context->getRuleIndex() == RpcParser::RuleType && context->children.empty()) {
      auto* around = static_cast<ParserRuleContext*>(context->parent);
      if (around->getRuleIndex() != RpcParser::RuleType) context = around;
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
  std::set<std::string, std::less<>> lost_names_;
  std::vector<std::ptrdiff_t> braces_;
  std::size_t count_ = 0;
  std::size_t stumbles_ = 0;
  // Where the statement with the last error is known to go on, as a token's index.
  std::optional<std::size_t> last_error_;
};

}  // namespace rpcgen
