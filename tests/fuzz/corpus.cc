#include "fuzz/corpus.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

namespace fuzz {
namespace {

constexpr std::size_t kBeginnings = 300;
// A corpus of fewer is not the one that was checked in.
constexpr std::size_t kFewest = 20;

std::vector<std::filesystem::path> files_in(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

// By a fuzzer, which calls it by a hash of its bytes.
bool is_found(const std::filesystem::path& file) {
  const std::string name = file.filename().string();
  return name.size() == 40 && name.find_first_not_of("0123456789abcdef") == std::string::npos;
}

std::vector<char> bytes_of(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

// For who ends the program with a signal.
char current_file[1000];

extern "C" void say_file(int number) {
  constexpr std::string_view kWords = "\nthe input is ";
  [[maybe_unused]] auto said = ::write(STDERR_FILENO, kWords.data(), kWords.size());
  said = ::write(STDERR_FILENO, current_file, std::strlen(current_file));
  said = ::write(STDERR_FILENO, "\n", 1);
  std::signal(number, SIG_DFL);
  std::raise(number);
}

}  // namespace

void replay(const char* folder, void (*target)(tern::ByteView)) {
  for (int number : {SIGABRT, SIGSEGV}) std::signal(number, say_file);
  const auto files = files_in(std::filesystem::path(TERN_FUZZ_CORPORA) / folder);
  EXPECT_GE(files.size(), kFewest);
  for (const std::filesystem::path& file : files) {
    const std::vector<char> bytes = bytes_of(file);
    std::strncpy(current_file, file.c_str(), sizeof current_file - 1);
    const std::size_t step = 1 + bytes.size() / kBeginnings;
    const std::size_t most = is_found(file) ? 0 : bytes.size();
    for (std::size_t size = 0; size < most; size += step) {
      // A copy, so that what reads behind its end is found.
      const std::vector<char> part(bytes.begin(),
                                   bytes.begin() + static_cast<std::ptrdiff_t>(size));
      target(tern::as_bytes({part.data(), part.size()}));
    }
    target(tern::as_bytes({bytes.data(), bytes.size()}));
  }
}

}  // namespace fuzz
