// A minute of chaos: see README.md.
#include <gtest/gtest.h>

#include <iostream>
#include <string>
#include <vector>

#include "support/child_process.h"

namespace tern::chaos {
namespace {

// The driver makes namespaces, which only a process with one thread can.
struct Ended {
  int status;
  std::string output;
};
Ended run(const std::vector<std::string>& arguments) {
  std::vector<std::string> command{TERN_CHAOS};
  command.insert(command.end(), arguments.begin(), arguments.end());
  test::ChildProcess chaos(command, test::ChildProcess::Reads::kOutputAndErrors);
  while (chaos.next_line()) {
  }
  const int status = chaos.wait();
  return {status, chaos.output()};
}

TEST(Chaos, BreaksNoPromiseInAMinuteOfFaults) {
  const Ended ended = run({"--seed", "1", "--seconds", "45"});
  std::cout << ended.output;
  if (ended.status == 77) GTEST_SKIP() << ended.output;
  EXPECT_EQ(ended.status, 0);
}

}  // namespace
}  // namespace tern::chaos
