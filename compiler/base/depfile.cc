#include "compiler/base/depfile.h"

namespace rpcgen {
namespace {

// As GCC does it: backslashes are doubled only where they would quote the blank after them.
std::string escaped(const std::string& path) {
  std::string out;
  std::size_t backslashes = 0;
  for (char c : path) {
    if (c == ' ' || c == '\t') {
      out.append(backslashes + 1, '\\');
    } else if (c == '$') {
      out += '$';
    } else if (c == '#') {
      out += '\\';
    }
    backslashes = c == '\\' ? backslashes + 1 : 0;
    out += c;
  }
  return out;
}

}  // namespace

std::string depfile_text(const std::vector<std::string>& targets,
                         const std::vector<std::string>& inputs) {
  std::string text;
  for (const std::string& target : targets) {
    if (!text.empty()) text += ' ';
    text += escaped(target);
  }
  text += ':';
  for (const std::string& input : inputs) {
    text += " \\\n  ";
    text += escaped(input);
  }
  text += '\n';
  return text;
}

}  // namespace rpcgen
