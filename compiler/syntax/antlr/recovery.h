// How the parser goes on after a syntax error.
#pragma once

#include <antlr4-runtime.h>

#include <cstddef>
#include <exception>
#include <functional>
#include <set>
#include <string>
#include <utility>

#include "compiler/base/diagnostics.h"
#include "compiler/base/source.h"
#include "compiler/syntax/antlr/braces.h"
#include "compiler/syntax/antlr/place.h"
#include "compiler/syntax/antlr/syntax_errors.h"

namespace rpcgen {

// ANTLR's way to recover, our way to report.
class Recovery final : public antlr4::DefaultErrorStrategy {
 public:
  // See SyntaxErrors.
  Recovery(const SourceFile& file, bool unterminated, Diagnostics& diagnostics)
      : file_(file), errors_(file, unterminated, braces_, diagnostics) {}

  // The names in what could not be read.
  std::set<std::string, std::less<>> take_lost_names() { return std::move(lost_names_); }

 protected:
  void reportNoViableAlternative(antlr4::Parser* parser,
                                 const antlr4::NoViableAltException& e) override {
    errors_.report(*parser, e.getOffendingToken());
  }
  void reportInputMismatch(antlr4::Parser* parser,
                           const antlr4::InputMismatchException& e) override {
    errors_.report(*parser, e.getOffendingToken());
  }
  void reportUnwantedToken(antlr4::Parser* parser) override;
  void reportMissingToken(antlr4::Parser* parser) override { reportUnwantedToken(parser); }
  Token* singleTokenDeletion(antlr4::Parser* parser) override;
  void sync(antlr4::Parser* parser) override;
  void recover(antlr4::Parser* parser, std::exception_ptr e) override;

 private:
  bool begins_anew(antlr4::Parser& parser) const;
  bool skip_to_block(antlr4::Parser* parser);
  void note_names(antlr4::Parser& parser, std::size_t from);
  void skip_member(antlr4::Parser* parser);

  const SourceFile& file_;
  Braces braces_;
  SyntaxErrors errors_;
  std::set<std::string, std::less<>> lost_names_;
};

}  // namespace rpcgen
