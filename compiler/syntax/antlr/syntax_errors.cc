#include "compiler/syntax/antlr/syntax_errors.h"

#include <fmt/format.h>

#include <cstdint>
#include <string_view>
#include <utility>

#include "compiler/base/utf8.h"
#include "compiler/syntax/expectation.h"
#include "compiler/syntax/newcomers.h"
#include "compiler/syntax/token_values.h"

namespace rpcgen {

namespace {

// The parser goes on at the end of the file, where it is soon done.
void give_up(antlr4::Parser& parser) {
  antlr4::TokenStream& tokens = *parser.getTokenStream();
  tokens.seek(tokens.size() - 1);
}

}  // namespace

void SyntaxErrors::report(antlr4::Parser& parser, const Token* got) {
  const bool at_end = got->getType() == Token::EOF;
  if (count_ >= kMaxSyntaxErrors || (at_end && unterminated_) || is_open_string(got)) return;
  if (in_reported_statement(*parser.getTokenStream(), got)) {
    if (++stumbles_ > kMaxStumbles) give_up(parser);
    return;
  }
  if (report_newcomer(parser, got)) return;
  Mismatch mismatch;
  mismatch.rule = rule_to_name(parser);
  for (ssize_t type : parser.getExpectedTokens().toList()) {
    mismatch.expected.push_back(
        parser.getVocabulary().getDisplayName(static_cast<std::size_t>(type)));
  }
  mismatch.got = shown(got);
  mismatch.word = is_word(got->getType());
  const Token* before = parser.getTokenStream()->LT(-1);
  if (before != nullptr) mismatch.previous = shown_token(file_.text_of(span_of(file_, before)));
  mismatch.nested = braces_.nests_here(parser);

  Complaint complaint = describe(mismatch);
  Span at = span_of(file_, got);
  last_error_ = got->getTokenIndex();
  if (complaint.belongs_before && before != nullptr &&
      line_of(file_, before) != line_of(file_, got)) {
    const std::uint32_t end = span_of(file_, before).end;
    at = {end, end};
    end_statement();
  }
  diagnostics_.error(at, std::move(complaint.text));
  count(parser);
}

// A word of protobuf or Thrift: what is written here instead.
bool SyntaxErrors::report_newcomer(antlr4::Parser& parser, const Token* got) {
  const Token* first = first_of_statement(parser, got);
  const auto advice = advice_for(block_of(parser), first->getText());
  if (!advice) return false;
  last_error_ = got->getTokenIndex();
  const std::string_view what =
      first->getType() == RpcLexer::IDENTIFIER ? "is no word of this language" : "is unexpected";
  diagnostics_.error(span_of(file_, first),
                     fmt::format("\"{}\" {}; {}", first->getText(), what, *advice));
  count(parser);
  return true;
}

void SyntaxErrors::count(antlr4::Parser& parser) {
  if (++count_ == kMaxSyntaxErrors) give_up(parser);
}

bool SyntaxErrors::in_reported_statement(antlr4::TokenStream& tokens, const Token* got) {
  if (!last_error_) return false;
  for (; *last_error_ < got->getTokenIndex(); ++*last_error_) {
    const std::size_t type = tokens.get(*last_error_)->getType();
    if (type == RpcLexer::SEMICOLON || type == RpcLexer::LBRACE || type == RpcLexer::RBRACE) {
      return false;
    }
  }
  return true;
}

// The scan has reported it.
bool SyntaxErrors::is_open_string(const Token* token) const {
  const std::string_view text = file_.text_of(span_of(file_, token));
  return text.starts_with('"') && (text.size() == 1 || !text.ends_with('"'));
}

// Nothing for the end of the file; of a run of stray characters, the first.
std::string SyntaxErrors::shown(const Token* token) const {
  const std::string_view text = file_.text_of(span_of(file_, token));
  if (token->getType() != RpcLexer::STRAY) return shown_token(text);
  const CodePoint first = decode_utf8(text);
  if (first.valid && !is_printable(first)) {
    return fmt::format("U+{:04X}", static_cast<std::uint32_t>(first.value));
  }
  return std::string(text.substr(0, first.size));
}

}  // namespace rpcgen
