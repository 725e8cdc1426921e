// The proxy of a run:
//   chaos_proxy --seed N PORT=HOST:PORT...
// Prints "listening" once it does. On its input: "rough", "calm", and "stats", which answers with
// how often it has treated something in each way. It ends with its input.
#include <CLI/CLI.hpp>
#include <iostream>
#include <string>
#include <vector>

#include "chaos/commands.h"
#include "chaos/rough_proxy.h"

namespace {

using tern::chaos::RoughProxy;
using tern::chaos::Treatment;

std::string answer(RoughProxy& proxy, std::string_view command) {
  if (command == "rough" || command == "calm") {
    proxy.be_rough(command == "rough");
    return "ok";
  }
  std::string line;
  for (std::size_t i = 0; i < static_cast<std::size_t>(Treatment::kCount); ++i) {
    line += std::to_string(proxy.treated(static_cast<Treatment>(i))) + " ";
  }
  return line;
}

void add(RoughProxy& proxy, const std::string& route) {
  const std::size_t equals = route.find('=');
  const std::size_t colon = route.find(':');
  proxy.add(static_cast<std::uint16_t>(std::stoul(route)),
            route.substr(equals + 1, colon - equals - 1),
            static_cast<std::uint16_t>(std::stoul(route.substr(colon + 1))));
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("The proxy of a chaos run.");
  std::uint64_t seed = 0;
  std::vector<std::string> routes;
  app.add_option("--seed", seed);
  app.add_option("route", routes, "PORT=HOST:PORT")
      ->required()
      ->check(CLI::Validator(
          [](const std::string& route) {
            const std::size_t equals = route.find('=');
            const bool good =
                equals != std::string::npos && route.find(':', equals) != std::string::npos;
            return good ? std::string() : "expected PORT=HOST:PORT, got \"" + route + "\"";
          },
          "ROUTE"));
  CLI11_PARSE(app, argc, argv);
  RoughProxy proxy(seed);
  for (const std::string& route : routes) add(proxy, route);
  std::cout << "listening" << std::endl;
  tern::chaos::Commands commands(
      [&proxy](std::string_view command) { return answer(proxy, command); });
  commands.wait();
  return 0;
}
