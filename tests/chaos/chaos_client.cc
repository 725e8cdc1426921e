// One of the clients of a run:
//   chaos_client --number N --seed N --rate N --history FILE --registry HOST:PORT
//                --server HOST:PORT... --proxied HOST:PORT...
// Prints "calling" once it does. On its input:
//   heal     no new calls but one after the other over each channel, until it succeeds there:
//            "through MS CHANNEL" or "stuck MS CHANNEL"
//   pending  calls of all channels that wait
//   close    closes the channels
// It ends with its input.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <iostream>
#include <string>

#include "chaos/caller.h"
#include "chaos/commands.h"

namespace {

using namespace tern;

struct Arguments {
  std::uint32_t number = 0;
  int rate = 100;
  std::string history;
  chaos::ChannelsOptions channels;
};

class Session {
 public:
  explicit Session(const Arguments& arguments)
      : history_(arguments.history),
        channels_(chaos::make_channels(arguments.channels, pool_)),
        caller_(arguments.number, arguments.channels.seed, channels_, history_) {
    caller_.begin(arguments.rate);
  }

  std::string answer(std::string_view command) {
    if (command == "heal") return heal();
    if (command == "pending") return fmt::format("{}", pending());
    if (command != "close") return "heal, pending or close is expected";
    for (const chaos::CallingChannel& channel : channels_) channel.close();
    return "closed";
  }

 private:
  std::string heal() {
    caller_.rest();
    chaos::Caller::Recovery recovery = caller_.get_through(std::chrono::seconds(30));
    return fmt::format("{} {} {}", recovery.all ? "through" : "stuck",
                       recovery.slowest.count() / 1'000'000, recovery.channel);
  }
  std::uint64_t pending() const {
    std::uint64_t sum = 0;
    for (const chaos::CallingChannel& channel : channels_) sum += channel.pending();
    return sum;
  }

  chaos::History history_;
  IoPool pool_{2};
  std::vector<chaos::CallingChannel> channels_;
  chaos::Caller caller_;
};

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("A client of a chaos run.");
  Arguments arguments;
  app.add_option("--number", arguments.number)->required();
  app.add_option("--seed", arguments.channels.seed);
  app.add_option("--rate", arguments.rate, "calls a second")->check(CLI::PositiveNumber);
  app.add_option("--history", arguments.history)->required();
  app.add_option("--registry", arguments.channels.registry)->required();
  app.add_option("--server", arguments.channels.servers)->required();
  app.add_option("--proxied", arguments.channels.proxied)->required();
  CLI11_PARSE(app, argc, argv);
  Session session(arguments);
  std::cout << "calling" << std::endl;
  chaos::Commands commands([&session](std::string_view line) { return session.answer(line); });
  commands.wait();
  return 0;
}
