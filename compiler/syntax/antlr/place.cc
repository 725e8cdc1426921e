#include "compiler/syntax/antlr/place.h"

#include <algorithm>
#include <array>

namespace rpcgen {

bool is_word(std::size_t type) {
  return type <= RpcLexer::MAP || type == RpcLexer::IDENTIFIER;
}

bool begins_statement(std::size_t type) {
  return type != RpcLexer::UNION && type >= RpcLexer::PACKAGE && type <= RpcLexer::SERVICE;
}

bool ends_in_semicolon(std::size_t rule) {
  constexpr std::array kRules{RpcParser::RulePackageStatement,
                              RpcParser::RuleImportStatement,
                              RpcParser::RuleConstant,
                              RpcParser::RuleEnumValue,
                              RpcParser::RuleField,
                              RpcParser::RuleReserved,
                              RpcParser::RuleMethod};
  return std::find(kRules.begin(), kRules.end(), rule) != kRules.end();
}

bool takes_keywords(std::size_t rule) {
  return rule == RpcParser::RuleEnumeration || rule == RpcParser::RuleService;
}

bool between_members(antlr4::Parser& parser, std::size_t rule) {
  if (rule == RpcParser::RuleFile) return true;
  if (rule != RpcParser::RuleMessage && rule != RpcParser::RuleUnionMember &&
      rule != RpcParser::RuleEnumeration && rule != RpcParser::RuleService) {
    return false;
  }
  const Token* before = parser.getTokenStream()->LT(-1);
  return before->getType() == RpcLexer::SEMICOLON || before->getType() == RpcLexer::LBRACE ||
         before->getType() == RpcLexer::RBRACE;
}

bool begins_member(antlr4::Parser& parser, std::size_t rule) {
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

bool in_head(antlr4::Parser& parser, std::size_t rule) {
  if (rule != RpcParser::RuleMessage && rule != RpcParser::RuleEnumeration &&
      rule != RpcParser::RuleService) {
    return false;
  }
  const auto& children = parser.getContext()->children;
  const std::size_t type = parser.getCurrentToken()->getType();
  return children.size() == 2 && type != RpcLexer::LBRACE && type != RpcLexer::LBRACKET;
}

bool ends_block(std::size_t rule, std::size_t type) {
  return type == Token::EOF || (rule != RpcParser::RuleFile && begins_statement(type));
}

Block block_of(antlr4::Parser& parser) {
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

ParserRuleContext* statement_of(antlr4::Parser& parser) {
  for (auto* context = parser.getContext(); context != nullptr;
       context = static_cast<ParserRuleContext*>(context->parent)) {
    if (ends_in_semicolon(context->getRuleIndex())) return context;
  }
  return nullptr;
}

const Token* first_of_statement(antlr4::Parser& parser, const Token* got) {
  ParserRuleContext* statement = statement_of(parser);
  return statement == nullptr ? got : statement->getStart();
}

std::string rule_to_name(antlr4::Parser& parser) {
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

}  // namespace rpcgen
