// What the driver of a run asks its processes while they work: a line in, a line out.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <thread>

namespace tern::chaos {

// Answers each line of standard input with one line, on a thread of its own, until it is destroyed.
class Commands {
 public:
  using Answer = std::function<std::string(std::string_view command)>;

  explicit Commands(Answer answer);
  Commands(const Commands&) = delete;
  Commands& operator=(const Commands&) = delete;
  ~Commands();

  // Returns at the end of the input.
  void wait() { thread_.join(); }

 private:
  void read();

  const Answer answer_;
  int end_ = -1;  // readable when no more lines are wanted
  std::thread thread_;
};

}  // namespace tern::chaos
