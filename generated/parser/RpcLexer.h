
// Generated from Rpc.g4 by ANTLR 4.7.2

#pragma once


#include "antlr4-runtime.h"


namespace rpcgen::antlr {


class  RpcLexer : public antlr4::Lexer {
public:
  enum {
    PACKAGE = 1, IMPORT = 2, CONST = 3, ENUM = 4, STRUCT = 5, ERROR = 6, 
    UNION = 7, SERVICE = 8, OPTIONAL = 9, RESERVED = 10, TO = 11, STREAM = 12, 
    THROWS = 13, LIST = 14, MAP = 15, SEMICOLON = 16, COMMA = 17, DOT = 18, 
    EQUALS = 19, MINUS = 20, ARROW = 21, LBRACE = 22, RBRACE = 23, LPAREN = 24, 
    RPAREN = 25, LBRACKET = 26, RBRACKET = 27, LANGLE = 28, RANGLE = 29, 
    IDENTIFIER = 30, INTEGER = 31, FLOAT = 32, DURATION = 33, MALFORMED_NUMBER = 34, 
    STRING = 35, BLOCK_COMMENT = 36, LINE_COMMENT = 37, SPACE = 38, STRAY = 39
  };

  RpcLexer(antlr4::CharStream *input);
  ~RpcLexer();

  virtual std::string getGrammarFileName() const override;
  virtual const std::vector<std::string>& getRuleNames() const override;

  virtual const std::vector<std::string>& getChannelNames() const override;
  virtual const std::vector<std::string>& getModeNames() const override;
  virtual const std::vector<std::string>& getTokenNames() const override; // deprecated, use vocabulary instead
  virtual antlr4::dfa::Vocabulary& getVocabulary() const override;

  virtual const std::vector<uint16_t> getSerializedATN() const override;
  virtual const antlr4::atn::ATN& getATN() const override;

private:
  static std::vector<antlr4::dfa::DFA> _decisionToDFA;
  static antlr4::atn::PredictionContextCache _sharedContextCache;
  static std::vector<std::string> _ruleNames;
  static std::vector<std::string> _tokenNames;
  static std::vector<std::string> _channelNames;
  static std::vector<std::string> _modeNames;

  static std::vector<std::string> _literalNames;
  static std::vector<std::string> _symbolicNames;
  static antlr4::dfa::Vocabulary _vocabulary;
  static antlr4::atn::ATN _atn;
  static std::vector<uint16_t> _serializedATN;


  // Individual action functions triggered by action() above.

  // Individual semantic predicate functions triggered by sempred() above.

  struct Initializer {
    Initializer();
  };
  static Initializer _init;
};

}  // namespace rpcgen::antlr
