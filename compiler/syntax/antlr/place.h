// Where ANTLR's parser stands, in the words of the language.
#pragma once

#include <antlr4-runtime.h>

#include <cstddef>
#include <string>

#include "RpcLexer.h"
#include "RpcParser.h"
#include "compiler/base/source.h"
#include "compiler/syntax/newcomers.h"

namespace rpcgen {

using antlr::RpcLexer;
using antlr::RpcParser;
using antlr4::ParserRuleContext;
using antlr4::Token;

inline Span span_of(const SourceFile& file, const Token* token) {
  if (token->getType() == Token::EOF) return file.span(file.text().size(), file.text().size());
  return file.span(token->getStartIndex(), token->getStopIndex() + 1);
}

inline std::size_t line_of(const SourceFile& file, const Token* token) {
  return file.line(span_of(file, token).begin);
}

bool is_word(std::size_t type);
bool begins_statement(std::size_t type);
bool ends_in_semicolon(std::size_t rule);
// Whether the names of members can be keywords.
bool takes_keywords(std::size_t rule);
bool between_members(antlr4::Parser& parser, std::size_t rule);
bool begins_member(antlr4::Parser& parser, std::size_t rule);
// Whether the parser stands between a defined name and its '{', at something else.
bool in_head(antlr4::Parser& parser, std::size_t rule);
// What cannot belong to the block: its `}` is missing.
bool ends_block(std::size_t rule, std::size_t type);
// The block around the parser.
Block block_of(antlr4::Parser& parser);
// The statement around the parser that ends in a `;`; null if there is none.
ParserRuleContext* statement_of(antlr4::Parser& parser);
const Token* first_of_statement(antlr4::Parser& parser, const Token* got);
// The rule that the reader knows: what a name, a number or a member is a part of.
std::string rule_to_name(antlr4::Parser& parser);

}  // namespace rpcgen
