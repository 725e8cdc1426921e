// What ANTLR's tree shows of syntax errors. A rule that ANTLR did not finish lacks children, or has
// error nodes: tokens that it skipped or made up.
#pragma once

#include <antlr4-runtime.h>

#include <algorithm>

#include "compiler/syntax/antlr/place.h"
#include "compiler/syntax/token_values.h"

namespace rpcgen {

// Not made up.
inline bool real(const Token* token) {
  return token->getTokenIndex() != INVALID_INDEX;
}

// Whether the rule, or one in it, has a syntax error. A `;` that ANTLR has made up is no loss.
inline bool broken(const ParserRuleContext& context) {
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
inline bool all_read(const ParserRuleContext& context) {
  bool inside = false;
  for (antlr4::tree::ParseTree* child : context.children) {
    auto* node = dynamic_cast<antlr4::tree::TerminalNode*>(child);
    if (node == nullptr) continue;
    if (inside && dynamic_cast<antlr4::tree::ErrorNode*>(child) != nullptr) return false;
    if (node->getSymbol()->getType() == RpcParser::LBRACE) inside = true;
  }
  return inside && context.exception == nullptr;
}

// The last token directly below the rule that ANTLR neither skipped nor made up.
inline const Token* own_token(const ParserRuleContext& context) {
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

inline NumberToken number_kind(const Token* token) {
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

}  // namespace rpcgen
