
// Generated from Rpc.g4 by ANTLR 4.7.2

#pragma once


#include "antlr4-runtime.h"


namespace rpcgen::antlr {


class  RpcParser : public antlr4::Parser {
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

  enum {
    RuleFile = 0, RuleStatement = 1, RulePackageStatement = 2, RuleImportStatement = 3, 
    RuleConstant = 4, RuleEnumeration = 5, RuleEnumMember = 6, RuleEnumValue = 7, 
    RuleMessage = 8, RuleMember = 9, RuleField = 10, RuleUnionMember = 11, 
    RuleReserved = 12, RuleReservedItem = 13, RuleService = 14, RuleMethod = 15, 
    RuleParameter = 16, RuleResult = 17, RuleThrowsList = 18, RuleAnnotations = 19, 
    RuleAnnotation = 20, RuleType = 21, RuleTypeName = 22, RuleDottedName = 23, 
    RuleLiteral = 24, RuleNumber = 25, RuleDefinedName = 26, RuleName = 27
  };

  RpcParser(antlr4::TokenStream *input);
  ~RpcParser();

  virtual std::string getGrammarFileName() const override;
  virtual const antlr4::atn::ATN& getATN() const override { return _atn; };
  virtual const std::vector<std::string>& getTokenNames() const override { return _tokenNames; }; // deprecated: use vocabulary instead.
  virtual const std::vector<std::string>& getRuleNames() const override;
  virtual antlr4::dfa::Vocabulary& getVocabulary() const override;


  class FileContext;
  class StatementContext;
  class PackageStatementContext;
  class ImportStatementContext;
  class ConstantContext;
  class EnumerationContext;
  class EnumMemberContext;
  class EnumValueContext;
  class MessageContext;
  class MemberContext;
  class FieldContext;
  class UnionMemberContext;
  class ReservedContext;
  class ReservedItemContext;
  class ServiceContext;
  class MethodContext;
  class ParameterContext;
  class ResultContext;
  class ThrowsListContext;
  class AnnotationsContext;
  class AnnotationContext;
  class TypeContext;
  class TypeNameContext;
  class DottedNameContext;
  class LiteralContext;
  class NumberContext;
  class DefinedNameContext;
  class NameContext; 

  class  FileContext : public antlr4::ParserRuleContext {
  public:
    FileContext(antlr4::ParserRuleContext *parent, size_t invokingState);
    virtual size_t getRuleIndex() const override;
    antlr4::tree::TerminalNode *EOF();
    std::vector<StatementContext *> statement();
    StatementContext* statement(size_t i);

   
  };

  FileContext* file();

  class  StatementContext : public antlr4::ParserRuleContext {
  public:
    StatementContext(antlr4::ParserRuleContext *parent, size_t invokingState);
    virtual size_t getRuleIndex() const override;
    PackageStatementContext *packageStatement();
    ImportStatementContext *importStatement();
    ConstantContext *constant();
    EnumerationContext *enumeration();
    MessageContext *message();
    ServiceContext *service();

   
  };

  StatementContext* statement();

  class  PackageStatementContext : public antlr4::ParserRuleContext {
  public:
    PackageStatementContext(antlr4::ParserRuleContext *parent, size_t invokingState);
    virtual size_t getRuleIndex() const override;
    antlr4::tree::TerminalNode *PACKAGE();
    DottedNameContext *dottedName();
    antlr4::tree::TerminalNode *SEMICOLON();

   
  };

  PackageStatementContext* packageStatement();

  class  ImportStatementContext : public antlr4::ParserRuleContext {
  public:
    ImportStatementContext(antlr4::ParserRuleContext *parent, size_t invokingState);
    virtual size_t getRuleIndex() const override;
    antlr4::tree::TerminalNode *IMPORT();
    antlr4::tree::TerminalNode *STRING();
    antlr4::tree::TerminalNode *SEMICOLON();

   
  };

  ImportStatementContext* importStatement();

  class  ConstantContext : public antlr4::ParserRuleContext {
  public:
    ConstantContext(antlr4::ParserRuleContext *parent, size_t invokingState);
    virtual size_t getRuleIndex() const override;
    antlr4::tree::TerminalNode *CONST();
    TypeContext *type();
    NameContext *name();
    antlr4::tree::TerminalNode *EQUALS();
    LiteralContext *literal();
    antlr4::tree::TerminalNode *SEMICOLON();

   
  };

  ConstantContext* constant();

  class  EnumerationContext : public antlr4::ParserRuleContext {
  public:
    EnumerationContext(antlr4::ParserRuleContext *parent, size_t invokingState);
    virtual size_t getRuleIndex() const override;
    antlr4::tree::TerminalNode *ENUM();
    DefinedNameContext *definedName();
    antlr4::tree::TerminalNode *LBRACE();
    antlr4::tree::TerminalNode *RBRACE();
    AnnotationsContext *annotations();
    std::vector<EnumMemberContext *> enumMember();
    EnumMemberContext* enumMember(size_t i);

   
  };

  EnumerationContext* enumeration();

  class  EnumMemberContext : public antlr4::ParserRuleContext {
  public:
    EnumMemberContext(antlr4::ParserRuleContext *parent, size_t invokingState);
    virtual size_t getRuleIndex() const override;
    EnumValueContext *enumValue();
    ReservedContext *reserved();

   
  };

  EnumMemberContext* enumMember();

  class  EnumValueContext : public antlr4::ParserRuleContext {
  public:
    EnumValueContext(antlr4::ParserRuleContext *parent, size_t invokingState);
    virtual size_t getRuleIndex() const override;
    NameContext *name();
    antlr4::tree::TerminalNode *EQUALS();
    NumberContext *number();
    antlr4::tree::TerminalNode *SEMICOLON();
    AnnotationsContext *annotations();

   
  };

  EnumValueContext* enumValue();

  class  MessageContext : public antlr4::ParserRuleContext {
  public:
    MessageContext(antlr4::ParserRuleContext *parent, size_t invokingState);
    virtual size_t getRuleIndex() const override;
    DefinedNameContext *definedName();
    antlr4::tree::TerminalNode *LBRACE();
    antlr4::tree::TerminalNode *RBRACE();
    antlr4::tree::TerminalNode *STRUCT();
    antlr4::tree::TerminalNode *ERROR();
    AnnotationsContext *annotations();
    std::vector<MemberContext *> member();
    MemberContext* member(size_t i);

   
  };

  MessageContext* message();

  class  MemberContext : public antlr4::ParserRuleContext {
  public:
    MemberContext(antlr4::ParserRuleContext *parent, size_t invokingState);
    virtual size_t getRuleIndex() const override;
    FieldContext *field();
    UnionMemberContext *unionMember();
    ReservedContext *reserved();

   
  };

  MemberContext* member();

  class  FieldContext : public antlr4::ParserRuleContext {
  public:
    FieldContext(antlr4::ParserRuleContext *parent, size_t invokingState);
    virtual size_t getRuleIndex() const override;
    TypeContext *type();
    NameContext *name();
    antlr4::tree::TerminalNode *EQUALS();
    NumberContext *number();
    antlr4::tree::TerminalNode *SEMICOLON();
    antlr4::tree::TerminalNode *OPTIONAL();
    AnnotationsContext *annotations();

   
  };

  FieldContext* field();

  class  UnionMemberContext : public antlr4::ParserRuleContext {
  public:
    UnionMemberContext(antlr4::ParserRuleContext *parent, size_t invokingState);
    virtual size_t getRuleIndex() const override;
    antlr4::tree::TerminalNode *UNION();
    NameContext *name();
    antlr4::tree::TerminalNode *LBRACE();
    antlr4::tree::TerminalNode *RBRACE();
    std::vector<FieldContext *> field();
    FieldContext* field(size_t i);

   
  };

  UnionMemberContext* unionMember();

  class  ReservedContext : public antlr4::ParserRuleContext {
  public:
    ReservedContext(antlr4::ParserRuleContext *parent, size_t invokingState);
    virtual size_t getRuleIndex() const override;
    antlr4::tree::TerminalNode *RESERVED();
    std::vector<ReservedItemContext *> reservedItem();
    ReservedItemContext* reservedItem(size_t i);
    antlr4::tree::TerminalNode *SEMICOLON();
    std::vector<antlr4::tree::TerminalNode *> COMMA();
    antlr4::tree::TerminalNode* COMMA(size_t i);

   
  };

  ReservedContext* reserved();

  class  ReservedItemContext : public antlr4::ParserRuleContext {
  public:
    ReservedItemContext(antlr4::ParserRuleContext *parent, size_t invokingState);
    virtual size_t getRuleIndex() const override;
    std::vector<NumberContext *> number();
    NumberContext* number(size_t i);
    antlr4::tree::TerminalNode *TO();
    antlr4::tree::TerminalNode *STRING();

   
  };

  ReservedItemContext* reservedItem();

  class  ServiceContext : public antlr4::ParserRuleContext {
  public:
    ServiceContext(antlr4::ParserRuleContext *parent, size_t invokingState);
    virtual size_t getRuleIndex() const override;
    antlr4::tree::TerminalNode *SERVICE();
    DefinedNameContext *definedName();
    antlr4::tree::TerminalNode *LBRACE();
    antlr4::tree::TerminalNode *RBRACE();
    AnnotationsContext *annotations();
    std::vector<MethodContext *> method();
    MethodContext* method(size_t i);

   
  };

  ServiceContext* service();

  class  MethodContext : public antlr4::ParserRuleContext {
  public:
    MethodContext(antlr4::ParserRuleContext *parent, size_t invokingState);
    virtual size_t getRuleIndex() const override;
    NameContext *name();
    antlr4::tree::TerminalNode *LPAREN();
    antlr4::tree::TerminalNode *RPAREN();
    antlr4::tree::TerminalNode *SEMICOLON();
    ParameterContext *parameter();
    ResultContext *result();
    ThrowsListContext *throwsList();
    AnnotationsContext *annotations();

   
  };

  MethodContext* method();

  class  ParameterContext : public antlr4::ParserRuleContext {
  public:
    ParameterContext(antlr4::ParserRuleContext *parent, size_t invokingState);
    virtual size_t getRuleIndex() const override;
    TypeContext *type();
    antlr4::tree::TerminalNode *STREAM();

   
  };

  ParameterContext* parameter();

  class  ResultContext : public antlr4::ParserRuleContext {
  public:
    ResultContext(antlr4::ParserRuleContext *parent, size_t invokingState);
    virtual size_t getRuleIndex() const override;
    antlr4::tree::TerminalNode *ARROW();
    TypeContext *type();
    antlr4::tree::TerminalNode *STREAM();

   
  };

  ResultContext* result();

  class  ThrowsListContext : public antlr4::ParserRuleContext {
  public:
    ThrowsListContext(antlr4::ParserRuleContext *parent, size_t invokingState);
    virtual size_t getRuleIndex() const override;
    antlr4::tree::TerminalNode *THROWS();
    std::vector<TypeNameContext *> typeName();
    TypeNameContext* typeName(size_t i);
    std::vector<antlr4::tree::TerminalNode *> COMMA();
    antlr4::tree::TerminalNode* COMMA(size_t i);

   
  };

  ThrowsListContext* throwsList();

  class  AnnotationsContext : public antlr4::ParserRuleContext {
  public:
    AnnotationsContext(antlr4::ParserRuleContext *parent, size_t invokingState);
    virtual size_t getRuleIndex() const override;
    antlr4::tree::TerminalNode *LBRACKET();
    std::vector<AnnotationContext *> annotation();
    AnnotationContext* annotation(size_t i);
    antlr4::tree::TerminalNode *RBRACKET();
    std::vector<antlr4::tree::TerminalNode *> COMMA();
    antlr4::tree::TerminalNode* COMMA(size_t i);

   
  };

  AnnotationsContext* annotations();

  class  AnnotationContext : public antlr4::ParserRuleContext {
  public:
    AnnotationContext(antlr4::ParserRuleContext *parent, size_t invokingState);
    virtual size_t getRuleIndex() const override;
    NameContext *name();
    antlr4::tree::TerminalNode *EQUALS();
    LiteralContext *literal();

   
  };

  AnnotationContext* annotation();

  class  TypeContext : public antlr4::ParserRuleContext {
  public:
    TypeContext(antlr4::ParserRuleContext *parent, size_t invokingState);
    virtual size_t getRuleIndex() const override;
    antlr4::tree::TerminalNode *LIST();
    antlr4::tree::TerminalNode *LANGLE();
    std::vector<TypeContext *> type();
    TypeContext* type(size_t i);
    antlr4::tree::TerminalNode *RANGLE();
    antlr4::tree::TerminalNode *MAP();
    antlr4::tree::TerminalNode *COMMA();
    TypeNameContext *typeName();

   
  };

  TypeContext* type();

  class  TypeNameContext : public antlr4::ParserRuleContext {
  public:
    TypeNameContext(antlr4::ParserRuleContext *parent, size_t invokingState);
    virtual size_t getRuleIndex() const override;
    antlr4::tree::TerminalNode *IDENTIFIER();
    std::vector<antlr4::tree::TerminalNode *> DOT();
    antlr4::tree::TerminalNode* DOT(size_t i);
    std::vector<NameContext *> name();
    NameContext* name(size_t i);

   
  };

  TypeNameContext* typeName();

  class  DottedNameContext : public antlr4::ParserRuleContext {
  public:
    DottedNameContext(antlr4::ParserRuleContext *parent, size_t invokingState);
    virtual size_t getRuleIndex() const override;
    std::vector<NameContext *> name();
    NameContext* name(size_t i);
    std::vector<antlr4::tree::TerminalNode *> DOT();
    antlr4::tree::TerminalNode* DOT(size_t i);

   
  };

  DottedNameContext* dottedName();

  class  LiteralContext : public antlr4::ParserRuleContext {
  public:
    LiteralContext(antlr4::ParserRuleContext *parent, size_t invokingState);
    virtual size_t getRuleIndex() const override;
    antlr4::tree::TerminalNode *INTEGER();
    antlr4::tree::TerminalNode *FLOAT();
    antlr4::tree::TerminalNode *DURATION();
    antlr4::tree::TerminalNode *MALFORMED_NUMBER();
    antlr4::tree::TerminalNode *MINUS();
    antlr4::tree::TerminalNode *STRING();
    DottedNameContext *dottedName();

   
  };

  LiteralContext* literal();

  class  NumberContext : public antlr4::ParserRuleContext {
  public:
    NumberContext(antlr4::ParserRuleContext *parent, size_t invokingState);
    virtual size_t getRuleIndex() const override;
    antlr4::tree::TerminalNode *INTEGER();
    antlr4::tree::TerminalNode *MALFORMED_NUMBER();
    antlr4::tree::TerminalNode *MINUS();

   
  };

  NumberContext* number();

  class  DefinedNameContext : public antlr4::ParserRuleContext {
  public:
    DefinedNameContext(antlr4::ParserRuleContext *parent, size_t invokingState);
    virtual size_t getRuleIndex() const override;
    antlr4::tree::TerminalNode *IDENTIFIER();

   
  };

  DefinedNameContext* definedName();

  class  NameContext : public antlr4::ParserRuleContext {
  public:
    NameContext(antlr4::ParserRuleContext *parent, size_t invokingState);
    virtual size_t getRuleIndex() const override;
    antlr4::tree::TerminalNode *IDENTIFIER();
    antlr4::tree::TerminalNode *PACKAGE();
    antlr4::tree::TerminalNode *IMPORT();
    antlr4::tree::TerminalNode *CONST();
    antlr4::tree::TerminalNode *ENUM();
    antlr4::tree::TerminalNode *STRUCT();
    antlr4::tree::TerminalNode *ERROR();
    antlr4::tree::TerminalNode *UNION();
    antlr4::tree::TerminalNode *SERVICE();
    antlr4::tree::TerminalNode *OPTIONAL();
    antlr4::tree::TerminalNode *RESERVED();
    antlr4::tree::TerminalNode *TO();
    antlr4::tree::TerminalNode *STREAM();
    antlr4::tree::TerminalNode *THROWS();
    antlr4::tree::TerminalNode *LIST();
    antlr4::tree::TerminalNode *MAP();

   
  };

  NameContext* name();


private:
  static std::vector<antlr4::dfa::DFA> _decisionToDFA;
  static antlr4::atn::PredictionContextCache _sharedContextCache;
  static std::vector<std::string> _ruleNames;
  static std::vector<std::string> _tokenNames;

  static std::vector<std::string> _literalNames;
  static std::vector<std::string> _symbolicNames;
  static antlr4::dfa::Vocabulary _vocabulary;
  static antlr4::atn::ATN _atn;
  static std::vector<uint16_t> _serializedATN;


  struct Initializer {
    Initializer();
  };
  static Initializer _init;
};

}  // namespace rpcgen::antlr
