
// Generated from Rpc.g4 by ANTLR 4.7.2



#include "RpcParser.h"


using namespace antlrcpp;
using namespace rpcgen::antlr;
using namespace antlr4;

RpcParser::RpcParser(TokenStream *input) : Parser(input) {
  _interpreter = new atn::ParserATNSimulator(this, _atn, _decisionToDFA, _sharedContextCache);
}

RpcParser::~RpcParser() {
  delete _interpreter;
}

std::string RpcParser::getGrammarFileName() const {
  return "Rpc.g4";
}

const std::vector<std::string>& RpcParser::getRuleNames() const {
  return _ruleNames;
}

dfa::Vocabulary& RpcParser::getVocabulary() const {
  return _vocabulary;
}


//----------------- FileContext ------------------------------------------------------------------

RpcParser::FileContext::FileContext(ParserRuleContext *parent, size_t invokingState)
  : ParserRuleContext(parent, invokingState) {
}

tree::TerminalNode* RpcParser::FileContext::EOF() {
  return getToken(RpcParser::EOF, 0);
}

std::vector<RpcParser::StatementContext *> RpcParser::FileContext::statement() {
  return getRuleContexts<RpcParser::StatementContext>();
}

RpcParser::StatementContext* RpcParser::FileContext::statement(size_t i) {
  return getRuleContext<RpcParser::StatementContext>(i);
}


size_t RpcParser::FileContext::getRuleIndex() const {
  return RpcParser::RuleFile;
}


RpcParser::FileContext* RpcParser::file() {
  FileContext *_localctx = _tracker.createInstance<FileContext>(_ctx, getState());
  enterRule(_localctx, 0, RpcParser::RuleFile);
  size_t _la = 0;

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    enterOuterAlt(_localctx, 1);
    setState(59);
    _errHandler->sync(this);
    _la = _input->LA(1);
    while ((((_la & ~ 0x3fULL) == 0) &&
      ((1ULL << _la) & ((1ULL << RpcParser::PACKAGE)
      | (1ULL << RpcParser::IMPORT)
      | (1ULL << RpcParser::CONST)
      | (1ULL << RpcParser::ENUM)
      | (1ULL << RpcParser::STRUCT)
      | (1ULL << RpcParser::ERROR)
      | (1ULL << RpcParser::SERVICE))) != 0)) {
      setState(56);
      statement();
      setState(61);
      _errHandler->sync(this);
      _la = _input->LA(1);
    }
    setState(62);
    match(RpcParser::EOF);
   
  }
  catch (RecognitionException &e) {
    _errHandler->reportError(this, e);
    _localctx->exception = std::current_exception();
    _errHandler->recover(this, _localctx->exception);
  }

  return _localctx;
}

//----------------- StatementContext ------------------------------------------------------------------

RpcParser::StatementContext::StatementContext(ParserRuleContext *parent, size_t invokingState)
  : ParserRuleContext(parent, invokingState) {
}

RpcParser::PackageStatementContext* RpcParser::StatementContext::packageStatement() {
  return getRuleContext<RpcParser::PackageStatementContext>(0);
}

RpcParser::ImportStatementContext* RpcParser::StatementContext::importStatement() {
  return getRuleContext<RpcParser::ImportStatementContext>(0);
}

RpcParser::ConstantContext* RpcParser::StatementContext::constant() {
  return getRuleContext<RpcParser::ConstantContext>(0);
}

RpcParser::EnumerationContext* RpcParser::StatementContext::enumeration() {
  return getRuleContext<RpcParser::EnumerationContext>(0);
}

RpcParser::MessageContext* RpcParser::StatementContext::message() {
  return getRuleContext<RpcParser::MessageContext>(0);
}

RpcParser::ServiceContext* RpcParser::StatementContext::service() {
  return getRuleContext<RpcParser::ServiceContext>(0);
}


size_t RpcParser::StatementContext::getRuleIndex() const {
  return RpcParser::RuleStatement;
}


RpcParser::StatementContext* RpcParser::statement() {
  StatementContext *_localctx = _tracker.createInstance<StatementContext>(_ctx, getState());
  enterRule(_localctx, 2, RpcParser::RuleStatement);

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    setState(70);
    _errHandler->sync(this);
    switch (_input->LA(1)) {
      case RpcParser::PACKAGE: {
        enterOuterAlt(_localctx, 1);
        setState(64);
        packageStatement();
        break;
      }

      case RpcParser::IMPORT: {
        enterOuterAlt(_localctx, 2);
        setState(65);
        importStatement();
        break;
      }

      case RpcParser::CONST: {
        enterOuterAlt(_localctx, 3);
        setState(66);
        constant();
        break;
      }

      case RpcParser::ENUM: {
        enterOuterAlt(_localctx, 4);
        setState(67);
        enumeration();
        break;
      }

      case RpcParser::STRUCT:
      case RpcParser::ERROR: {
        enterOuterAlt(_localctx, 5);
        setState(68);
        message();
        break;
      }

      case RpcParser::SERVICE: {
        enterOuterAlt(_localctx, 6);
        setState(69);
        service();
        break;
      }

    default:
      throw NoViableAltException(this);
    }
   
  }
  catch (RecognitionException &e) {
    _errHandler->reportError(this, e);
    _localctx->exception = std::current_exception();
    _errHandler->recover(this, _localctx->exception);
  }

  return _localctx;
}

//----------------- PackageStatementContext ------------------------------------------------------------------

RpcParser::PackageStatementContext::PackageStatementContext(ParserRuleContext *parent, size_t invokingState)
  : ParserRuleContext(parent, invokingState) {
}

tree::TerminalNode* RpcParser::PackageStatementContext::PACKAGE() {
  return getToken(RpcParser::PACKAGE, 0);
}

RpcParser::DottedNameContext* RpcParser::PackageStatementContext::dottedName() {
  return getRuleContext<RpcParser::DottedNameContext>(0);
}

tree::TerminalNode* RpcParser::PackageStatementContext::SEMICOLON() {
  return getToken(RpcParser::SEMICOLON, 0);
}


size_t RpcParser::PackageStatementContext::getRuleIndex() const {
  return RpcParser::RulePackageStatement;
}


RpcParser::PackageStatementContext* RpcParser::packageStatement() {
  PackageStatementContext *_localctx = _tracker.createInstance<PackageStatementContext>(_ctx, getState());
  enterRule(_localctx, 4, RpcParser::RulePackageStatement);

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    enterOuterAlt(_localctx, 1);
    setState(72);
    match(RpcParser::PACKAGE);
    setState(73);
    dottedName();
    setState(74);
    match(RpcParser::SEMICOLON);
   
  }
  catch (RecognitionException &e) {
    _errHandler->reportError(this, e);
    _localctx->exception = std::current_exception();
    _errHandler->recover(this, _localctx->exception);
  }

  return _localctx;
}

//----------------- ImportStatementContext ------------------------------------------------------------------

RpcParser::ImportStatementContext::ImportStatementContext(ParserRuleContext *parent, size_t invokingState)
  : ParserRuleContext(parent, invokingState) {
}

tree::TerminalNode* RpcParser::ImportStatementContext::IMPORT() {
  return getToken(RpcParser::IMPORT, 0);
}

tree::TerminalNode* RpcParser::ImportStatementContext::STRING() {
  return getToken(RpcParser::STRING, 0);
}

tree::TerminalNode* RpcParser::ImportStatementContext::SEMICOLON() {
  return getToken(RpcParser::SEMICOLON, 0);
}


size_t RpcParser::ImportStatementContext::getRuleIndex() const {
  return RpcParser::RuleImportStatement;
}


RpcParser::ImportStatementContext* RpcParser::importStatement() {
  ImportStatementContext *_localctx = _tracker.createInstance<ImportStatementContext>(_ctx, getState());
  enterRule(_localctx, 6, RpcParser::RuleImportStatement);

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    enterOuterAlt(_localctx, 1);
    setState(76);
    match(RpcParser::IMPORT);
    setState(77);
    match(RpcParser::STRING);
    setState(78);
    match(RpcParser::SEMICOLON);
   
  }
  catch (RecognitionException &e) {
    _errHandler->reportError(this, e);
    _localctx->exception = std::current_exception();
    _errHandler->recover(this, _localctx->exception);
  }

  return _localctx;
}

//----------------- ConstantContext ------------------------------------------------------------------

RpcParser::ConstantContext::ConstantContext(ParserRuleContext *parent, size_t invokingState)
  : ParserRuleContext(parent, invokingState) {
}

tree::TerminalNode* RpcParser::ConstantContext::CONST() {
  return getToken(RpcParser::CONST, 0);
}

RpcParser::TypeContext* RpcParser::ConstantContext::type() {
  return getRuleContext<RpcParser::TypeContext>(0);
}

RpcParser::NameContext* RpcParser::ConstantContext::name() {
  return getRuleContext<RpcParser::NameContext>(0);
}

tree::TerminalNode* RpcParser::ConstantContext::EQUALS() {
  return getToken(RpcParser::EQUALS, 0);
}

RpcParser::LiteralContext* RpcParser::ConstantContext::literal() {
  return getRuleContext<RpcParser::LiteralContext>(0);
}

tree::TerminalNode* RpcParser::ConstantContext::SEMICOLON() {
  return getToken(RpcParser::SEMICOLON, 0);
}


size_t RpcParser::ConstantContext::getRuleIndex() const {
  return RpcParser::RuleConstant;
}


RpcParser::ConstantContext* RpcParser::constant() {
  ConstantContext *_localctx = _tracker.createInstance<ConstantContext>(_ctx, getState());
  enterRule(_localctx, 8, RpcParser::RuleConstant);

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    enterOuterAlt(_localctx, 1);
    setState(80);
    match(RpcParser::CONST);
    setState(81);
    type();
    setState(82);
    name();
    setState(83);
    match(RpcParser::EQUALS);
    setState(84);
    literal();
    setState(85);
    match(RpcParser::SEMICOLON);
   
  }
  catch (RecognitionException &e) {
    _errHandler->reportError(this, e);
    _localctx->exception = std::current_exception();
    _errHandler->recover(this, _localctx->exception);
  }

  return _localctx;
}

//----------------- EnumerationContext ------------------------------------------------------------------

RpcParser::EnumerationContext::EnumerationContext(ParserRuleContext *parent, size_t invokingState)
  : ParserRuleContext(parent, invokingState) {
}

tree::TerminalNode* RpcParser::EnumerationContext::ENUM() {
  return getToken(RpcParser::ENUM, 0);
}

RpcParser::DefinedNameContext* RpcParser::EnumerationContext::definedName() {
  return getRuleContext<RpcParser::DefinedNameContext>(0);
}

tree::TerminalNode* RpcParser::EnumerationContext::LBRACE() {
  return getToken(RpcParser::LBRACE, 0);
}

tree::TerminalNode* RpcParser::EnumerationContext::RBRACE() {
  return getToken(RpcParser::RBRACE, 0);
}

RpcParser::AnnotationsContext* RpcParser::EnumerationContext::annotations() {
  return getRuleContext<RpcParser::AnnotationsContext>(0);
}

std::vector<RpcParser::EnumMemberContext *> RpcParser::EnumerationContext::enumMember() {
  return getRuleContexts<RpcParser::EnumMemberContext>();
}

RpcParser::EnumMemberContext* RpcParser::EnumerationContext::enumMember(size_t i) {
  return getRuleContext<RpcParser::EnumMemberContext>(i);
}


size_t RpcParser::EnumerationContext::getRuleIndex() const {
  return RpcParser::RuleEnumeration;
}


RpcParser::EnumerationContext* RpcParser::enumeration() {
  EnumerationContext *_localctx = _tracker.createInstance<EnumerationContext>(_ctx, getState());
  enterRule(_localctx, 10, RpcParser::RuleEnumeration);
  size_t _la = 0;

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    enterOuterAlt(_localctx, 1);
    setState(87);
    match(RpcParser::ENUM);
    setState(88);
    definedName();
    setState(90);
    _errHandler->sync(this);

    _la = _input->LA(1);
    if (_la == RpcParser::LBRACKET) {
      setState(89);
      annotations();
    }
    setState(92);
    match(RpcParser::LBRACE);
    setState(96);
    _errHandler->sync(this);
    _la = _input->LA(1);
    while ((((_la & ~ 0x3fULL) == 0) &&
      ((1ULL << _la) & ((1ULL << RpcParser::PACKAGE)
      | (1ULL << RpcParser::IMPORT)
      | (1ULL << RpcParser::CONST)
      | (1ULL << RpcParser::ENUM)
      | (1ULL << RpcParser::STRUCT)
      | (1ULL << RpcParser::ERROR)
      | (1ULL << RpcParser::UNION)
      | (1ULL << RpcParser::SERVICE)
      | (1ULL << RpcParser::OPTIONAL)
      | (1ULL << RpcParser::RESERVED)
      | (1ULL << RpcParser::TO)
      | (1ULL << RpcParser::STREAM)
      | (1ULL << RpcParser::THROWS)
      | (1ULL << RpcParser::LIST)
      | (1ULL << RpcParser::MAP)
      | (1ULL << RpcParser::IDENTIFIER))) != 0)) {
      setState(93);
      enumMember();
      setState(98);
      _errHandler->sync(this);
      _la = _input->LA(1);
    }
    setState(99);
    match(RpcParser::RBRACE);
   
  }
  catch (RecognitionException &e) {
    _errHandler->reportError(this, e);
    _localctx->exception = std::current_exception();
    _errHandler->recover(this, _localctx->exception);
  }

  return _localctx;
}

//----------------- EnumMemberContext ------------------------------------------------------------------

RpcParser::EnumMemberContext::EnumMemberContext(ParserRuleContext *parent, size_t invokingState)
  : ParserRuleContext(parent, invokingState) {
}

RpcParser::EnumValueContext* RpcParser::EnumMemberContext::enumValue() {
  return getRuleContext<RpcParser::EnumValueContext>(0);
}

RpcParser::ReservedContext* RpcParser::EnumMemberContext::reserved() {
  return getRuleContext<RpcParser::ReservedContext>(0);
}


size_t RpcParser::EnumMemberContext::getRuleIndex() const {
  return RpcParser::RuleEnumMember;
}


RpcParser::EnumMemberContext* RpcParser::enumMember() {
  EnumMemberContext *_localctx = _tracker.createInstance<EnumMemberContext>(_ctx, getState());
  enterRule(_localctx, 12, RpcParser::RuleEnumMember);

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    setState(103);
    _errHandler->sync(this);
    switch (getInterpreter<atn::ParserATNSimulator>()->adaptivePredict(_input, 4, _ctx)) {
    case 1: {
      enterOuterAlt(_localctx, 1);
      setState(101);
      enumValue();
      break;
    }

    case 2: {
      enterOuterAlt(_localctx, 2);
      setState(102);
      reserved();
      break;
    }

    }
   
  }
  catch (RecognitionException &e) {
    _errHandler->reportError(this, e);
    _localctx->exception = std::current_exception();
    _errHandler->recover(this, _localctx->exception);
  }

  return _localctx;
}

//----------------- EnumValueContext ------------------------------------------------------------------

RpcParser::EnumValueContext::EnumValueContext(ParserRuleContext *parent, size_t invokingState)
  : ParserRuleContext(parent, invokingState) {
}

RpcParser::NameContext* RpcParser::EnumValueContext::name() {
  return getRuleContext<RpcParser::NameContext>(0);
}

tree::TerminalNode* RpcParser::EnumValueContext::EQUALS() {
  return getToken(RpcParser::EQUALS, 0);
}

RpcParser::NumberContext* RpcParser::EnumValueContext::number() {
  return getRuleContext<RpcParser::NumberContext>(0);
}

tree::TerminalNode* RpcParser::EnumValueContext::SEMICOLON() {
  return getToken(RpcParser::SEMICOLON, 0);
}

RpcParser::AnnotationsContext* RpcParser::EnumValueContext::annotations() {
  return getRuleContext<RpcParser::AnnotationsContext>(0);
}


size_t RpcParser::EnumValueContext::getRuleIndex() const {
  return RpcParser::RuleEnumValue;
}


RpcParser::EnumValueContext* RpcParser::enumValue() {
  EnumValueContext *_localctx = _tracker.createInstance<EnumValueContext>(_ctx, getState());
  enterRule(_localctx, 14, RpcParser::RuleEnumValue);
  size_t _la = 0;

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    enterOuterAlt(_localctx, 1);
    setState(105);
    name();
    setState(106);
    match(RpcParser::EQUALS);
    setState(107);
    number();
    setState(109);
    _errHandler->sync(this);

    _la = _input->LA(1);
    if (_la == RpcParser::LBRACKET) {
      setState(108);
      annotations();
    }
    setState(111);
    match(RpcParser::SEMICOLON);
   
  }
  catch (RecognitionException &e) {
    _errHandler->reportError(this, e);
    _localctx->exception = std::current_exception();
    _errHandler->recover(this, _localctx->exception);
  }

  return _localctx;
}

//----------------- MessageContext ------------------------------------------------------------------

RpcParser::MessageContext::MessageContext(ParserRuleContext *parent, size_t invokingState)
  : ParserRuleContext(parent, invokingState) {
}

RpcParser::DefinedNameContext* RpcParser::MessageContext::definedName() {
  return getRuleContext<RpcParser::DefinedNameContext>(0);
}

tree::TerminalNode* RpcParser::MessageContext::LBRACE() {
  return getToken(RpcParser::LBRACE, 0);
}

tree::TerminalNode* RpcParser::MessageContext::RBRACE() {
  return getToken(RpcParser::RBRACE, 0);
}

tree::TerminalNode* RpcParser::MessageContext::STRUCT() {
  return getToken(RpcParser::STRUCT, 0);
}

tree::TerminalNode* RpcParser::MessageContext::ERROR() {
  return getToken(RpcParser::ERROR, 0);
}

RpcParser::AnnotationsContext* RpcParser::MessageContext::annotations() {
  return getRuleContext<RpcParser::AnnotationsContext>(0);
}

std::vector<RpcParser::MemberContext *> RpcParser::MessageContext::member() {
  return getRuleContexts<RpcParser::MemberContext>();
}

RpcParser::MemberContext* RpcParser::MessageContext::member(size_t i) {
  return getRuleContext<RpcParser::MemberContext>(i);
}


size_t RpcParser::MessageContext::getRuleIndex() const {
  return RpcParser::RuleMessage;
}


RpcParser::MessageContext* RpcParser::message() {
  MessageContext *_localctx = _tracker.createInstance<MessageContext>(_ctx, getState());
  enterRule(_localctx, 16, RpcParser::RuleMessage);
  size_t _la = 0;

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    enterOuterAlt(_localctx, 1);
    setState(113);
    _la = _input->LA(1);
    if (!(_la == RpcParser::STRUCT

    || _la == RpcParser::ERROR)) {
    _errHandler->recoverInline(this);
    }
    else {
      _errHandler->reportMatch(this);
      consume();
    }
    setState(114);
    definedName();
    setState(116);
    _errHandler->sync(this);

    _la = _input->LA(1);
    if (_la == RpcParser::LBRACKET) {
      setState(115);
      annotations();
    }
    setState(118);
    match(RpcParser::LBRACE);
    setState(122);
    _errHandler->sync(this);
    _la = _input->LA(1);
    while ((((_la & ~ 0x3fULL) == 0) &&
      ((1ULL << _la) & ((1ULL << RpcParser::UNION)
      | (1ULL << RpcParser::OPTIONAL)
      | (1ULL << RpcParser::RESERVED)
      | (1ULL << RpcParser::LIST)
      | (1ULL << RpcParser::MAP)
      | (1ULL << RpcParser::IDENTIFIER))) != 0)) {
      setState(119);
      member();
      setState(124);
      _errHandler->sync(this);
      _la = _input->LA(1);
    }
    setState(125);
    match(RpcParser::RBRACE);
   
  }
  catch (RecognitionException &e) {
    _errHandler->reportError(this, e);
    _localctx->exception = std::current_exception();
    _errHandler->recover(this, _localctx->exception);
  }

  return _localctx;
}

//----------------- MemberContext ------------------------------------------------------------------

RpcParser::MemberContext::MemberContext(ParserRuleContext *parent, size_t invokingState)
  : ParserRuleContext(parent, invokingState) {
}

RpcParser::FieldContext* RpcParser::MemberContext::field() {
  return getRuleContext<RpcParser::FieldContext>(0);
}

RpcParser::UnionMemberContext* RpcParser::MemberContext::unionMember() {
  return getRuleContext<RpcParser::UnionMemberContext>(0);
}

RpcParser::ReservedContext* RpcParser::MemberContext::reserved() {
  return getRuleContext<RpcParser::ReservedContext>(0);
}


size_t RpcParser::MemberContext::getRuleIndex() const {
  return RpcParser::RuleMember;
}


RpcParser::MemberContext* RpcParser::member() {
  MemberContext *_localctx = _tracker.createInstance<MemberContext>(_ctx, getState());
  enterRule(_localctx, 18, RpcParser::RuleMember);

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    setState(130);
    _errHandler->sync(this);
    switch (_input->LA(1)) {
      case RpcParser::OPTIONAL:
      case RpcParser::LIST:
      case RpcParser::MAP:
      case RpcParser::IDENTIFIER: {
        enterOuterAlt(_localctx, 1);
        setState(127);
        field();
        break;
      }

      case RpcParser::UNION: {
        enterOuterAlt(_localctx, 2);
        setState(128);
        unionMember();
        break;
      }

      case RpcParser::RESERVED: {
        enterOuterAlt(_localctx, 3);
        setState(129);
        reserved();
        break;
      }

    default:
      throw NoViableAltException(this);
    }
   
  }
  catch (RecognitionException &e) {
    _errHandler->reportError(this, e);
    _localctx->exception = std::current_exception();
    _errHandler->recover(this, _localctx->exception);
  }

  return _localctx;
}

//----------------- FieldContext ------------------------------------------------------------------

RpcParser::FieldContext::FieldContext(ParserRuleContext *parent, size_t invokingState)
  : ParserRuleContext(parent, invokingState) {
}

RpcParser::TypeContext* RpcParser::FieldContext::type() {
  return getRuleContext<RpcParser::TypeContext>(0);
}

RpcParser::NameContext* RpcParser::FieldContext::name() {
  return getRuleContext<RpcParser::NameContext>(0);
}

tree::TerminalNode* RpcParser::FieldContext::EQUALS() {
  return getToken(RpcParser::EQUALS, 0);
}

RpcParser::NumberContext* RpcParser::FieldContext::number() {
  return getRuleContext<RpcParser::NumberContext>(0);
}

tree::TerminalNode* RpcParser::FieldContext::SEMICOLON() {
  return getToken(RpcParser::SEMICOLON, 0);
}

tree::TerminalNode* RpcParser::FieldContext::OPTIONAL() {
  return getToken(RpcParser::OPTIONAL, 0);
}

RpcParser::AnnotationsContext* RpcParser::FieldContext::annotations() {
  return getRuleContext<RpcParser::AnnotationsContext>(0);
}


size_t RpcParser::FieldContext::getRuleIndex() const {
  return RpcParser::RuleField;
}


RpcParser::FieldContext* RpcParser::field() {
  FieldContext *_localctx = _tracker.createInstance<FieldContext>(_ctx, getState());
  enterRule(_localctx, 20, RpcParser::RuleField);
  size_t _la = 0;

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    enterOuterAlt(_localctx, 1);
    setState(133);
    _errHandler->sync(this);

    _la = _input->LA(1);
    if (_la == RpcParser::OPTIONAL) {
      setState(132);
      match(RpcParser::OPTIONAL);
    }
    setState(135);
    type();
    setState(136);
    name();
    setState(137);
    match(RpcParser::EQUALS);
    setState(138);
    number();
    setState(140);
    _errHandler->sync(this);

    _la = _input->LA(1);
    if (_la == RpcParser::LBRACKET) {
      setState(139);
      annotations();
    }
    setState(142);
    match(RpcParser::SEMICOLON);
   
  }
  catch (RecognitionException &e) {
    _errHandler->reportError(this, e);
    _localctx->exception = std::current_exception();
    _errHandler->recover(this, _localctx->exception);
  }

  return _localctx;
}

//----------------- UnionMemberContext ------------------------------------------------------------------

RpcParser::UnionMemberContext::UnionMemberContext(ParserRuleContext *parent, size_t invokingState)
  : ParserRuleContext(parent, invokingState) {
}

tree::TerminalNode* RpcParser::UnionMemberContext::UNION() {
  return getToken(RpcParser::UNION, 0);
}

RpcParser::NameContext* RpcParser::UnionMemberContext::name() {
  return getRuleContext<RpcParser::NameContext>(0);
}

tree::TerminalNode* RpcParser::UnionMemberContext::LBRACE() {
  return getToken(RpcParser::LBRACE, 0);
}

tree::TerminalNode* RpcParser::UnionMemberContext::RBRACE() {
  return getToken(RpcParser::RBRACE, 0);
}

std::vector<RpcParser::FieldContext *> RpcParser::UnionMemberContext::field() {
  return getRuleContexts<RpcParser::FieldContext>();
}

RpcParser::FieldContext* RpcParser::UnionMemberContext::field(size_t i) {
  return getRuleContext<RpcParser::FieldContext>(i);
}


size_t RpcParser::UnionMemberContext::getRuleIndex() const {
  return RpcParser::RuleUnionMember;
}


RpcParser::UnionMemberContext* RpcParser::unionMember() {
  UnionMemberContext *_localctx = _tracker.createInstance<UnionMemberContext>(_ctx, getState());
  enterRule(_localctx, 22, RpcParser::RuleUnionMember);
  size_t _la = 0;

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    enterOuterAlt(_localctx, 1);
    setState(144);
    match(RpcParser::UNION);
    setState(145);
    name();
    setState(146);
    match(RpcParser::LBRACE);
    setState(150);
    _errHandler->sync(this);
    _la = _input->LA(1);
    while ((((_la & ~ 0x3fULL) == 0) &&
      ((1ULL << _la) & ((1ULL << RpcParser::OPTIONAL)
      | (1ULL << RpcParser::LIST)
      | (1ULL << RpcParser::MAP)
      | (1ULL << RpcParser::IDENTIFIER))) != 0)) {
      setState(147);
      field();
      setState(152);
      _errHandler->sync(this);
      _la = _input->LA(1);
    }
    setState(153);
    match(RpcParser::RBRACE);
   
  }
  catch (RecognitionException &e) {
    _errHandler->reportError(this, e);
    _localctx->exception = std::current_exception();
    _errHandler->recover(this, _localctx->exception);
  }

  return _localctx;
}

//----------------- ReservedContext ------------------------------------------------------------------

RpcParser::ReservedContext::ReservedContext(ParserRuleContext *parent, size_t invokingState)
  : ParserRuleContext(parent, invokingState) {
}

tree::TerminalNode* RpcParser::ReservedContext::RESERVED() {
  return getToken(RpcParser::RESERVED, 0);
}

std::vector<RpcParser::ReservedItemContext *> RpcParser::ReservedContext::reservedItem() {
  return getRuleContexts<RpcParser::ReservedItemContext>();
}

RpcParser::ReservedItemContext* RpcParser::ReservedContext::reservedItem(size_t i) {
  return getRuleContext<RpcParser::ReservedItemContext>(i);
}

tree::TerminalNode* RpcParser::ReservedContext::SEMICOLON() {
  return getToken(RpcParser::SEMICOLON, 0);
}

std::vector<tree::TerminalNode *> RpcParser::ReservedContext::COMMA() {
  return getTokens(RpcParser::COMMA);
}

tree::TerminalNode* RpcParser::ReservedContext::COMMA(size_t i) {
  return getToken(RpcParser::COMMA, i);
}


size_t RpcParser::ReservedContext::getRuleIndex() const {
  return RpcParser::RuleReserved;
}


RpcParser::ReservedContext* RpcParser::reserved() {
  ReservedContext *_localctx = _tracker.createInstance<ReservedContext>(_ctx, getState());
  enterRule(_localctx, 24, RpcParser::RuleReserved);
  size_t _la = 0;

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    enterOuterAlt(_localctx, 1);
    setState(155);
    match(RpcParser::RESERVED);
    setState(156);
    reservedItem();
    setState(161);
    _errHandler->sync(this);
    _la = _input->LA(1);
    while (_la == RpcParser::COMMA) {
      setState(157);
      match(RpcParser::COMMA);
      setState(158);
      reservedItem();
      setState(163);
      _errHandler->sync(this);
      _la = _input->LA(1);
    }
    setState(164);
    match(RpcParser::SEMICOLON);
   
  }
  catch (RecognitionException &e) {
    _errHandler->reportError(this, e);
    _localctx->exception = std::current_exception();
    _errHandler->recover(this, _localctx->exception);
  }

  return _localctx;
}

//----------------- ReservedItemContext ------------------------------------------------------------------

RpcParser::ReservedItemContext::ReservedItemContext(ParserRuleContext *parent, size_t invokingState)
  : ParserRuleContext(parent, invokingState) {
}

std::vector<RpcParser::NumberContext *> RpcParser::ReservedItemContext::number() {
  return getRuleContexts<RpcParser::NumberContext>();
}

RpcParser::NumberContext* RpcParser::ReservedItemContext::number(size_t i) {
  return getRuleContext<RpcParser::NumberContext>(i);
}

tree::TerminalNode* RpcParser::ReservedItemContext::TO() {
  return getToken(RpcParser::TO, 0);
}

tree::TerminalNode* RpcParser::ReservedItemContext::STRING() {
  return getToken(RpcParser::STRING, 0);
}


size_t RpcParser::ReservedItemContext::getRuleIndex() const {
  return RpcParser::RuleReservedItem;
}


RpcParser::ReservedItemContext* RpcParser::reservedItem() {
  ReservedItemContext *_localctx = _tracker.createInstance<ReservedItemContext>(_ctx, getState());
  enterRule(_localctx, 26, RpcParser::RuleReservedItem);
  size_t _la = 0;

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    setState(172);
    _errHandler->sync(this);
    switch (_input->LA(1)) {
      case RpcParser::MINUS:
      case RpcParser::INTEGER:
      case RpcParser::MALFORMED_NUMBER: {
        enterOuterAlt(_localctx, 1);
        setState(166);
        number();
        setState(169);
        _errHandler->sync(this);

        _la = _input->LA(1);
        if (_la == RpcParser::TO) {
          setState(167);
          match(RpcParser::TO);
          setState(168);
          number();
        }
        break;
      }

      case RpcParser::STRING: {
        enterOuterAlt(_localctx, 2);
        setState(171);
        match(RpcParser::STRING);
        break;
      }

    default:
      throw NoViableAltException(this);
    }
   
  }
  catch (RecognitionException &e) {
    _errHandler->reportError(this, e);
    _localctx->exception = std::current_exception();
    _errHandler->recover(this, _localctx->exception);
  }

  return _localctx;
}

//----------------- ServiceContext ------------------------------------------------------------------

RpcParser::ServiceContext::ServiceContext(ParserRuleContext *parent, size_t invokingState)
  : ParserRuleContext(parent, invokingState) {
}

tree::TerminalNode* RpcParser::ServiceContext::SERVICE() {
  return getToken(RpcParser::SERVICE, 0);
}

RpcParser::DefinedNameContext* RpcParser::ServiceContext::definedName() {
  return getRuleContext<RpcParser::DefinedNameContext>(0);
}

tree::TerminalNode* RpcParser::ServiceContext::LBRACE() {
  return getToken(RpcParser::LBRACE, 0);
}

tree::TerminalNode* RpcParser::ServiceContext::RBRACE() {
  return getToken(RpcParser::RBRACE, 0);
}

RpcParser::AnnotationsContext* RpcParser::ServiceContext::annotations() {
  return getRuleContext<RpcParser::AnnotationsContext>(0);
}

std::vector<RpcParser::MethodContext *> RpcParser::ServiceContext::method() {
  return getRuleContexts<RpcParser::MethodContext>();
}

RpcParser::MethodContext* RpcParser::ServiceContext::method(size_t i) {
  return getRuleContext<RpcParser::MethodContext>(i);
}


size_t RpcParser::ServiceContext::getRuleIndex() const {
  return RpcParser::RuleService;
}


RpcParser::ServiceContext* RpcParser::service() {
  ServiceContext *_localctx = _tracker.createInstance<ServiceContext>(_ctx, getState());
  enterRule(_localctx, 28, RpcParser::RuleService);
  size_t _la = 0;

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    enterOuterAlt(_localctx, 1);
    setState(174);
    match(RpcParser::SERVICE);
    setState(175);
    definedName();
    setState(177);
    _errHandler->sync(this);

    _la = _input->LA(1);
    if (_la == RpcParser::LBRACKET) {
      setState(176);
      annotations();
    }
    setState(179);
    match(RpcParser::LBRACE);
    setState(183);
    _errHandler->sync(this);
    _la = _input->LA(1);
    while ((((_la & ~ 0x3fULL) == 0) &&
      ((1ULL << _la) & ((1ULL << RpcParser::PACKAGE)
      | (1ULL << RpcParser::IMPORT)
      | (1ULL << RpcParser::CONST)
      | (1ULL << RpcParser::ENUM)
      | (1ULL << RpcParser::STRUCT)
      | (1ULL << RpcParser::ERROR)
      | (1ULL << RpcParser::UNION)
      | (1ULL << RpcParser::SERVICE)
      | (1ULL << RpcParser::OPTIONAL)
      | (1ULL << RpcParser::RESERVED)
      | (1ULL << RpcParser::TO)
      | (1ULL << RpcParser::STREAM)
      | (1ULL << RpcParser::THROWS)
      | (1ULL << RpcParser::LIST)
      | (1ULL << RpcParser::MAP)
      | (1ULL << RpcParser::IDENTIFIER))) != 0)) {
      setState(180);
      method();
      setState(185);
      _errHandler->sync(this);
      _la = _input->LA(1);
    }
    setState(186);
    match(RpcParser::RBRACE);
   
  }
  catch (RecognitionException &e) {
    _errHandler->reportError(this, e);
    _localctx->exception = std::current_exception();
    _errHandler->recover(this, _localctx->exception);
  }

  return _localctx;
}

//----------------- MethodContext ------------------------------------------------------------------

RpcParser::MethodContext::MethodContext(ParserRuleContext *parent, size_t invokingState)
  : ParserRuleContext(parent, invokingState) {
}

RpcParser::NameContext* RpcParser::MethodContext::name() {
  return getRuleContext<RpcParser::NameContext>(0);
}

tree::TerminalNode* RpcParser::MethodContext::LPAREN() {
  return getToken(RpcParser::LPAREN, 0);
}

tree::TerminalNode* RpcParser::MethodContext::RPAREN() {
  return getToken(RpcParser::RPAREN, 0);
}

tree::TerminalNode* RpcParser::MethodContext::SEMICOLON() {
  return getToken(RpcParser::SEMICOLON, 0);
}

RpcParser::ParameterContext* RpcParser::MethodContext::parameter() {
  return getRuleContext<RpcParser::ParameterContext>(0);
}

RpcParser::ResultContext* RpcParser::MethodContext::result() {
  return getRuleContext<RpcParser::ResultContext>(0);
}

RpcParser::ThrowsListContext* RpcParser::MethodContext::throwsList() {
  return getRuleContext<RpcParser::ThrowsListContext>(0);
}

RpcParser::AnnotationsContext* RpcParser::MethodContext::annotations() {
  return getRuleContext<RpcParser::AnnotationsContext>(0);
}


size_t RpcParser::MethodContext::getRuleIndex() const {
  return RpcParser::RuleMethod;
}


RpcParser::MethodContext* RpcParser::method() {
  MethodContext *_localctx = _tracker.createInstance<MethodContext>(_ctx, getState());
  enterRule(_localctx, 30, RpcParser::RuleMethod);
  size_t _la = 0;

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    enterOuterAlt(_localctx, 1);
    setState(188);
    name();
    setState(189);
    match(RpcParser::LPAREN);
    setState(191);
    _errHandler->sync(this);

    _la = _input->LA(1);
    if ((((_la & ~ 0x3fULL) == 0) &&
      ((1ULL << _la) & ((1ULL << RpcParser::STREAM)
      | (1ULL << RpcParser::LIST)
      | (1ULL << RpcParser::MAP)
      | (1ULL << RpcParser::IDENTIFIER))) != 0)) {
      setState(190);
      parameter();
    }
    setState(193);
    match(RpcParser::RPAREN);
    setState(195);
    _errHandler->sync(this);

    _la = _input->LA(1);
    if (_la == RpcParser::ARROW) {
      setState(194);
      result();
    }
    setState(198);
    _errHandler->sync(this);

    _la = _input->LA(1);
    if (_la == RpcParser::THROWS) {
      setState(197);
      throwsList();
    }
    setState(201);
    _errHandler->sync(this);

    _la = _input->LA(1);
    if (_la == RpcParser::LBRACKET) {
      setState(200);
      annotations();
    }
    setState(203);
    match(RpcParser::SEMICOLON);
   
  }
  catch (RecognitionException &e) {
    _errHandler->reportError(this, e);
    _localctx->exception = std::current_exception();
    _errHandler->recover(this, _localctx->exception);
  }

  return _localctx;
}

//----------------- ParameterContext ------------------------------------------------------------------

RpcParser::ParameterContext::ParameterContext(ParserRuleContext *parent, size_t invokingState)
  : ParserRuleContext(parent, invokingState) {
}

RpcParser::TypeContext* RpcParser::ParameterContext::type() {
  return getRuleContext<RpcParser::TypeContext>(0);
}

tree::TerminalNode* RpcParser::ParameterContext::STREAM() {
  return getToken(RpcParser::STREAM, 0);
}


size_t RpcParser::ParameterContext::getRuleIndex() const {
  return RpcParser::RuleParameter;
}


RpcParser::ParameterContext* RpcParser::parameter() {
  ParameterContext *_localctx = _tracker.createInstance<ParameterContext>(_ctx, getState());
  enterRule(_localctx, 32, RpcParser::RuleParameter);
  size_t _la = 0;

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    enterOuterAlt(_localctx, 1);
    setState(206);
    _errHandler->sync(this);

    _la = _input->LA(1);
    if (_la == RpcParser::STREAM) {
      setState(205);
      match(RpcParser::STREAM);
    }
    setState(208);
    type();
   
  }
  catch (RecognitionException &e) {
    _errHandler->reportError(this, e);
    _localctx->exception = std::current_exception();
    _errHandler->recover(this, _localctx->exception);
  }

  return _localctx;
}

//----------------- ResultContext ------------------------------------------------------------------

RpcParser::ResultContext::ResultContext(ParserRuleContext *parent, size_t invokingState)
  : ParserRuleContext(parent, invokingState) {
}

tree::TerminalNode* RpcParser::ResultContext::ARROW() {
  return getToken(RpcParser::ARROW, 0);
}

RpcParser::TypeContext* RpcParser::ResultContext::type() {
  return getRuleContext<RpcParser::TypeContext>(0);
}

tree::TerminalNode* RpcParser::ResultContext::STREAM() {
  return getToken(RpcParser::STREAM, 0);
}


size_t RpcParser::ResultContext::getRuleIndex() const {
  return RpcParser::RuleResult;
}


RpcParser::ResultContext* RpcParser::result() {
  ResultContext *_localctx = _tracker.createInstance<ResultContext>(_ctx, getState());
  enterRule(_localctx, 34, RpcParser::RuleResult);
  size_t _la = 0;

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    enterOuterAlt(_localctx, 1);
    setState(210);
    match(RpcParser::ARROW);
    setState(212);
    _errHandler->sync(this);

    _la = _input->LA(1);
    if (_la == RpcParser::STREAM) {
      setState(211);
      match(RpcParser::STREAM);
    }
    setState(214);
    type();
   
  }
  catch (RecognitionException &e) {
    _errHandler->reportError(this, e);
    _localctx->exception = std::current_exception();
    _errHandler->recover(this, _localctx->exception);
  }

  return _localctx;
}

//----------------- ThrowsListContext ------------------------------------------------------------------

RpcParser::ThrowsListContext::ThrowsListContext(ParserRuleContext *parent, size_t invokingState)
  : ParserRuleContext(parent, invokingState) {
}

tree::TerminalNode* RpcParser::ThrowsListContext::THROWS() {
  return getToken(RpcParser::THROWS, 0);
}

std::vector<RpcParser::TypeNameContext *> RpcParser::ThrowsListContext::typeName() {
  return getRuleContexts<RpcParser::TypeNameContext>();
}

RpcParser::TypeNameContext* RpcParser::ThrowsListContext::typeName(size_t i) {
  return getRuleContext<RpcParser::TypeNameContext>(i);
}

std::vector<tree::TerminalNode *> RpcParser::ThrowsListContext::COMMA() {
  return getTokens(RpcParser::COMMA);
}

tree::TerminalNode* RpcParser::ThrowsListContext::COMMA(size_t i) {
  return getToken(RpcParser::COMMA, i);
}


size_t RpcParser::ThrowsListContext::getRuleIndex() const {
  return RpcParser::RuleThrowsList;
}


RpcParser::ThrowsListContext* RpcParser::throwsList() {
  ThrowsListContext *_localctx = _tracker.createInstance<ThrowsListContext>(_ctx, getState());
  enterRule(_localctx, 36, RpcParser::RuleThrowsList);
  size_t _la = 0;

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    enterOuterAlt(_localctx, 1);
    setState(216);
    match(RpcParser::THROWS);
    setState(217);
    typeName();
    setState(222);
    _errHandler->sync(this);
    _la = _input->LA(1);
    while (_la == RpcParser::COMMA) {
      setState(218);
      match(RpcParser::COMMA);
      setState(219);
      typeName();
      setState(224);
      _errHandler->sync(this);
      _la = _input->LA(1);
    }
   
  }
  catch (RecognitionException &e) {
    _errHandler->reportError(this, e);
    _localctx->exception = std::current_exception();
    _errHandler->recover(this, _localctx->exception);
  }

  return _localctx;
}

//----------------- AnnotationsContext ------------------------------------------------------------------

RpcParser::AnnotationsContext::AnnotationsContext(ParserRuleContext *parent, size_t invokingState)
  : ParserRuleContext(parent, invokingState) {
}

tree::TerminalNode* RpcParser::AnnotationsContext::LBRACKET() {
  return getToken(RpcParser::LBRACKET, 0);
}

std::vector<RpcParser::AnnotationContext *> RpcParser::AnnotationsContext::annotation() {
  return getRuleContexts<RpcParser::AnnotationContext>();
}

RpcParser::AnnotationContext* RpcParser::AnnotationsContext::annotation(size_t i) {
  return getRuleContext<RpcParser::AnnotationContext>(i);
}

tree::TerminalNode* RpcParser::AnnotationsContext::RBRACKET() {
  return getToken(RpcParser::RBRACKET, 0);
}

std::vector<tree::TerminalNode *> RpcParser::AnnotationsContext::COMMA() {
  return getTokens(RpcParser::COMMA);
}

tree::TerminalNode* RpcParser::AnnotationsContext::COMMA(size_t i) {
  return getToken(RpcParser::COMMA, i);
}


size_t RpcParser::AnnotationsContext::getRuleIndex() const {
  return RpcParser::RuleAnnotations;
}


RpcParser::AnnotationsContext* RpcParser::annotations() {
  AnnotationsContext *_localctx = _tracker.createInstance<AnnotationsContext>(_ctx, getState());
  enterRule(_localctx, 38, RpcParser::RuleAnnotations);
  size_t _la = 0;

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    enterOuterAlt(_localctx, 1);
    setState(225);
    match(RpcParser::LBRACKET);
    setState(226);
    annotation();
    setState(231);
    _errHandler->sync(this);
    _la = _input->LA(1);
    while (_la == RpcParser::COMMA) {
      setState(227);
      match(RpcParser::COMMA);
      setState(228);
      annotation();
      setState(233);
      _errHandler->sync(this);
      _la = _input->LA(1);
    }
    setState(234);
    match(RpcParser::RBRACKET);
   
  }
  catch (RecognitionException &e) {
    _errHandler->reportError(this, e);
    _localctx->exception = std::current_exception();
    _errHandler->recover(this, _localctx->exception);
  }

  return _localctx;
}

//----------------- AnnotationContext ------------------------------------------------------------------

RpcParser::AnnotationContext::AnnotationContext(ParserRuleContext *parent, size_t invokingState)
  : ParserRuleContext(parent, invokingState) {
}

RpcParser::NameContext* RpcParser::AnnotationContext::name() {
  return getRuleContext<RpcParser::NameContext>(0);
}

tree::TerminalNode* RpcParser::AnnotationContext::EQUALS() {
  return getToken(RpcParser::EQUALS, 0);
}

RpcParser::LiteralContext* RpcParser::AnnotationContext::literal() {
  return getRuleContext<RpcParser::LiteralContext>(0);
}


size_t RpcParser::AnnotationContext::getRuleIndex() const {
  return RpcParser::RuleAnnotation;
}


RpcParser::AnnotationContext* RpcParser::annotation() {
  AnnotationContext *_localctx = _tracker.createInstance<AnnotationContext>(_ctx, getState());
  enterRule(_localctx, 40, RpcParser::RuleAnnotation);
  size_t _la = 0;

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    enterOuterAlt(_localctx, 1);
    setState(236);
    name();
    setState(239);
    _errHandler->sync(this);

    _la = _input->LA(1);
    if (_la == RpcParser::EQUALS) {
      setState(237);
      match(RpcParser::EQUALS);
      setState(238);
      literal();
    }
   
  }
  catch (RecognitionException &e) {
    _errHandler->reportError(this, e);
    _localctx->exception = std::current_exception();
    _errHandler->recover(this, _localctx->exception);
  }

  return _localctx;
}

//----------------- TypeContext ------------------------------------------------------------------

RpcParser::TypeContext::TypeContext(ParserRuleContext *parent, size_t invokingState)
  : ParserRuleContext(parent, invokingState) {
}

tree::TerminalNode* RpcParser::TypeContext::LIST() {
  return getToken(RpcParser::LIST, 0);
}

tree::TerminalNode* RpcParser::TypeContext::LANGLE() {
  return getToken(RpcParser::LANGLE, 0);
}

std::vector<RpcParser::TypeContext *> RpcParser::TypeContext::type() {
  return getRuleContexts<RpcParser::TypeContext>();
}

RpcParser::TypeContext* RpcParser::TypeContext::type(size_t i) {
  return getRuleContext<RpcParser::TypeContext>(i);
}

tree::TerminalNode* RpcParser::TypeContext::RANGLE() {
  return getToken(RpcParser::RANGLE, 0);
}

tree::TerminalNode* RpcParser::TypeContext::MAP() {
  return getToken(RpcParser::MAP, 0);
}

tree::TerminalNode* RpcParser::TypeContext::COMMA() {
  return getToken(RpcParser::COMMA, 0);
}

RpcParser::TypeNameContext* RpcParser::TypeContext::typeName() {
  return getRuleContext<RpcParser::TypeNameContext>(0);
}


size_t RpcParser::TypeContext::getRuleIndex() const {
  return RpcParser::RuleType;
}


RpcParser::TypeContext* RpcParser::type() {
  TypeContext *_localctx = _tracker.createInstance<TypeContext>(_ctx, getState());
  enterRule(_localctx, 42, RpcParser::RuleType);

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    setState(254);
    _errHandler->sync(this);
    switch (_input->LA(1)) {
      case RpcParser::LIST: {
        enterOuterAlt(_localctx, 1);
        setState(241);
        match(RpcParser::LIST);
        setState(242);
        match(RpcParser::LANGLE);
        setState(243);
        type();
        setState(244);
        match(RpcParser::RANGLE);
        break;
      }

      case RpcParser::MAP: {
        enterOuterAlt(_localctx, 2);
        setState(246);
        match(RpcParser::MAP);
        setState(247);
        match(RpcParser::LANGLE);
        setState(248);
        type();
        setState(249);
        match(RpcParser::COMMA);
        setState(250);
        type();
        setState(251);
        match(RpcParser::RANGLE);
        break;
      }

      case RpcParser::IDENTIFIER: {
        enterOuterAlt(_localctx, 3);
        setState(253);
        typeName();
        break;
      }

    default:
      throw NoViableAltException(this);
    }
   
  }
  catch (RecognitionException &e) {
    _errHandler->reportError(this, e);
    _localctx->exception = std::current_exception();
    _errHandler->recover(this, _localctx->exception);
  }

  return _localctx;
}

//----------------- TypeNameContext ------------------------------------------------------------------

RpcParser::TypeNameContext::TypeNameContext(ParserRuleContext *parent, size_t invokingState)
  : ParserRuleContext(parent, invokingState) {
}

tree::TerminalNode* RpcParser::TypeNameContext::IDENTIFIER() {
  return getToken(RpcParser::IDENTIFIER, 0);
}

std::vector<tree::TerminalNode *> RpcParser::TypeNameContext::DOT() {
  return getTokens(RpcParser::DOT);
}

tree::TerminalNode* RpcParser::TypeNameContext::DOT(size_t i) {
  return getToken(RpcParser::DOT, i);
}

std::vector<RpcParser::NameContext *> RpcParser::TypeNameContext::name() {
  return getRuleContexts<RpcParser::NameContext>();
}

RpcParser::NameContext* RpcParser::TypeNameContext::name(size_t i) {
  return getRuleContext<RpcParser::NameContext>(i);
}


size_t RpcParser::TypeNameContext::getRuleIndex() const {
  return RpcParser::RuleTypeName;
}


RpcParser::TypeNameContext* RpcParser::typeName() {
  TypeNameContext *_localctx = _tracker.createInstance<TypeNameContext>(_ctx, getState());
  enterRule(_localctx, 44, RpcParser::RuleTypeName);
  size_t _la = 0;

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    enterOuterAlt(_localctx, 1);
    setState(256);
    match(RpcParser::IDENTIFIER);
    setState(261);
    _errHandler->sync(this);
    _la = _input->LA(1);
    while (_la == RpcParser::DOT) {
      setState(257);
      match(RpcParser::DOT);
      setState(258);
      name();
      setState(263);
      _errHandler->sync(this);
      _la = _input->LA(1);
    }
   
  }
  catch (RecognitionException &e) {
    _errHandler->reportError(this, e);
    _localctx->exception = std::current_exception();
    _errHandler->recover(this, _localctx->exception);
  }

  return _localctx;
}

//----------------- DottedNameContext ------------------------------------------------------------------

RpcParser::DottedNameContext::DottedNameContext(ParserRuleContext *parent, size_t invokingState)
  : ParserRuleContext(parent, invokingState) {
}

std::vector<RpcParser::NameContext *> RpcParser::DottedNameContext::name() {
  return getRuleContexts<RpcParser::NameContext>();
}

RpcParser::NameContext* RpcParser::DottedNameContext::name(size_t i) {
  return getRuleContext<RpcParser::NameContext>(i);
}

std::vector<tree::TerminalNode *> RpcParser::DottedNameContext::DOT() {
  return getTokens(RpcParser::DOT);
}

tree::TerminalNode* RpcParser::DottedNameContext::DOT(size_t i) {
  return getToken(RpcParser::DOT, i);
}


size_t RpcParser::DottedNameContext::getRuleIndex() const {
  return RpcParser::RuleDottedName;
}


RpcParser::DottedNameContext* RpcParser::dottedName() {
  DottedNameContext *_localctx = _tracker.createInstance<DottedNameContext>(_ctx, getState());
  enterRule(_localctx, 46, RpcParser::RuleDottedName);
  size_t _la = 0;

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    enterOuterAlt(_localctx, 1);
    setState(264);
    name();
    setState(269);
    _errHandler->sync(this);
    _la = _input->LA(1);
    while (_la == RpcParser::DOT) {
      setState(265);
      match(RpcParser::DOT);
      setState(266);
      name();
      setState(271);
      _errHandler->sync(this);
      _la = _input->LA(1);
    }
   
  }
  catch (RecognitionException &e) {
    _errHandler->reportError(this, e);
    _localctx->exception = std::current_exception();
    _errHandler->recover(this, _localctx->exception);
  }

  return _localctx;
}

//----------------- LiteralContext ------------------------------------------------------------------

RpcParser::LiteralContext::LiteralContext(ParserRuleContext *parent, size_t invokingState)
  : ParserRuleContext(parent, invokingState) {
}

tree::TerminalNode* RpcParser::LiteralContext::INTEGER() {
  return getToken(RpcParser::INTEGER, 0);
}

tree::TerminalNode* RpcParser::LiteralContext::FLOAT() {
  return getToken(RpcParser::FLOAT, 0);
}

tree::TerminalNode* RpcParser::LiteralContext::DURATION() {
  return getToken(RpcParser::DURATION, 0);
}

tree::TerminalNode* RpcParser::LiteralContext::MALFORMED_NUMBER() {
  return getToken(RpcParser::MALFORMED_NUMBER, 0);
}

tree::TerminalNode* RpcParser::LiteralContext::MINUS() {
  return getToken(RpcParser::MINUS, 0);
}

tree::TerminalNode* RpcParser::LiteralContext::STRING() {
  return getToken(RpcParser::STRING, 0);
}

RpcParser::DottedNameContext* RpcParser::LiteralContext::dottedName() {
  return getRuleContext<RpcParser::DottedNameContext>(0);
}


size_t RpcParser::LiteralContext::getRuleIndex() const {
  return RpcParser::RuleLiteral;
}


RpcParser::LiteralContext* RpcParser::literal() {
  LiteralContext *_localctx = _tracker.createInstance<LiteralContext>(_ctx, getState());
  enterRule(_localctx, 48, RpcParser::RuleLiteral);
  size_t _la = 0;

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    setState(278);
    _errHandler->sync(this);
    switch (_input->LA(1)) {
      case RpcParser::MINUS:
      case RpcParser::INTEGER:
      case RpcParser::FLOAT:
      case RpcParser::DURATION:
      case RpcParser::MALFORMED_NUMBER: {
        enterOuterAlt(_localctx, 1);
        setState(273);
        _errHandler->sync(this);

        _la = _input->LA(1);
        if (_la == RpcParser::MINUS) {
          setState(272);
          match(RpcParser::MINUS);
        }
        setState(275);
        _la = _input->LA(1);
        if (!((((_la & ~ 0x3fULL) == 0) &&
          ((1ULL << _la) & ((1ULL << RpcParser::INTEGER)
          | (1ULL << RpcParser::FLOAT)
          | (1ULL << RpcParser::DURATION)
          | (1ULL << RpcParser::MALFORMED_NUMBER))) != 0))) {
        _errHandler->recoverInline(this);
        }
        else {
          _errHandler->reportMatch(this);
          consume();
        }
        break;
      }

      case RpcParser::STRING: {
        enterOuterAlt(_localctx, 2);
        setState(276);
        match(RpcParser::STRING);
        break;
      }

      case RpcParser::PACKAGE:
      case RpcParser::IMPORT:
      case RpcParser::CONST:
      case RpcParser::ENUM:
      case RpcParser::STRUCT:
      case RpcParser::ERROR:
      case RpcParser::UNION:
      case RpcParser::SERVICE:
      case RpcParser::OPTIONAL:
      case RpcParser::RESERVED:
      case RpcParser::TO:
      case RpcParser::STREAM:
      case RpcParser::THROWS:
      case RpcParser::LIST:
      case RpcParser::MAP:
      case RpcParser::IDENTIFIER: {
        enterOuterAlt(_localctx, 3);
        setState(277);
        dottedName();
        break;
      }

    default:
      throw NoViableAltException(this);
    }
   
  }
  catch (RecognitionException &e) {
    _errHandler->reportError(this, e);
    _localctx->exception = std::current_exception();
    _errHandler->recover(this, _localctx->exception);
  }

  return _localctx;
}

//----------------- NumberContext ------------------------------------------------------------------

RpcParser::NumberContext::NumberContext(ParserRuleContext *parent, size_t invokingState)
  : ParserRuleContext(parent, invokingState) {
}

tree::TerminalNode* RpcParser::NumberContext::INTEGER() {
  return getToken(RpcParser::INTEGER, 0);
}

tree::TerminalNode* RpcParser::NumberContext::MALFORMED_NUMBER() {
  return getToken(RpcParser::MALFORMED_NUMBER, 0);
}

tree::TerminalNode* RpcParser::NumberContext::MINUS() {
  return getToken(RpcParser::MINUS, 0);
}


size_t RpcParser::NumberContext::getRuleIndex() const {
  return RpcParser::RuleNumber;
}


RpcParser::NumberContext* RpcParser::number() {
  NumberContext *_localctx = _tracker.createInstance<NumberContext>(_ctx, getState());
  enterRule(_localctx, 50, RpcParser::RuleNumber);
  size_t _la = 0;

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    enterOuterAlt(_localctx, 1);
    setState(281);
    _errHandler->sync(this);

    _la = _input->LA(1);
    if (_la == RpcParser::MINUS) {
      setState(280);
      match(RpcParser::MINUS);
    }
    setState(283);
    _la = _input->LA(1);
    if (!(_la == RpcParser::INTEGER

    || _la == RpcParser::MALFORMED_NUMBER)) {
    _errHandler->recoverInline(this);
    }
    else {
      _errHandler->reportMatch(this);
      consume();
    }
   
  }
  catch (RecognitionException &e) {
    _errHandler->reportError(this, e);
    _localctx->exception = std::current_exception();
    _errHandler->recover(this, _localctx->exception);
  }

  return _localctx;
}

//----------------- DefinedNameContext ------------------------------------------------------------------

RpcParser::DefinedNameContext::DefinedNameContext(ParserRuleContext *parent, size_t invokingState)
  : ParserRuleContext(parent, invokingState) {
}

tree::TerminalNode* RpcParser::DefinedNameContext::IDENTIFIER() {
  return getToken(RpcParser::IDENTIFIER, 0);
}


size_t RpcParser::DefinedNameContext::getRuleIndex() const {
  return RpcParser::RuleDefinedName;
}


RpcParser::DefinedNameContext* RpcParser::definedName() {
  DefinedNameContext *_localctx = _tracker.createInstance<DefinedNameContext>(_ctx, getState());
  enterRule(_localctx, 52, RpcParser::RuleDefinedName);

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    enterOuterAlt(_localctx, 1);
    setState(285);
    match(RpcParser::IDENTIFIER);
   
  }
  catch (RecognitionException &e) {
    _errHandler->reportError(this, e);
    _localctx->exception = std::current_exception();
    _errHandler->recover(this, _localctx->exception);
  }

  return _localctx;
}

//----------------- NameContext ------------------------------------------------------------------

RpcParser::NameContext::NameContext(ParserRuleContext *parent, size_t invokingState)
  : ParserRuleContext(parent, invokingState) {
}

tree::TerminalNode* RpcParser::NameContext::IDENTIFIER() {
  return getToken(RpcParser::IDENTIFIER, 0);
}

tree::TerminalNode* RpcParser::NameContext::PACKAGE() {
  return getToken(RpcParser::PACKAGE, 0);
}

tree::TerminalNode* RpcParser::NameContext::IMPORT() {
  return getToken(RpcParser::IMPORT, 0);
}

tree::TerminalNode* RpcParser::NameContext::CONST() {
  return getToken(RpcParser::CONST, 0);
}

tree::TerminalNode* RpcParser::NameContext::ENUM() {
  return getToken(RpcParser::ENUM, 0);
}

tree::TerminalNode* RpcParser::NameContext::STRUCT() {
  return getToken(RpcParser::STRUCT, 0);
}

tree::TerminalNode* RpcParser::NameContext::ERROR() {
  return getToken(RpcParser::ERROR, 0);
}

tree::TerminalNode* RpcParser::NameContext::UNION() {
  return getToken(RpcParser::UNION, 0);
}

tree::TerminalNode* RpcParser::NameContext::SERVICE() {
  return getToken(RpcParser::SERVICE, 0);
}

tree::TerminalNode* RpcParser::NameContext::OPTIONAL() {
  return getToken(RpcParser::OPTIONAL, 0);
}

tree::TerminalNode* RpcParser::NameContext::RESERVED() {
  return getToken(RpcParser::RESERVED, 0);
}

tree::TerminalNode* RpcParser::NameContext::TO() {
  return getToken(RpcParser::TO, 0);
}

tree::TerminalNode* RpcParser::NameContext::STREAM() {
  return getToken(RpcParser::STREAM, 0);
}

tree::TerminalNode* RpcParser::NameContext::THROWS() {
  return getToken(RpcParser::THROWS, 0);
}

tree::TerminalNode* RpcParser::NameContext::LIST() {
  return getToken(RpcParser::LIST, 0);
}

tree::TerminalNode* RpcParser::NameContext::MAP() {
  return getToken(RpcParser::MAP, 0);
}


size_t RpcParser::NameContext::getRuleIndex() const {
  return RpcParser::RuleName;
}


RpcParser::NameContext* RpcParser::name() {
  NameContext *_localctx = _tracker.createInstance<NameContext>(_ctx, getState());
  enterRule(_localctx, 54, RpcParser::RuleName);
  size_t _la = 0;

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    enterOuterAlt(_localctx, 1);
    setState(287);
    _la = _input->LA(1);
    if (!((((_la & ~ 0x3fULL) == 0) &&
      ((1ULL << _la) & ((1ULL << RpcParser::PACKAGE)
      | (1ULL << RpcParser::IMPORT)
      | (1ULL << RpcParser::CONST)
      | (1ULL << RpcParser::ENUM)
      | (1ULL << RpcParser::STRUCT)
      | (1ULL << RpcParser::ERROR)
      | (1ULL << RpcParser::UNION)
      | (1ULL << RpcParser::SERVICE)
      | (1ULL << RpcParser::OPTIONAL)
      | (1ULL << RpcParser::RESERVED)
      | (1ULL << RpcParser::TO)
      | (1ULL << RpcParser::STREAM)
      | (1ULL << RpcParser::THROWS)
      | (1ULL << RpcParser::LIST)
      | (1ULL << RpcParser::MAP)
      | (1ULL << RpcParser::IDENTIFIER))) != 0))) {
    _errHandler->recoverInline(this);
    }
    else {
      _errHandler->reportMatch(this);
      consume();
    }
   
  }
  catch (RecognitionException &e) {
    _errHandler->reportError(this, e);
    _localctx->exception = std::current_exception();
    _errHandler->recover(this, _localctx->exception);
  }

  return _localctx;
}

// Static vars and initialization.
std::vector<dfa::DFA> RpcParser::_decisionToDFA;
atn::PredictionContextCache RpcParser::_sharedContextCache;

// We own the ATN which in turn owns the ATN states.
atn::ATN RpcParser::_atn;
std::vector<uint16_t> RpcParser::_serializedATN;

std::vector<std::string> RpcParser::_ruleNames = {
  "file", "statement", "packageStatement", "importStatement", "constant", 
  "enumeration", "enumMember", "enumValue", "message", "member", "field", 
  "unionMember", "reserved", "reservedItem", "service", "method", "parameter", 
  "result", "throwsList", "annotations", "annotation", "type", "typeName", 
  "dottedName", "literal", "number", "definedName", "name"
};

std::vector<std::string> RpcParser::_literalNames = {
  "", "'package'", "'import'", "'const'", "'enum'", "'struct'", "'error'", 
  "'union'", "'service'", "'optional'", "'reserved'", "'to'", "'stream'", 
  "'throws'", "'list'", "'map'", "';'", "','", "'.'", "'='", "'-'", "'->'", 
  "'{'", "'}'", "'('", "')'", "'['", "']'", "'<'", "'>'"
};

std::vector<std::string> RpcParser::_symbolicNames = {
  "", "PACKAGE", "IMPORT", "CONST", "ENUM", "STRUCT", "ERROR", "UNION", 
  "SERVICE", "OPTIONAL", "RESERVED", "TO", "STREAM", "THROWS", "LIST", "MAP", 
  "SEMICOLON", "COMMA", "DOT", "EQUALS", "MINUS", "ARROW", "LBRACE", "RBRACE", 
  "LPAREN", "RPAREN", "LBRACKET", "RBRACKET", "LANGLE", "RANGLE", "IDENTIFIER", 
  "INTEGER", "FLOAT", "DURATION", "MALFORMED_NUMBER", "STRING", "BLOCK_COMMENT", 
  "LINE_COMMENT", "SPACE", "STRAY"
};

dfa::Vocabulary RpcParser::_vocabulary(_literalNames, _symbolicNames);

std::vector<std::string> RpcParser::_tokenNames;

RpcParser::Initializer::Initializer() {
	for (size_t i = 0; i < _symbolicNames.size(); ++i) {
		std::string name = _vocabulary.getLiteralName(i);
		if (name.empty()) {
			name = _vocabulary.getSymbolicName(i);
		}

		if (name.empty()) {
			_tokenNames.push_back("<INVALID>");
		} else {
      _tokenNames.push_back(name);
    }
	}

  _serializedATN = {
    0x3, 0x608b, 0xa72a, 0x8133, 0xb9ed, 0x417c, 0x3be7, 0x7786, 0x5964, 
    0x3, 0x29, 0x124, 0x4, 0x2, 0x9, 0x2, 0x4, 0x3, 0x9, 0x3, 0x4, 0x4, 
    0x9, 0x4, 0x4, 0x5, 0x9, 0x5, 0x4, 0x6, 0x9, 0x6, 0x4, 0x7, 0x9, 0x7, 
    0x4, 0x8, 0x9, 0x8, 0x4, 0x9, 0x9, 0x9, 0x4, 0xa, 0x9, 0xa, 0x4, 0xb, 
    0x9, 0xb, 0x4, 0xc, 0x9, 0xc, 0x4, 0xd, 0x9, 0xd, 0x4, 0xe, 0x9, 0xe, 
    0x4, 0xf, 0x9, 0xf, 0x4, 0x10, 0x9, 0x10, 0x4, 0x11, 0x9, 0x11, 0x4, 
    0x12, 0x9, 0x12, 0x4, 0x13, 0x9, 0x13, 0x4, 0x14, 0x9, 0x14, 0x4, 0x15, 
    0x9, 0x15, 0x4, 0x16, 0x9, 0x16, 0x4, 0x17, 0x9, 0x17, 0x4, 0x18, 0x9, 
    0x18, 0x4, 0x19, 0x9, 0x19, 0x4, 0x1a, 0x9, 0x1a, 0x4, 0x1b, 0x9, 0x1b, 
    0x4, 0x1c, 0x9, 0x1c, 0x4, 0x1d, 0x9, 0x1d, 0x3, 0x2, 0x7, 0x2, 0x3c, 
    0xa, 0x2, 0xc, 0x2, 0xe, 0x2, 0x3f, 0xb, 0x2, 0x3, 0x2, 0x3, 0x2, 0x3, 
    0x3, 0x3, 0x3, 0x3, 0x3, 0x3, 0x3, 0x3, 0x3, 0x3, 0x3, 0x5, 0x3, 0x49, 
    0xa, 0x3, 0x3, 0x4, 0x3, 0x4, 0x3, 0x4, 0x3, 0x4, 0x3, 0x5, 0x3, 0x5, 
    0x3, 0x5, 0x3, 0x5, 0x3, 0x6, 0x3, 0x6, 0x3, 0x6, 0x3, 0x6, 0x3, 0x6, 
    0x3, 0x6, 0x3, 0x6, 0x3, 0x7, 0x3, 0x7, 0x3, 0x7, 0x5, 0x7, 0x5d, 0xa, 
    0x7, 0x3, 0x7, 0x3, 0x7, 0x7, 0x7, 0x61, 0xa, 0x7, 0xc, 0x7, 0xe, 0x7, 
    0x64, 0xb, 0x7, 0x3, 0x7, 0x3, 0x7, 0x3, 0x8, 0x3, 0x8, 0x5, 0x8, 0x6a, 
    0xa, 0x8, 0x3, 0x9, 0x3, 0x9, 0x3, 0x9, 0x3, 0x9, 0x5, 0x9, 0x70, 0xa, 
    0x9, 0x3, 0x9, 0x3, 0x9, 0x3, 0xa, 0x3, 0xa, 0x3, 0xa, 0x5, 0xa, 0x77, 
    0xa, 0xa, 0x3, 0xa, 0x3, 0xa, 0x7, 0xa, 0x7b, 0xa, 0xa, 0xc, 0xa, 0xe, 
    0xa, 0x7e, 0xb, 0xa, 0x3, 0xa, 0x3, 0xa, 0x3, 0xb, 0x3, 0xb, 0x3, 0xb, 
    0x5, 0xb, 0x85, 0xa, 0xb, 0x3, 0xc, 0x5, 0xc, 0x88, 0xa, 0xc, 0x3, 0xc, 
    0x3, 0xc, 0x3, 0xc, 0x3, 0xc, 0x3, 0xc, 0x5, 0xc, 0x8f, 0xa, 0xc, 0x3, 
    0xc, 0x3, 0xc, 0x3, 0xd, 0x3, 0xd, 0x3, 0xd, 0x3, 0xd, 0x7, 0xd, 0x97, 
    0xa, 0xd, 0xc, 0xd, 0xe, 0xd, 0x9a, 0xb, 0xd, 0x3, 0xd, 0x3, 0xd, 0x3, 
    0xe, 0x3, 0xe, 0x3, 0xe, 0x3, 0xe, 0x7, 0xe, 0xa2, 0xa, 0xe, 0xc, 0xe, 
    0xe, 0xe, 0xa5, 0xb, 0xe, 0x3, 0xe, 0x3, 0xe, 0x3, 0xf, 0x3, 0xf, 0x3, 
    0xf, 0x5, 0xf, 0xac, 0xa, 0xf, 0x3, 0xf, 0x5, 0xf, 0xaf, 0xa, 0xf, 0x3, 
    0x10, 0x3, 0x10, 0x3, 0x10, 0x5, 0x10, 0xb4, 0xa, 0x10, 0x3, 0x10, 0x3, 
    0x10, 0x7, 0x10, 0xb8, 0xa, 0x10, 0xc, 0x10, 0xe, 0x10, 0xbb, 0xb, 0x10, 
    0x3, 0x10, 0x3, 0x10, 0x3, 0x11, 0x3, 0x11, 0x3, 0x11, 0x5, 0x11, 0xc2, 
    0xa, 0x11, 0x3, 0x11, 0x3, 0x11, 0x5, 0x11, 0xc6, 0xa, 0x11, 0x3, 0x11, 
    0x5, 0x11, 0xc9, 0xa, 0x11, 0x3, 0x11, 0x5, 0x11, 0xcc, 0xa, 0x11, 0x3, 
    0x11, 0x3, 0x11, 0x3, 0x12, 0x5, 0x12, 0xd1, 0xa, 0x12, 0x3, 0x12, 0x3, 
    0x12, 0x3, 0x13, 0x3, 0x13, 0x5, 0x13, 0xd7, 0xa, 0x13, 0x3, 0x13, 0x3, 
    0x13, 0x3, 0x14, 0x3, 0x14, 0x3, 0x14, 0x3, 0x14, 0x7, 0x14, 0xdf, 0xa, 
    0x14, 0xc, 0x14, 0xe, 0x14, 0xe2, 0xb, 0x14, 0x3, 0x15, 0x3, 0x15, 0x3, 
    0x15, 0x3, 0x15, 0x7, 0x15, 0xe8, 0xa, 0x15, 0xc, 0x15, 0xe, 0x15, 0xeb, 
    0xb, 0x15, 0x3, 0x15, 0x3, 0x15, 0x3, 0x16, 0x3, 0x16, 0x3, 0x16, 0x5, 
    0x16, 0xf2, 0xa, 0x16, 0x3, 0x17, 0x3, 0x17, 0x3, 0x17, 0x3, 0x17, 0x3, 
    0x17, 0x3, 0x17, 0x3, 0x17, 0x3, 0x17, 0x3, 0x17, 0x3, 0x17, 0x3, 0x17, 
    0x3, 0x17, 0x3, 0x17, 0x5, 0x17, 0x101, 0xa, 0x17, 0x3, 0x18, 0x3, 0x18, 
    0x3, 0x18, 0x7, 0x18, 0x106, 0xa, 0x18, 0xc, 0x18, 0xe, 0x18, 0x109, 
    0xb, 0x18, 0x3, 0x19, 0x3, 0x19, 0x3, 0x19, 0x7, 0x19, 0x10e, 0xa, 0x19, 
    0xc, 0x19, 0xe, 0x19, 0x111, 0xb, 0x19, 0x3, 0x1a, 0x5, 0x1a, 0x114, 
    0xa, 0x1a, 0x3, 0x1a, 0x3, 0x1a, 0x3, 0x1a, 0x5, 0x1a, 0x119, 0xa, 0x1a, 
    0x3, 0x1b, 0x5, 0x1b, 0x11c, 0xa, 0x1b, 0x3, 0x1b, 0x3, 0x1b, 0x3, 0x1c, 
    0x3, 0x1c, 0x3, 0x1d, 0x3, 0x1d, 0x3, 0x1d, 0x2, 0x2, 0x1e, 0x2, 0x4, 
    0x6, 0x8, 0xa, 0xc, 0xe, 0x10, 0x12, 0x14, 0x16, 0x18, 0x1a, 0x1c, 0x1e, 
    0x20, 0x22, 0x24, 0x26, 0x28, 0x2a, 0x2c, 0x2e, 0x30, 0x32, 0x34, 0x36, 
    0x38, 0x2, 0x6, 0x3, 0x2, 0x7, 0x8, 0x3, 0x2, 0x21, 0x24, 0x4, 0x2, 
    0x21, 0x21, 0x24, 0x24, 0x4, 0x2, 0x3, 0x11, 0x20, 0x20, 0x2, 0x12e, 
    0x2, 0x3d, 0x3, 0x2, 0x2, 0x2, 0x4, 0x48, 0x3, 0x2, 0x2, 0x2, 0x6, 0x4a, 
    0x3, 0x2, 0x2, 0x2, 0x8, 0x4e, 0x3, 0x2, 0x2, 0x2, 0xa, 0x52, 0x3, 0x2, 
    0x2, 0x2, 0xc, 0x59, 0x3, 0x2, 0x2, 0x2, 0xe, 0x69, 0x3, 0x2, 0x2, 0x2, 
    0x10, 0x6b, 0x3, 0x2, 0x2, 0x2, 0x12, 0x73, 0x3, 0x2, 0x2, 0x2, 0x14, 
    0x84, 0x3, 0x2, 0x2, 0x2, 0x16, 0x87, 0x3, 0x2, 0x2, 0x2, 0x18, 0x92, 
    0x3, 0x2, 0x2, 0x2, 0x1a, 0x9d, 0x3, 0x2, 0x2, 0x2, 0x1c, 0xae, 0x3, 
    0x2, 0x2, 0x2, 0x1e, 0xb0, 0x3, 0x2, 0x2, 0x2, 0x20, 0xbe, 0x3, 0x2, 
    0x2, 0x2, 0x22, 0xd0, 0x3, 0x2, 0x2, 0x2, 0x24, 0xd4, 0x3, 0x2, 0x2, 
    0x2, 0x26, 0xda, 0x3, 0x2, 0x2, 0x2, 0x28, 0xe3, 0x3, 0x2, 0x2, 0x2, 
    0x2a, 0xee, 0x3, 0x2, 0x2, 0x2, 0x2c, 0x100, 0x3, 0x2, 0x2, 0x2, 0x2e, 
    0x102, 0x3, 0x2, 0x2, 0x2, 0x30, 0x10a, 0x3, 0x2, 0x2, 0x2, 0x32, 0x118, 
    0x3, 0x2, 0x2, 0x2, 0x34, 0x11b, 0x3, 0x2, 0x2, 0x2, 0x36, 0x11f, 0x3, 
    0x2, 0x2, 0x2, 0x38, 0x121, 0x3, 0x2, 0x2, 0x2, 0x3a, 0x3c, 0x5, 0x4, 
    0x3, 0x2, 0x3b, 0x3a, 0x3, 0x2, 0x2, 0x2, 0x3c, 0x3f, 0x3, 0x2, 0x2, 
    0x2, 0x3d, 0x3b, 0x3, 0x2, 0x2, 0x2, 0x3d, 0x3e, 0x3, 0x2, 0x2, 0x2, 
    0x3e, 0x40, 0x3, 0x2, 0x2, 0x2, 0x3f, 0x3d, 0x3, 0x2, 0x2, 0x2, 0x40, 
    0x41, 0x7, 0x2, 0x2, 0x3, 0x41, 0x3, 0x3, 0x2, 0x2, 0x2, 0x42, 0x49, 
    0x5, 0x6, 0x4, 0x2, 0x43, 0x49, 0x5, 0x8, 0x5, 0x2, 0x44, 0x49, 0x5, 
    0xa, 0x6, 0x2, 0x45, 0x49, 0x5, 0xc, 0x7, 0x2, 0x46, 0x49, 0x5, 0x12, 
    0xa, 0x2, 0x47, 0x49, 0x5, 0x1e, 0x10, 0x2, 0x48, 0x42, 0x3, 0x2, 0x2, 
    0x2, 0x48, 0x43, 0x3, 0x2, 0x2, 0x2, 0x48, 0x44, 0x3, 0x2, 0x2, 0x2, 
    0x48, 0x45, 0x3, 0x2, 0x2, 0x2, 0x48, 0x46, 0x3, 0x2, 0x2, 0x2, 0x48, 
    0x47, 0x3, 0x2, 0x2, 0x2, 0x49, 0x5, 0x3, 0x2, 0x2, 0x2, 0x4a, 0x4b, 
    0x7, 0x3, 0x2, 0x2, 0x4b, 0x4c, 0x5, 0x30, 0x19, 0x2, 0x4c, 0x4d, 0x7, 
    0x12, 0x2, 0x2, 0x4d, 0x7, 0x3, 0x2, 0x2, 0x2, 0x4e, 0x4f, 0x7, 0x4, 
    0x2, 0x2, 0x4f, 0x50, 0x7, 0x25, 0x2, 0x2, 0x50, 0x51, 0x7, 0x12, 0x2, 
    0x2, 0x51, 0x9, 0x3, 0x2, 0x2, 0x2, 0x52, 0x53, 0x7, 0x5, 0x2, 0x2, 
    0x53, 0x54, 0x5, 0x2c, 0x17, 0x2, 0x54, 0x55, 0x5, 0x38, 0x1d, 0x2, 
    0x55, 0x56, 0x7, 0x15, 0x2, 0x2, 0x56, 0x57, 0x5, 0x32, 0x1a, 0x2, 0x57, 
    0x58, 0x7, 0x12, 0x2, 0x2, 0x58, 0xb, 0x3, 0x2, 0x2, 0x2, 0x59, 0x5a, 
    0x7, 0x6, 0x2, 0x2, 0x5a, 0x5c, 0x5, 0x36, 0x1c, 0x2, 0x5b, 0x5d, 0x5, 
    0x28, 0x15, 0x2, 0x5c, 0x5b, 0x3, 0x2, 0x2, 0x2, 0x5c, 0x5d, 0x3, 0x2, 
    0x2, 0x2, 0x5d, 0x5e, 0x3, 0x2, 0x2, 0x2, 0x5e, 0x62, 0x7, 0x18, 0x2, 
    0x2, 0x5f, 0x61, 0x5, 0xe, 0x8, 0x2, 0x60, 0x5f, 0x3, 0x2, 0x2, 0x2, 
    0x61, 0x64, 0x3, 0x2, 0x2, 0x2, 0x62, 0x60, 0x3, 0x2, 0x2, 0x2, 0x62, 
    0x63, 0x3, 0x2, 0x2, 0x2, 0x63, 0x65, 0x3, 0x2, 0x2, 0x2, 0x64, 0x62, 
    0x3, 0x2, 0x2, 0x2, 0x65, 0x66, 0x7, 0x19, 0x2, 0x2, 0x66, 0xd, 0x3, 
    0x2, 0x2, 0x2, 0x67, 0x6a, 0x5, 0x10, 0x9, 0x2, 0x68, 0x6a, 0x5, 0x1a, 
    0xe, 0x2, 0x69, 0x67, 0x3, 0x2, 0x2, 0x2, 0x69, 0x68, 0x3, 0x2, 0x2, 
    0x2, 0x6a, 0xf, 0x3, 0x2, 0x2, 0x2, 0x6b, 0x6c, 0x5, 0x38, 0x1d, 0x2, 
    0x6c, 0x6d, 0x7, 0x15, 0x2, 0x2, 0x6d, 0x6f, 0x5, 0x34, 0x1b, 0x2, 0x6e, 
    0x70, 0x5, 0x28, 0x15, 0x2, 0x6f, 0x6e, 0x3, 0x2, 0x2, 0x2, 0x6f, 0x70, 
    0x3, 0x2, 0x2, 0x2, 0x70, 0x71, 0x3, 0x2, 0x2, 0x2, 0x71, 0x72, 0x7, 
    0x12, 0x2, 0x2, 0x72, 0x11, 0x3, 0x2, 0x2, 0x2, 0x73, 0x74, 0x9, 0x2, 
    0x2, 0x2, 0x74, 0x76, 0x5, 0x36, 0x1c, 0x2, 0x75, 0x77, 0x5, 0x28, 0x15, 
    0x2, 0x76, 0x75, 0x3, 0x2, 0x2, 0x2, 0x76, 0x77, 0x3, 0x2, 0x2, 0x2, 
    0x77, 0x78, 0x3, 0x2, 0x2, 0x2, 0x78, 0x7c, 0x7, 0x18, 0x2, 0x2, 0x79, 
    0x7b, 0x5, 0x14, 0xb, 0x2, 0x7a, 0x79, 0x3, 0x2, 0x2, 0x2, 0x7b, 0x7e, 
    0x3, 0x2, 0x2, 0x2, 0x7c, 0x7a, 0x3, 0x2, 0x2, 0x2, 0x7c, 0x7d, 0x3, 
    0x2, 0x2, 0x2, 0x7d, 0x7f, 0x3, 0x2, 0x2, 0x2, 0x7e, 0x7c, 0x3, 0x2, 
    0x2, 0x2, 0x7f, 0x80, 0x7, 0x19, 0x2, 0x2, 0x80, 0x13, 0x3, 0x2, 0x2, 
    0x2, 0x81, 0x85, 0x5, 0x16, 0xc, 0x2, 0x82, 0x85, 0x5, 0x18, 0xd, 0x2, 
    0x83, 0x85, 0x5, 0x1a, 0xe, 0x2, 0x84, 0x81, 0x3, 0x2, 0x2, 0x2, 0x84, 
    0x82, 0x3, 0x2, 0x2, 0x2, 0x84, 0x83, 0x3, 0x2, 0x2, 0x2, 0x85, 0x15, 
    0x3, 0x2, 0x2, 0x2, 0x86, 0x88, 0x7, 0xb, 0x2, 0x2, 0x87, 0x86, 0x3, 
    0x2, 0x2, 0x2, 0x87, 0x88, 0x3, 0x2, 0x2, 0x2, 0x88, 0x89, 0x3, 0x2, 
    0x2, 0x2, 0x89, 0x8a, 0x5, 0x2c, 0x17, 0x2, 0x8a, 0x8b, 0x5, 0x38, 0x1d, 
    0x2, 0x8b, 0x8c, 0x7, 0x15, 0x2, 0x2, 0x8c, 0x8e, 0x5, 0x34, 0x1b, 0x2, 
    0x8d, 0x8f, 0x5, 0x28, 0x15, 0x2, 0x8e, 0x8d, 0x3, 0x2, 0x2, 0x2, 0x8e, 
    0x8f, 0x3, 0x2, 0x2, 0x2, 0x8f, 0x90, 0x3, 0x2, 0x2, 0x2, 0x90, 0x91, 
    0x7, 0x12, 0x2, 0x2, 0x91, 0x17, 0x3, 0x2, 0x2, 0x2, 0x92, 0x93, 0x7, 
    0x9, 0x2, 0x2, 0x93, 0x94, 0x5, 0x38, 0x1d, 0x2, 0x94, 0x98, 0x7, 0x18, 
    0x2, 0x2, 0x95, 0x97, 0x5, 0x16, 0xc, 0x2, 0x96, 0x95, 0x3, 0x2, 0x2, 
    0x2, 0x97, 0x9a, 0x3, 0x2, 0x2, 0x2, 0x98, 0x96, 0x3, 0x2, 0x2, 0x2, 
    0x98, 0x99, 0x3, 0x2, 0x2, 0x2, 0x99, 0x9b, 0x3, 0x2, 0x2, 0x2, 0x9a, 
    0x98, 0x3, 0x2, 0x2, 0x2, 0x9b, 0x9c, 0x7, 0x19, 0x2, 0x2, 0x9c, 0x19, 
    0x3, 0x2, 0x2, 0x2, 0x9d, 0x9e, 0x7, 0xc, 0x2, 0x2, 0x9e, 0xa3, 0x5, 
    0x1c, 0xf, 0x2, 0x9f, 0xa0, 0x7, 0x13, 0x2, 0x2, 0xa0, 0xa2, 0x5, 0x1c, 
    0xf, 0x2, 0xa1, 0x9f, 0x3, 0x2, 0x2, 0x2, 0xa2, 0xa5, 0x3, 0x2, 0x2, 
    0x2, 0xa3, 0xa1, 0x3, 0x2, 0x2, 0x2, 0xa3, 0xa4, 0x3, 0x2, 0x2, 0x2, 
    0xa4, 0xa6, 0x3, 0x2, 0x2, 0x2, 0xa5, 0xa3, 0x3, 0x2, 0x2, 0x2, 0xa6, 
    0xa7, 0x7, 0x12, 0x2, 0x2, 0xa7, 0x1b, 0x3, 0x2, 0x2, 0x2, 0xa8, 0xab, 
    0x5, 0x34, 0x1b, 0x2, 0xa9, 0xaa, 0x7, 0xd, 0x2, 0x2, 0xaa, 0xac, 0x5, 
    0x34, 0x1b, 0x2, 0xab, 0xa9, 0x3, 0x2, 0x2, 0x2, 0xab, 0xac, 0x3, 0x2, 
    0x2, 0x2, 0xac, 0xaf, 0x3, 0x2, 0x2, 0x2, 0xad, 0xaf, 0x7, 0x25, 0x2, 
    0x2, 0xae, 0xa8, 0x3, 0x2, 0x2, 0x2, 0xae, 0xad, 0x3, 0x2, 0x2, 0x2, 
    0xaf, 0x1d, 0x3, 0x2, 0x2, 0x2, 0xb0, 0xb1, 0x7, 0xa, 0x2, 0x2, 0xb1, 
    0xb3, 0x5, 0x36, 0x1c, 0x2, 0xb2, 0xb4, 0x5, 0x28, 0x15, 0x2, 0xb3, 
    0xb2, 0x3, 0x2, 0x2, 0x2, 0xb3, 0xb4, 0x3, 0x2, 0x2, 0x2, 0xb4, 0xb5, 
    0x3, 0x2, 0x2, 0x2, 0xb5, 0xb9, 0x7, 0x18, 0x2, 0x2, 0xb6, 0xb8, 0x5, 
    0x20, 0x11, 0x2, 0xb7, 0xb6, 0x3, 0x2, 0x2, 0x2, 0xb8, 0xbb, 0x3, 0x2, 
    0x2, 0x2, 0xb9, 0xb7, 0x3, 0x2, 0x2, 0x2, 0xb9, 0xba, 0x3, 0x2, 0x2, 
    0x2, 0xba, 0xbc, 0x3, 0x2, 0x2, 0x2, 0xbb, 0xb9, 0x3, 0x2, 0x2, 0x2, 
    0xbc, 0xbd, 0x7, 0x19, 0x2, 0x2, 0xbd, 0x1f, 0x3, 0x2, 0x2, 0x2, 0xbe, 
    0xbf, 0x5, 0x38, 0x1d, 0x2, 0xbf, 0xc1, 0x7, 0x1a, 0x2, 0x2, 0xc0, 0xc2, 
    0x5, 0x22, 0x12, 0x2, 0xc1, 0xc0, 0x3, 0x2, 0x2, 0x2, 0xc1, 0xc2, 0x3, 
    0x2, 0x2, 0x2, 0xc2, 0xc3, 0x3, 0x2, 0x2, 0x2, 0xc3, 0xc5, 0x7, 0x1b, 
    0x2, 0x2, 0xc4, 0xc6, 0x5, 0x24, 0x13, 0x2, 0xc5, 0xc4, 0x3, 0x2, 0x2, 
    0x2, 0xc5, 0xc6, 0x3, 0x2, 0x2, 0x2, 0xc6, 0xc8, 0x3, 0x2, 0x2, 0x2, 
    0xc7, 0xc9, 0x5, 0x26, 0x14, 0x2, 0xc8, 0xc7, 0x3, 0x2, 0x2, 0x2, 0xc8, 
    0xc9, 0x3, 0x2, 0x2, 0x2, 0xc9, 0xcb, 0x3, 0x2, 0x2, 0x2, 0xca, 0xcc, 
    0x5, 0x28, 0x15, 0x2, 0xcb, 0xca, 0x3, 0x2, 0x2, 0x2, 0xcb, 0xcc, 0x3, 
    0x2, 0x2, 0x2, 0xcc, 0xcd, 0x3, 0x2, 0x2, 0x2, 0xcd, 0xce, 0x7, 0x12, 
    0x2, 0x2, 0xce, 0x21, 0x3, 0x2, 0x2, 0x2, 0xcf, 0xd1, 0x7, 0xe, 0x2, 
    0x2, 0xd0, 0xcf, 0x3, 0x2, 0x2, 0x2, 0xd0, 0xd1, 0x3, 0x2, 0x2, 0x2, 
    0xd1, 0xd2, 0x3, 0x2, 0x2, 0x2, 0xd2, 0xd3, 0x5, 0x2c, 0x17, 0x2, 0xd3, 
    0x23, 0x3, 0x2, 0x2, 0x2, 0xd4, 0xd6, 0x7, 0x17, 0x2, 0x2, 0xd5, 0xd7, 
    0x7, 0xe, 0x2, 0x2, 0xd6, 0xd5, 0x3, 0x2, 0x2, 0x2, 0xd6, 0xd7, 0x3, 
    0x2, 0x2, 0x2, 0xd7, 0xd8, 0x3, 0x2, 0x2, 0x2, 0xd8, 0xd9, 0x5, 0x2c, 
    0x17, 0x2, 0xd9, 0x25, 0x3, 0x2, 0x2, 0x2, 0xda, 0xdb, 0x7, 0xf, 0x2, 
    0x2, 0xdb, 0xe0, 0x5, 0x2e, 0x18, 0x2, 0xdc, 0xdd, 0x7, 0x13, 0x2, 0x2, 
    0xdd, 0xdf, 0x5, 0x2e, 0x18, 0x2, 0xde, 0xdc, 0x3, 0x2, 0x2, 0x2, 0xdf, 
    0xe2, 0x3, 0x2, 0x2, 0x2, 0xe0, 0xde, 0x3, 0x2, 0x2, 0x2, 0xe0, 0xe1, 
    0x3, 0x2, 0x2, 0x2, 0xe1, 0x27, 0x3, 0x2, 0x2, 0x2, 0xe2, 0xe0, 0x3, 
    0x2, 0x2, 0x2, 0xe3, 0xe4, 0x7, 0x1c, 0x2, 0x2, 0xe4, 0xe9, 0x5, 0x2a, 
    0x16, 0x2, 0xe5, 0xe6, 0x7, 0x13, 0x2, 0x2, 0xe6, 0xe8, 0x5, 0x2a, 0x16, 
    0x2, 0xe7, 0xe5, 0x3, 0x2, 0x2, 0x2, 0xe8, 0xeb, 0x3, 0x2, 0x2, 0x2, 
    0xe9, 0xe7, 0x3, 0x2, 0x2, 0x2, 0xe9, 0xea, 0x3, 0x2, 0x2, 0x2, 0xea, 
    0xec, 0x3, 0x2, 0x2, 0x2, 0xeb, 0xe9, 0x3, 0x2, 0x2, 0x2, 0xec, 0xed, 
    0x7, 0x1d, 0x2, 0x2, 0xed, 0x29, 0x3, 0x2, 0x2, 0x2, 0xee, 0xf1, 0x5, 
    0x38, 0x1d, 0x2, 0xef, 0xf0, 0x7, 0x15, 0x2, 0x2, 0xf0, 0xf2, 0x5, 0x32, 
    0x1a, 0x2, 0xf1, 0xef, 0x3, 0x2, 0x2, 0x2, 0xf1, 0xf2, 0x3, 0x2, 0x2, 
    0x2, 0xf2, 0x2b, 0x3, 0x2, 0x2, 0x2, 0xf3, 0xf4, 0x7, 0x10, 0x2, 0x2, 
    0xf4, 0xf5, 0x7, 0x1e, 0x2, 0x2, 0xf5, 0xf6, 0x5, 0x2c, 0x17, 0x2, 0xf6, 
    0xf7, 0x7, 0x1f, 0x2, 0x2, 0xf7, 0x101, 0x3, 0x2, 0x2, 0x2, 0xf8, 0xf9, 
    0x7, 0x11, 0x2, 0x2, 0xf9, 0xfa, 0x7, 0x1e, 0x2, 0x2, 0xfa, 0xfb, 0x5, 
    0x2c, 0x17, 0x2, 0xfb, 0xfc, 0x7, 0x13, 0x2, 0x2, 0xfc, 0xfd, 0x5, 0x2c, 
    0x17, 0x2, 0xfd, 0xfe, 0x7, 0x1f, 0x2, 0x2, 0xfe, 0x101, 0x3, 0x2, 0x2, 
    0x2, 0xff, 0x101, 0x5, 0x2e, 0x18, 0x2, 0x100, 0xf3, 0x3, 0x2, 0x2, 
    0x2, 0x100, 0xf8, 0x3, 0x2, 0x2, 0x2, 0x100, 0xff, 0x3, 0x2, 0x2, 0x2, 
    0x101, 0x2d, 0x3, 0x2, 0x2, 0x2, 0x102, 0x107, 0x7, 0x20, 0x2, 0x2, 
    0x103, 0x104, 0x7, 0x14, 0x2, 0x2, 0x104, 0x106, 0x5, 0x38, 0x1d, 0x2, 
    0x105, 0x103, 0x3, 0x2, 0x2, 0x2, 0x106, 0x109, 0x3, 0x2, 0x2, 0x2, 
    0x107, 0x105, 0x3, 0x2, 0x2, 0x2, 0x107, 0x108, 0x3, 0x2, 0x2, 0x2, 
    0x108, 0x2f, 0x3, 0x2, 0x2, 0x2, 0x109, 0x107, 0x3, 0x2, 0x2, 0x2, 0x10a, 
    0x10f, 0x5, 0x38, 0x1d, 0x2, 0x10b, 0x10c, 0x7, 0x14, 0x2, 0x2, 0x10c, 
    0x10e, 0x5, 0x38, 0x1d, 0x2, 0x10d, 0x10b, 0x3, 0x2, 0x2, 0x2, 0x10e, 
    0x111, 0x3, 0x2, 0x2, 0x2, 0x10f, 0x10d, 0x3, 0x2, 0x2, 0x2, 0x10f, 
    0x110, 0x3, 0x2, 0x2, 0x2, 0x110, 0x31, 0x3, 0x2, 0x2, 0x2, 0x111, 0x10f, 
    0x3, 0x2, 0x2, 0x2, 0x112, 0x114, 0x7, 0x16, 0x2, 0x2, 0x113, 0x112, 
    0x3, 0x2, 0x2, 0x2, 0x113, 0x114, 0x3, 0x2, 0x2, 0x2, 0x114, 0x115, 
    0x3, 0x2, 0x2, 0x2, 0x115, 0x119, 0x9, 0x3, 0x2, 0x2, 0x116, 0x119, 
    0x7, 0x25, 0x2, 0x2, 0x117, 0x119, 0x5, 0x30, 0x19, 0x2, 0x118, 0x113, 
    0x3, 0x2, 0x2, 0x2, 0x118, 0x116, 0x3, 0x2, 0x2, 0x2, 0x118, 0x117, 
    0x3, 0x2, 0x2, 0x2, 0x119, 0x33, 0x3, 0x2, 0x2, 0x2, 0x11a, 0x11c, 0x7, 
    0x16, 0x2, 0x2, 0x11b, 0x11a, 0x3, 0x2, 0x2, 0x2, 0x11b, 0x11c, 0x3, 
    0x2, 0x2, 0x2, 0x11c, 0x11d, 0x3, 0x2, 0x2, 0x2, 0x11d, 0x11e, 0x9, 
    0x4, 0x2, 0x2, 0x11e, 0x35, 0x3, 0x2, 0x2, 0x2, 0x11f, 0x120, 0x7, 0x20, 
    0x2, 0x2, 0x120, 0x37, 0x3, 0x2, 0x2, 0x2, 0x121, 0x122, 0x9, 0x5, 0x2, 
    0x2, 0x122, 0x39, 0x3, 0x2, 0x2, 0x2, 0x22, 0x3d, 0x48, 0x5c, 0x62, 
    0x69, 0x6f, 0x76, 0x7c, 0x84, 0x87, 0x8e, 0x98, 0xa3, 0xab, 0xae, 0xb3, 
    0xb9, 0xc1, 0xc5, 0xc8, 0xcb, 0xd0, 0xd6, 0xe0, 0xe9, 0xf1, 0x100, 0x107, 
    0x10f, 0x113, 0x118, 0x11b, 
  };

  atn::ATNDeserializer deserializer;
  _atn = deserializer.deserialize(_serializedATN);

  size_t count = _atn.getNumberOfDecisions();
  _decisionToDFA.reserve(count);
  for (size_t i = 0; i < count; i++) { 
    _decisionToDFA.emplace_back(_atn.getDecisionState(i), i);
  }
}

RpcParser::Initializer RpcParser::_init;
