#include "support/page_commands.h"

#include <gtest/gtest.h>

#include <fstream>
#include <optional>
#include <string_view>
#include <utility>

#include "support/child_process.h"

namespace tern::test {

namespace {

constexpr std::string_view kIndent = "    ";
constexpr std::string_view kCommand = "$ ";
constexpr std::string_view kTyped = "→ ";
constexpr std::string_view kPrinted = "← ";

bool begins_a_block(std::string_view line) {
  return line.starts_with(kCommand) || line.starts_with(kTyped);
}

bool take(std::string_view& line, std::string_view prefix) {
  if (!line.starts_with(prefix)) return false;
  line.remove_prefix(prefix.size());
  return true;
}

// Adds one line of a block to what it has shown so far.
void add(std::vector<PageCommand>& shown, std::string_view line, std::size_t at, bool first) {
  if (take(line, kCommand)) {
    shown.push_back({at, std::string(line), {}});
    return;
  }
  if (first && line.starts_with(kTyped)) shown.push_back({at, "nc 127.0.0.1 7000", {}});
  if (shown.empty()) return;
  PageCommand& last = shown.back();
  if (last.lines.empty() && last.command.ends_with('\\')) {
    last.command += "\n" + std::string(line);
  } else if (take(line, kTyped)) {
    last.lines.push_back({true, std::string(line)});
  } else if (take(line, kPrinted) || !line.empty()) {
    last.lines.push_back({false, std::string(line)});
  }
}

std::string put_here(std::string text, const std::map<std::string, std::string>& here) {
  for (const auto& [there, instead] : here) {
    for (std::size_t at = text.find(there); at != std::string::npos;
         at = text.find(there, at + instead.size())) {
      text.replace(at, there.size(), instead);
    }
  }
  return text;
}

}  // namespace

bool PageCommand::is_typed_to() const {
  for (const Line& line : lines) {
    if (line.typed) return true;
  }
  return false;
}

std::vector<PageCommand> page_commands(const std::filesystem::path& page) {
  enum class Block { kNone, kConsole, kIndented, kOther } block = Block::kNone;
  std::ifstream file(page);
  EXPECT_TRUE(file.good()) << page;
  std::vector<PageCommand> shown;
  std::string text;
  for (std::size_t at = 1; std::getline(file, text); ++at) {
    std::string_view line = text;
    if (line.starts_with("```")) {
      bool opens = block == Block::kNone || block == Block::kIndented;
      block = !opens ? Block::kNone : line == "```console" ? Block::kConsole : Block::kOther;
    } else if (block == Block::kConsole) {
      add(shown, line, at, false);
    } else if (block != Block::kOther) {
      bool indented = take(line, kIndent);
      bool first = indented && block == Block::kNone && begins_a_block(line);
      if (first) block = Block::kIndented;
      if (!indented) block = Block::kNone;
      if (block == Block::kIndented) add(shown, line, at, first);
    }
  }
  return shown;
}

void expect_as_shown(const PageCommand& shown, const std::map<std::string, std::string>& here) {
  SCOPED_TRACE("line " + std::to_string(shown.at) + ": " + shown.command);
  ChildProcess process({"sh", "-c", "exec " + put_here(shown.command, here)});
  for (const PageCommand::Line& line : shown.lines) {
    const std::string text = put_here(line.text, here);
    if (line.typed) {
      process.type(text + "\n");
    } else {
      EXPECT_EQ(process.next_line().value_or("(it has ended)"), text);
    }
  }
  // Who types says when it is over.
  if (shown.is_typed_to()) process.kill();
  EXPECT_EQ(process.next_line().value_or("(it has ended)"), "(it has ended)");
}

}  // namespace tern::test
