#include "compiler/syntax/parser.h"

#include <antlr4-runtime.h>

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "RpcLexer.h"
#include "RpcParser.h"
#include "compiler/syntax/antlr/ast_builder.h"
#include "compiler/syntax/antlr/recovery.h"
#include "compiler/syntax/scan.h"

namespace rpcgen {
namespace {

// The text byte by byte, so that ANTLR's positions are byte offsets. The grammar gives no meaning
// to single characters above ASCII; one control character stands for all of them, since ANTLR's
// lexer is fast for ASCII alone.
class ByteStream final : public antlr4::CharStream {
 public:
  explicit ByteStream(const SourceFile& file) : file_(file), text_(file.text()) {}

  void consume() override { ++at_; }
  std::size_t LA(ssize_t ahead) override {
    if (ahead == 0) return 0;
    const std::size_t at = at_ + static_cast<std::size_t>(ahead > 0 ? ahead - 1 : ahead);
    if (at >= text_.size()) return antlr4::IntStream::EOF;
    const auto byte = static_cast<unsigned char>(text_[at]);
    return byte < 0x80 ? byte : 0x01;
  }
  ssize_t mark() override { return 0; }
  void release(ssize_t) override {}
  std::size_t index() override { return at_; }
  void seek(std::size_t at) override { at_ = at; }
  std::size_t size() override { return text_.size(); }
  std::string getSourceName() const override { return file_.name(); }
  std::string getText(const antlr4::misc::Interval& range) override {
    const auto begin = std::min(static_cast<std::size_t>(range.a), text_.size());
    return std::string(text_.substr(begin, static_cast<std::size_t>(range.b + 1) - begin));
  }
  std::string toString() const override { return std::string(text_); }

 private:
  const SourceFile& file_;
  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace

ast::File parse(const SourceFile& file, Diagnostics& diagnostics) {
  Scan scanned = scan(file, diagnostics);
  if (!scanned.parsable) {
    ast::File nothing;
    nothing.start = file.span(0, 0);
    nothing.readable = false;
    return nothing;
  }
  ByteStream characters(file);
  RpcLexer lexer(&characters);
  lexer.removeErrorListeners();
  antlr4::CommonTokenStream tokens(&lexer);
  tokens.fill();  // the recovery needs to know where they end
  RpcParser parser(&tokens);
  parser.removeErrorListeners();
  const auto recovery = std::make_shared<Recovery>(file, scanned.unterminated, diagnostics);
  parser.setErrorHandler(recovery);
  RpcParser::FileContext* tree = parser.file();
  ast::File out = build_ast(*tree, file, std::move(scanned), diagnostics);
  out.lost_names = recovery->take_lost_names();
  return out;
}

}  // namespace rpcgen
