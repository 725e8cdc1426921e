// The words for a syntax error. ANTLR knows the set of tokens that would have fitted, often twenty
// of them; a reader wants to hear of the one or two that they most likely left out.
#pragma once

#include <string>
#include <vector>

namespace rpcgen {

struct Mismatch {
  std::string rule;                   // the grammar's rule, such as "field"
  std::vector<std::string> expected;  // tokens as the grammar shows them: "';'", "IDENTIFIER"
  std::string got;                    // the token's text; empty at the end of the file
  bool word = false;                  // it is a name or a keyword
  std::string previous{};             // the token before
  bool nested = false;                // it begins a definition within another one
};

struct Complaint {
  std::string text;
  // The expected thing closes what stands before it, so the error belongs there: `;` after a field.
  bool belongs_before = false;
};

Complaint describe(const Mismatch& mismatch);

}  // namespace rpcgen
