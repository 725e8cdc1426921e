// Command lines that pages show, with what is typed there and what they print.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace tern::test {

// In a page these stand in a block ```console or, indented, in one that begins like them:
//
//   $ nc 127.0.0.1 7000
//   → what a person types
//   ← what comes back
//
// A command goes on in the next line behind "\". Where nothing is typed, the lines that follow it
// are what it prints, until it ends. Typed lines without a command are nc's to the server at
// 127.0.0.1:7000.
struct PageCommand {
  struct Line {
    bool typed = false;
    std::string text;
  };

  std::size_t at = 0;  // the line of the page
  std::string command;
  std::vector<Line> lines;
  bool is_typed_to() const;
};

std::vector<PageCommand> page_commands(const std::filesystem::path& page);

// Runs it, and fails the test where it prints something else. Of `here`, each text in the page
// stands for another one at this place: an address, say.
void expect_as_shown(const PageCommand& shown, const std::map<std::string, std::string>& here);

}  // namespace tern::test
