#include "compiler/syntax/scan.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

#include "compiler/base/utf8.h"
#include "compiler/syntax/doc_comment.h"
#include "compiler/syntax/token_values.h"

namespace rpcgen {
namespace {

// Types nest no deeper than 16, which sema checks; this bounds the parser's recursion.
constexpr std::size_t kMaxBrackets = 256;

bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

bool is_control(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return (byte < 0x20 && !is_space(c)) || byte == 0x7F;
}

class Scanner {
 public:
  Scanner(const SourceFile& file, Diagnostics& diagnostics)
      : file_(file), text_(file.text()), diagnostics_(diagnostics) {}

  Scan run() {
    check_text();
    while (at_ < text_.size() && scan_.parsable) next();
    return std::move(scan_);
  }

 private:
  void check_text() {
    if (text_.empty()) {
      error(0, 0, "file is empty; expected \"package name;\" first");
      scan_.parsable = false;
      return;
    }
    if (const auto bad = find_invalid_utf8(text_)) {
      error(*bad, *bad + 1,
            fmt::format("byte 0x{:02X} is not UTF-8; .rpc files are UTF-8 text",
                        static_cast<unsigned char>(text_[*bad])));
    }
    const auto control = std::find_if(text_.begin(), text_.end(), is_control);
    if (control != text_.end()) {
      const auto at = static_cast<std::size_t>(control - text_.begin());
      error(at, at + 1,
            fmt::format("control character U+{:04X}; .rpc files are text",
                        static_cast<unsigned char>(*control)));
      if (text_.find('\0') != text_.npos) scan_.parsable = false;
    }
    check_line_ends();
  }

  // To some programs a lone carriage return ends a line, and with it a comment, to others it does
  // not: what stands behind it would be code to the one and comment to the other.
  void check_line_ends() {
    for (std::size_t at = text_.find('\r'); at != text_.npos; at = text_.find('\r', at + 1)) {
      if (at + 1 < text_.size() && text_[at + 1] == '\n') continue;
      error(at, at + 1, "carriage return without a line feed; lines end in LF or CR LF");
      scan_.parsable = false;
      return;
    }
  }

  void next() {
    const char c = text_[at_];
    if (is_space(c)) {
      if (c == '\n') {
        ++lines_since_doc_;
        token_on_line_.reset();
      }
      ++at_;
    } else if (starts("//")) {
      line_comment();
    } else if (starts("/*")) {
      block_comment();
    } else {
      token(c);
    }
  }

  // In the text of a comment. In strings they are allowed: the generated code escapes them.
  void check_direction(std::size_t begin, std::size_t end) {
    while (begin < end && !turned_) {
      const CodePoint point = decode_utf8(text_.substr(begin, end - begin));
      turned_ = point.valid && is_bidi_control(point.value);
      if (turned_) {
        error(begin, begin + point.size,
              fmt::format("comment holds U+{:04X}, which makes a line look like another one; only "
                          "strings can hold it",
                          static_cast<std::uint32_t>(point.value)));
      }
      begin += point.size;
    }
  }

  void token(char c) {
    if (!doc_.empty()) scan_.docs.emplace(at_, std::exchange(doc_, {}));
    token_on_line_ = at_;
    if (c == '"') {
      string();
    } else if (is_word(c)) {
      word();
    } else if (starts("->")) {
      at_ += 2;
    } else {
      bracket(c);
      ++at_;
    }
  }

  void line_comment() {
    const std::size_t end = std::min(text_.find('\n', at_), text_.size());
    const std::string_view comment = text_.substr(at_, end - at_);
    check_direction(at_, end);
    if (is_doc_line(comment) && token_on_line_) {
      scan_.docs_behind.emplace(*token_on_line_, doc_line_text(comment));
    } else if (is_doc_line(comment)) {
      // Lines that follow each other are one text; a line left empty begins another.
      if (lines_since_doc_ > 1) doc_.clear();
      if (!doc_.empty()) doc_ += '\n';
      doc_ += doc_line_text(comment);
      lines_since_doc_ = 0;
    }
    at_ = end;
  }

  void block_comment() {
    const std::size_t close = text_.find("*/", at_ + 2);
    if (close == text_.npos) {
      error(at_, at_ + 2, "comment is not closed; expected \"*/\" before the end of the file");
      scan_.unterminated = true;
      at_ = text_.size();
      return;
    }
    const std::string_view comment = text_.substr(at_, close + 2 - at_);
    check_direction(at_, close);
    if (is_doc_block(comment)) {
      doc_ = doc_block_text(comment);
      lines_since_doc_ = 0;
    }
    at_ = close + 2;
  }

  void string() {
    const std::size_t begin = at_++;
    while (at_ < text_.size() && text_[at_] != '"' && text_[at_] != '\n' && text_[at_] != '\r') {
      const bool escape = text_[at_] == '\\' && at_ + 1 < text_.size() && !is_space(text_[at_ + 1]);
      at_ += escape ? 2 : 1;
    }
    at_ = std::min(at_, text_.size());
    if (at_ < text_.size() && text_[at_] == '"') {
      ++at_;
      return;
    }
    error(begin, at_, "string is not closed; expected '\"' before the end of the line");
    if (at_ == text_.size()) scan_.unterminated = true;
  }

  void word() {
    const std::size_t begin = at_;
    while (at_ < text_.size() && is_word(text_[at_])) ++at_;
    if (at_ - begin <= kMaxWord) return;
    error(begin, at_,
          fmt::format("word of {} characters; at most {} are allowed", at_ - begin, kMaxWord));
    scan_.parsable = false;
  }

  void bracket(char c) {
    switch (c) {
      case '<':
        ++angles_;
        break;
      case '>':
        angles_ -= std::min<std::size_t>(angles_, 1);
        break;
      case '(':
      case '[':
      case '{':
        ++brackets_;
        angles_ = 0;
        break;
      case ')':
      case ']':
      case '}':
        brackets_ -= std::min<std::size_t>(brackets_, 1);
        angles_ = 0;
        break;
      case ';':
        angles_ = 0;
        break;
      default:
        break;
    }
    if (std::max(angles_, brackets_) <= kMaxBrackets) return;
    error(at_, at_ + 1, fmt::format("brackets nest deeper than {}", kMaxBrackets));
    scan_.parsable = false;
  }

  bool starts(std::string_view prefix) const { return text_.substr(at_).starts_with(prefix); }

  void error(std::size_t begin, std::size_t end, std::string text) {
    diagnostics_.error(file_.span(begin, end), std::move(text));
  }

  const SourceFile& file_;
  std::string_view text_;
  Diagnostics& diagnostics_;
  Scan scan_;
  std::size_t at_ = 0;
  std::size_t brackets_ = 0;
  std::size_t angles_ = 0;
  std::string doc_;  // waits for the next token
  std::size_t lines_since_doc_ = 0;
  std::optional<std::size_t> token_on_line_;  // the last one, if the line has one
  bool turned_ = false;                       // a comment that turns text has been reported
};

}  // namespace

Scan scan(const SourceFile& file, Diagnostics& diagnostics) {
  return Scanner(file, diagnostics).run();
}

}  // namespace rpcgen
