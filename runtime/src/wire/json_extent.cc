#include "wire/json_extent.h"

#include "base/ascii.h"
#include "codec/json_text.h"

namespace tern::wire {

namespace {

// What numbers, true, false and null are made of.
constexpr bool is_of_word(char c) noexcept {
  return base::is_alphanumeric(c) || c == '-' || c == '+' || c == '.';
}

}  // namespace

std::size_t json_space(ByteView in) noexcept {
  std::size_t at = 0;
  while (at < in.size() && base::is_space(static_cast<char>(in[at]))) ++at;
  return at;
}

JsonExtent::Kind JsonExtent::scan(ByteView in) noexcept {
  if (shape_ == Shape::kNone) {
    if (in.empty()) return Kind::kMore;
    if (!begin(static_cast<char>(in[0]))) return Kind::kBroken;
    at_ = shape_ == Shape::kWord ? 0 : 1;
  }
  if (whole_) return Kind::kWhole;
  Kind kind = go_on(in);
  whole_ = kind == Kind::kWhole;
  return kind;
}

JsonExtent::Kind JsonExtent::go_on(ByteView in) noexcept {
  switch (shape_) {
    case Shape::kString:
      pass_string(in);
      return in_string_ ? Kind::kMore : Kind::kWhole;
    case Shape::kBrackets:
      return pass_brackets(in);
    case Shape::kWord:
      return pass_word(in);
    case Shape::kNone:
      break;
  }
  return Kind::kBroken;
}

bool JsonExtent::begin(char first) noexcept {
  if (first == '{' || first == '[') {
    shape_ = Shape::kBrackets;
    curly_first_ = first == '{';
    ++(curly_first_ ? curly_ : square_);
  } else if (first == '"') {
    shape_ = Shape::kString;
    in_string_ = true;
  } else if (first == '-' || first == 't' || first == 'f' || first == 'n' ||
             base::is_digit(first)) {
    shape_ = Shape::kWord;
  }
  return shape_ != Shape::kNone;
}

// Up to the quote that ends the string, or the end of what is there.
void JsonExtent::pass_string(ByteView in) noexcept {
  while (at_ < in.size()) {
    if (escaped_) {
      escaped_ = false;
      ++at_;
      continue;
    }
    at_ += codec::string_run(as_text(in).substr(at_));
    if (at_ == in.size()) return;
    char c = static_cast<char>(in[at_++]);
    escaped_ = c == '\\';
    if (c == '"') {
      in_string_ = false;
      return;
    }
  }
}

JsonExtent::Kind JsonExtent::pass_brackets(ByteView in) noexcept {
  while (at_ < in.size()) {
    if (in_string_) {
      pass_string(in);
      continue;
    }
    char c = static_cast<char>(in[at_++]);
    if (c == '"') {
      in_string_ = true;
    } else if (c == '{') {
      ++curly_;
    } else if (c == '[') {
      ++square_;
    } else if (c == '}' || c == ']') {
      bool curly = c == '}';
      std::size_t& open = curly ? curly_ : square_;
      if (open == 0) return Kind::kBroken;
      // The bracket that opened the value closes after all others.
      if (--open == 0 && curly == curly_first_) {
        return curly_ + square_ == 0 ? Kind::kWhole : Kind::kBroken;
      }
    }
  }
  return Kind::kMore;
}

JsonExtent::Kind JsonExtent::pass_word(ByteView in) noexcept {
  while (at_ < in.size()) {
    if (!is_of_word(static_cast<char>(in[at_]))) return Kind::kWhole;
    ++at_;
  }
  return Kind::kMore;
}

}  // namespace tern::wire
