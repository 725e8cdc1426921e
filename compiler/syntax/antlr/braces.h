// Which blocks of a text are closed.
#pragma once

#include <cstddef>
#include <vector>

#include "compiler/syntax/antlr/place.h"

namespace rpcgen {

// Counted once, when somebody first asks.
class Braces {
 public:
  // Whether the definition that begins here is meant to stand in the block, since the braces of the
  // rest close it and the block. Otherwise it is the block's own `}` that is missing.
  bool nests_here(antlr4::Parser& parser) {
    const std::size_t rule = parser.getContext()->getRuleIndex();
    const std::size_t type = parser.getCurrentToken()->getType();
    if (!begins_statement(type) || type == RpcLexer::PACKAGE || type == RpcLexer::IMPORT)
      return false;
    if (rule != RpcParser::RuleMessage && rule != RpcParser::RuleUnionMember &&
        rule != RpcParser::RuleEnumeration && rule != RpcParser::RuleService) {
      return false;
    }
    const std::ptrdiff_t open = rule == RpcParser::RuleUnionMember ? 2 : 1;
    return open_from(parser) + open == 0;
  }

  // Whether the block that begins here has its `}`.
  bool block_ends(antlr4::Parser& parser) { return open_from(parser) <= 0; }

 private:
  // How many more braces are opened than closed from here to the end.
  std::ptrdiff_t open_from(antlr4::Parser& parser) {
    if (open_.empty()) count(*parser.getTokenStream());
    return open_[parser.getCurrentToken()->getTokenIndex()];
  }
  void count(antlr4::TokenStream& tokens) {
    open_.assign(tokens.size() + 1, 0);
    for (std::size_t at = tokens.size(); at-- > 0;) {
      const std::size_t type = tokens.get(at)->getType();
      open_[at] =
          open_[at + 1] + (type == RpcLexer::LBRACE ? 1 : 0) - (type == RpcLexer::RBRACE ? 1 : 0);
    }
  }

  std::vector<std::ptrdiff_t> open_;  // of every token
};

}  // namespace rpcgen
