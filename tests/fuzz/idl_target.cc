#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <string_view>

#include "compiler/driver.h"
#include "fuzz/expect.h"
#include "fuzz/targets.h"
#include "tests/compiler/memory_files.h"

namespace fuzz {
namespace {

constexpr std::string_view kMain = "main.rpc";
constexpr std::array<std::string_view, 2> kOthers = {"a.rpc", "sub/b.rpc"};
// A line that ends a file and begins the next.
constexpr std::string_view kNextFile = "\n--\n";

rpcgen::MemoryFiles files_of(std::string_view text) {
  rpcgen::MemoryFiles files;
  auto take = [&text] {
    std::string_view file = text.substr(0, text.find(kNextFile));
    text.remove_prefix(std::min(text.size(), file.size() + kNextFile.size()));
    return std::string(file);
  };
  files.add(std::string(kMain), take());
  for (std::string_view name : kOthers) {
    if (!text.empty()) files.add(std::string(name), take());
  }
  return files;
}

// Text of a peer is escaped or is text; nothing of it can look like another line or move the
// cursor.
bool is_printable(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return c == '\n' || c == '\t' || (static_cast<unsigned char>(c) >= ' ' && c != '\x7f');
  });
}

// C++ in which every string, comment and bracket ends: else what stood in a comment, a string or a
// name has got out of it.
class Brackets {
 public:
  bool match(std::string_view code) {
    for (std::size_t at = 0; at < code.size(); ++at) {
      const char c = code[at];
      if (c == '/' && code.substr(at).starts_with("//")) {
        at = std::min(code.find('\n', at), code.size());
      } else if (c == '"' || c == '\'') {
        at = end_of_literal(code, at);
        if (at == std::string_view::npos) return false;
      } else if (!bracket(c)) {
        return false;
      }
    }
    return open_.empty();
  }

 private:
  static std::size_t end_of_literal(std::string_view code, std::size_t at) {
    const char quote = code[at];
    // Of 1'000, which is a number.
    if (quote == '\'' && at > 0 && std::string_view("0123456789").find(code[at - 1]) < 10)
      return at;
    for (++at; at < code.size() && code[at] != '\n'; ++at) {
      if (code[at] == quote) return at;
      if (code[at] == '\\') ++at;
    }
    return std::string_view::npos;
  }

  bool bracket(char c) {
    constexpr std::string_view kOpening = "({[";
    constexpr std::string_view kClosing = ")}]";
    if (kOpening.find(c) != std::string_view::npos) open_ += c;
    const std::size_t closing = kClosing.find(c);
    if (closing == std::string_view::npos) return true;
    if (open_.empty() || open_.back() != kOpening[closing]) return false;
    open_.pop_back();
    return true;
  }

  std::string open_;
};

void expect_code(const rpcgen::MemoryFiles& files) {
  for (std::string_view name : {"main.rpc.h", "main.rpc.cc", "main.service.h", "main.service.cc"}) {
    const std::string code = files.text("out/" + std::string(name));
    expect(!code.empty(), "all files are written");
    expect(is_printable(code), "code is text");
    expect(Brackets().match(code), "the brackets and strings of code match");
  }
}

void expect_messages(const rpcgen::Outcome& outcome) {
  expect(outcome.messages.find("error: ") != std::string::npos, "a failure has an error");
  expect(is_printable(outcome.messages), "messages are text");
  for (std::size_t at = 0; at < outcome.messages.size();) {
    const std::size_t end = std::min(outcome.messages.find('\n', at), outcome.messages.size());
    expect(end - at < 4000, "a line of a message is short");
    at = end + 1;
  }
}

}  // namespace

void idl(tern::ByteView input) {
  const std::string_view text = tern::as_text(input);
  rpcgen::MemoryFiles files = files_of(text);
  rpcgen::Options options;
  options.files = {std::string(kMain)};
  options.import_dirs = {"."};
  options.out_dir = "out";
  options.depfile = "out/main.d";
  const rpcgen::Outcome outcome = rpcgen::compile(options, files);
  if (outcome.status == rpcgen::kSuccess) {
    expect_code(files);
    rpcgen::MemoryFiles again = files_of(text);
    expect(rpcgen::compile(options, again).status == rpcgen::kSuccess &&
               again.text("out/main.rpc.h") == files.text("out/main.rpc.h") &&
               again.text("out/main.rpc.cc") == files.text("out/main.rpc.cc"),
           "the same input gives the same code");
  } else {
    expect(outcome.status == rpcgen::kFailure, "a failure is one of the input");
    expect(files.all_writes() == 0, "with an error nothing is written");
    expect_messages(outcome);
  }
}

}  // namespace fuzz
