#include "command_line.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <sstream>
#include <utility>

namespace tern::bench {

namespace {

template <typename T>
std::function<void(const std::string&)> number(const char* name, T& into) {
  return [name, &into](const std::string& value) {
    std::istringstream text(value);
    if (!(text >> into) || text.peek() != EOF) refuse_value(name, value, "a number");
  };
}

}  // namespace

Option::Option(const char* name, std::string& into)
    : name_(name), take_([&into](const std::string& value) { into = value; }) {}
Option::Option(const char* name, int& into) : name_(name), take_(number(name, into)) {}
Option::Option(const char* name, double& into) : name_(name), take_(number(name, into)) {}
Option::Option(const char* name, std::uint16_t& into) : name_(name), take_(number(name, into)) {}
Option::Option(const char* name, std::function<void(const std::string&)> take)
    : name_(name), take_(std::move(take)) {}

void parse_command_line(int argc, char** argv, const std::vector<Option>& options) {
  for (int i = 1; i < argc; i += 2) {
    const std::string name = argv[i];
    auto option = std::find_if(options.begin(), options.end(),
                               [&](const Option& one) { return one.name() == name; });
    if (option == options.end()) {
      std::fprintf(stderr, "unknown option %s\n", argv[i]);
      std::exit(2);
    }
    if (i + 1 == argc) {
      std::fprintf(stderr, "%s: expected a value behind it\n", argv[i]);
      std::exit(2);
    }
    option->take(argv[i + 1]);
  }
}

void refuse_value(const char* option, const std::string& value, const char* expected) {
  std::fprintf(stderr, "%s: \"%s\"; expected %s\n", option, value.c_str(), expected);
  std::exit(2);
}

}  // namespace tern::bench
