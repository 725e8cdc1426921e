// The command line of a benchmark: options that have a value each, as "--port 7100".
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace tern::bench {

// The name of an option, and where its value goes.
class Option {
 public:
  Option(const char* name, std::string& into);
  Option(const char* name, int& into);
  Option(const char* name, double& into);
  Option(const char* name, std::uint16_t& into);
  // `take` is called with the value.
  Option(const char* name, std::function<void(const std::string&)> take);

  const std::string& name() const noexcept { return name_; }
  void take(const std::string& value) const { take_(value); }

 private:
  std::string name_;
  std::function<void(const std::string&)> take_;
};

// Prints what is wrong and exits with 2 if it is.
void parse_command_line(int argc, char** argv, const std::vector<Option>& options);
// The same for a value that is not one of those that the option knows.
[[noreturn]] void refuse_value(const char* option, const std::string& value, const char* expected);

}  // namespace tern::bench
