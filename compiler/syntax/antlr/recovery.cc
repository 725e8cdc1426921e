#include "compiler/syntax/antlr/recovery.h"

#include <cstddef>

#include "compiler/syntax/newcomers.h"

namespace rpcgen {

void Recovery::reportUnwantedToken(antlr4::Parser* parser) {
  if (inErrorRecoveryMode(parser)) return;
  beginErrorCondition(parser);
  errors_.report(*parser, parser->getCurrentToken());
}

// A token that gives the text its structure is never one too many: what is missing stands before
// it.
Token* Recovery::singleTokenDeletion(antlr4::Parser* parser) {
  const std::size_t type = parser->getCurrentToken()->getType();
  if (type >= RpcLexer::SEMICOLON && type <= RpcLexer::RPAREN) return nullptr;
  return DefaultErrorStrategy::singleTokenDeletion(parser);
}

// Between two statements or members, ANTLR would give up the rest of the block for a token that
// begins none. Here it costs what it begins, up to the `;` or `}`. What stands between a name and
// its '{' costs nothing else.
void Recovery::sync(antlr4::Parser* parser) {
  const std::size_t rule = parser->getContext()->getRuleIndex();
  if (in_head(*parser, rule) && skip_to_block(parser)) return;
  if (!between_members(*parser, rule)) {
    DefaultErrorStrategy::sync(parser);
    return;
  }
  while (!begins_member(*parser, rule)) {
    reportUnwantedToken(parser);
    const std::size_t type = parser->getCurrentToken()->getType();
    if (ends_block(rule, type) && !braces_.nests_here(*parser)) {
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
void Recovery::recover(antlr4::Parser* parser, std::exception_ptr e) {
  ParserRuleContext* statement = statement_of(*parser);
  const Token* before = parser->getTokenStream()->LT(-1);
  if (statement == nullptr || before == nullptr ||
      line_of(file_, before) != line_of(file_, parser->getCurrentToken())) {
    DefaultErrorStrategy::recover(parser, e);
    return;
  }
  // A part of a statement leaves its end to the statement.
  const bool whole = statement == parser->getContext();
  while (true) {
    const std::size_t type = parser->getCurrentToken()->getType();
    if (type == Token::EOF || type == RpcLexer::RBRACE) return;
    if (type == RpcLexer::LBRACE) {
      if (whole && braces_.block_ends(*parser)) {
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

// Whether a statement of a file begins here, on a line of its own: the one before lacks its `;`.
bool Recovery::begins_anew(antlr4::Parser& parser) const {
  if (parser.getContext()->getRuleIndex() != RpcParser::RuleFile) return false;
  const Token* token = parser.getCurrentToken();
  if (line_of(file_, token) == line_of(file_, parser.getTokenStream()->LT(-1))) return false;
  return begins_statement(token->getType()) ||
         advice_for(Block::kFile, file_.text_of(span_of(file_, token))).has_value();
}

// Reports what stands before the '{' and skips it; false if no '{' follows.
bool Recovery::skip_to_block(antlr4::Parser* parser) {
  antlr4::TokenStream& tokens = *parser->getTokenStream();
  std::size_t at = tokens.index();
  for (; tokens.get(at)->getType() != RpcLexer::LBRACE; ++at) {
    const std::size_t type = tokens.get(at)->getType();
    if (type == Token::EOF || type == RpcLexer::SEMICOLON || type == RpcLexer::RBRACE) return false;
  }
  reportUnwantedToken(parser);
  while (tokens.index() < at) parser->consume();
  endErrorCondition(parser);
  return true;
}

// The names from there to here: what cannot be read may have declared them.
void Recovery::note_names(antlr4::Parser& parser, std::size_t from) {
  antlr4::TokenStream& tokens = *parser.getTokenStream();
  for (std::size_t at = from; at < tokens.index(); ++at) {
    const Token* token = tokens.get(at);
    if (token->getType() == RpcLexer::IDENTIFIER) lost_names_.insert(token->getText());
  }
}

// Through the next `;` or the block in braces, but not through the end of the block around it.
void Recovery::skip_member(antlr4::Parser* parser) {
  const std::size_t from = parser->getTokenStream()->index();
  bool in_head = true;
  std::size_t depth = 0;
  for (bool first = true;; first = false) {
    const std::size_t type = parser->getCurrentToken()->getType();
    if (type == Token::EOF || (type == RpcLexer::RBRACE && depth == 0 && !first)) return;
    if (depth == 0 && !first && begins_anew(*parser)) {
      if (in_head) note_names(*parser, from);
      errors_.end_statement();
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

}  // namespace rpcgen
