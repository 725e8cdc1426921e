// The Echo service of echo.rpc, one loop, on loopback.
//   tern_echo_server --port P      prints READY once it accepts
#include <cstdio>
#include <string>

#include "echo.service.h"
#include "load.h"
#include "tern/server.h"

namespace {

class EchoService final : public bench::EchoService {
 public:
  tern::Reply<std::vector<std::byte>> Blob(tern::ServerContext&,
                                           std::vector<std::byte> data) override {
    return data;
  }
  tern::Reply<bench::Sample> EchoSample(tern::ServerContext&, bench::Sample value) override {
    return value;
  }
  tern::Reply<std::vector<std::byte>> Make(tern::ServerContext&, std::int64_t bytes) override {
    return std::vector<std::byte>(static_cast<std::size_t>(bytes));
  }
};

}  // namespace

int main(int argc, char** argv) {
  tern::bench::Options options = tern::bench::parse_options(argc, argv);
  tern::Server server;
  tern::Status added = server.add(std::make_shared<EchoService>());
  tern::Result<tern::Endpoint> at = server.listen("tcp@127.0.0.1:" + std::to_string(options.port));
  if (!added.ok() || !at.ok()) {
    std::fprintf(stderr, "server: %s\n", (added.ok() ? at.status() : added).to_string().c_str());
    return 1;
  }
  std::puts("READY");
  std::fflush(stdout);
  server.wait();
  return 0;
}
