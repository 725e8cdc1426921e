// What no source of the runtime may do, whatever a test of it happens to see.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

namespace tern::test {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

bool is_of_a_name(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

// Whether it is there, and not as the end of a longer name.
bool has(std::string_view code, std::string_view wanted) {
  for (std::size_t at = code.find(wanted); at != code.npos; at = code.find(wanted, at + 1)) {
    if (at == 0 || !is_of_a_name(code[at - 1])) return true;
  }
  return false;
}

// "runtime/src/net/loop.cc: the line", for each line of the runtime's code that has one of
// `wanted`; comments do not count.
std::vector<std::string> lines_with(const std::vector<std::string>& wanted) {
  const std::filesystem::path root = TERN_SOURCE_DIR;
  std::vector<std::string> found;
  for (const char* folder : {"runtime/include", "runtime/src"}) {
    for (const auto& entry : std::filesystem::recursive_directory_iterator(root / folder)) {
      std::string extension = entry.path().extension();
      if (extension != ".h" && extension != ".cc") continue;
      std::ifstream file(entry.path());
      for (std::string line; std::getline(file, line);) {
        std::string code = line.substr(0, line.find("//"));
        auto in_code = [&code](const std::string& one) { return has(code, one); };
        if (std::none_of(wanted.begin(), wanted.end(), in_code)) continue;
        code.erase(0, code.find_first_not_of(' '));
        found.push_back(entry.path().lexically_relative(root).generic_string() + ": " + code);
      }
    }
  }
  std::sort(found.begin(), found.end());
  return found;
}

TEST(SourceRules, SeeTheSources) {
  EXPECT_GT(lines_with({"#pragma once"}).size(), 100u);
}

// NDEBUG takes asserts away: a check of what a peer sends must stay. These are of the runtime's own
// states.
TEST(SourceRules, LetNoAssertCheckWhatAPeerSends) {
  EXPECT_THAT(lines_with({"assert("}),
              ElementsAre("runtime/src/base/guarded.h: assert(lock.holds(mutex_));",
                          "runtime/src/base/guarded.h: assert(lock.holds(mutex_));",
                          "runtime/src/call/client_handshake.cc: assert(next > phase_ && phase_ < "
                          "Phase::kDone);",
                          "runtime/src/call/client_session.cc: assert(next > phase_);",
                          "runtime/src/call/client_sessions.h: assert(!current_);",
                          "runtime/src/call/connect_state.h: assert(can_be_followed_by(next));",
                          "runtime/src/call/connector.cc: assert(state(lock) == State::kIdle);",
                          "runtime/src/net/connection.cc: assert(next == Phase::kClosed ? phase_ < "
                          "Phase::kClosed",
                          "runtime/src/net/outbox.cc: assert(size > 0 && size <= message.left());",
                          "runtime/src/serve/session_life.cc: assert(next > phase_);",
                          "runtime/src/stream/send_side.cc: assert(can_send());",
                          "runtime/src/stream/stream.cc: assert(!host_);",
                          "runtime/src/stream/streams.cc: assert(at != entries_.end());",
                          "runtime/src/stream/streams.cc: assert(is_new);"));
}

// The flags with which a preset of CMakePresets.json builds; "" if they are CMake's own, which have
// NDEBUG.
std::string flags_of_preset(const std::string& name) {
  std::ifstream file(std::filesystem::path(TERN_SOURCE_DIR) / "CMakePresets.json");
  const std::string text(std::istreambuf_iterator<char>(file), {});
  const std::string key = "\"CMAKE_CXX_FLAGS_RELWITHDEBINFO\": \"";
  const std::size_t begin = text.find("\"name\": \"" + name + "\"");
  const std::size_t at = text.find(key, begin);
  if (begin == text.npos || at > text.find("\"name\"", begin + 1)) return "";
  const std::size_t flags = at + key.size();
  return text.substr(flags, text.find('"', flags) - flags);
}

// So every test shows what the code does in a build without asserts, and in one with them.
TEST(SourceRules, RunTheTestsWithoutAssertsAndWithThem) {
  EXPECT_THAT(flags_of_preset("test"), HasSubstr("-DNDEBUG"));
  for (const char* preset : {"asan", "tsan"}) {
    EXPECT_THAT(flags_of_preset(preset), AllOf(HasSubstr("-O1"), Not(HasSubstr("NDEBUG"))))
        << preset;
  }
}

// And the two differ in nothing else.
TEST(SourceRules, LetNoOtherCodeDependOnNdebug) {
  EXPECT_THAT(lines_with({"NDEBUG"}), IsEmpty());
}

// A clock that an operator or NTP turns must end no call. A type is no clock: Timestamp is one. The
// last of these is the wall clock by another name. The times in a JSON web token are of the day.
TEST(SourceRules, LetTimersUseTheMonotonicClockOnly) {
  EXPECT_THAT(lines_with({"system_clock::now", "gettimeofday", "time(nullptr)", "time(NULL)",
                          "time(0)", "CLOCK_REALTIME", "system_timer", "utc_clock", "clock_gettime",
                          "timedwait", "high_resolution_clock"}),
              ElementsAre("runtime/src/jwt/jwt_authenticator.cc: const auto now = options_.now ? "
                          "options_.now() : std::chrono::system_clock::now();"));
}

// Keys that collide make a hash table slow, and a peer can choose them if the hash is known. These
// are of keys that no peer chooses: names and shapes of the program's own types, and its servers.
TEST(SourceRules, KeepKeysOfPeersOutOfHashTables) {
  EXPECT_THAT(lines_with({"unordered_map<", "unordered_set<"}),
              ElementsAre("runtime/src/balance/weighted_round_robin.cc: "
                          "std::unordered_map<std::uint64_t, double> lacking;  ",
                          "runtime/src/codec/gob_encoder.h: std::unordered_map<const TypeShape*, "
                          "Sent> sent_;",
                          "runtime/src/codec/gob_names.cc: std::unordered_set<std::string_view> "
                          "taken;"));
}

}  // namespace
}  // namespace tern::test
