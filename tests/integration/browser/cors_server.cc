// Serves arith.Arith to web pages of the origins that are named:  cors_server [ORIGIN]...
// Its first line is the address that it listens on. Ends with its standard input.
#include <cstdint>
#include <iostream>
#include <limits>
#include <memory>
#include <string>
#include <string_view>

#include "integration/plain_arith.h"
#include "tern/tern.h"

namespace {

// Sends back the token that a page has sent.
class Arith final : public tern::test::PlainArith {
 public:
  tern::Reply<std::int64_t> Multiply(tern::ServerContext& context, arith::Args args) override {
    const std::string_view token = context.metadata().get("x-token");
    if (!token.empty()) context.reply_metadata().add("x-token", std::string(token));
    return PlainArith::Multiply(context, args);
  }
};

}  // namespace

int main(int argc, char** argv) {
  tern::ServerOptions options;
  options.cors.headers = {"X-Token"};
  options.cors.origins.assign(argv + 1, argv + argc);
  tern::Server server(options);
  tern::Status ready = server.add(std::make_shared<Arith>());
  tern::Result<tern::Endpoint> at = server.listen("tcp@127.0.0.1:0");
  if (!ready.ok() || !at.ok()) {
    std::cerr << ready.to_string() << ", " << at.status().to_string() << '\n';
    return 1;
  }
  std::cout << at->to_string() << std::endl;
  std::cin.ignore(std::numeric_limits<std::streamsize>::max());
  return 0;
}
