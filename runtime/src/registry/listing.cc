#include "registry/listing.h"

#include <fmt/format.h>

#include <utility>
#include <vector>

#include "registry/loop_task.h"
#include "registry/server_address.h"
#include "tern/server_list.h"

namespace tern::registry {

namespace {

class NoRegistration final : public Registration {
 public:
  NoRegistration(Loop& loop, Status why) : loop_(loop), why_(std::move(why)) {}

  void async_withdraw(UniqueFunction<void()> done) override { run_soon(loop_, std::move(done)); }
  void update(Instance) override {}
  Status status() const override { return why_; }

 private:
  Loop& loop_;
  const Status why_;
};

class Listing final : public Registry {
 public:
  Listing(IoPool& pool, std::function<std::shared_ptr<Discovery>()> discover, std::string what)
      : pool_(pool), discover_(std::move(discover)), what_(std::move(what)) {}

  std::shared_ptr<Discovery> discover(std::string_view) override { return discover_(); }

  std::unique_ptr<Registration> announce(std::string_view service, Instance instance) override {
    Status why(
        Code::kUnimplemented,
        fmt::format("announce \"{}\" of \"{}\": {}", instance.endpoint.to_string(), service, what_),
        HandlerRan::kNo);
    return std::make_unique<NoRegistration>(pool_.next(), std::move(why));
  }

 private:
  IoPool& pool_;
  const std::function<std::shared_ptr<Discovery>()> discover_;
  const std::string what_;
};

}  // namespace

std::shared_ptr<Registry> make_listing(IoPool& pool,
                                       std::function<std::shared_ptr<Discovery>()> discover,
                                       std::string what) {
  return std::make_shared<Listing>(pool, std::move(discover), std::move(what));
}

Result<std::shared_ptr<Registry>> open_list(std::string_view where, IoPool& pool) {
  std::vector<Instance> servers;
  for (std::string_view rest = where;;) {
    std::size_t comma = rest.find(',');
    Result<Endpoint> endpoint = parse_server_address(rest.substr(0, comma));
    if (!endpoint.ok()) {
      return endpoint.status().with_context(fmt::format("registry \"list@{}\"", where));
    }
    servers.emplace_back(std::move(*endpoint));
    if (comma == std::string_view::npos) break;
    rest.remove_prefix(comma + 1);
  }
  auto list = std::make_shared<ServerList>(std::move(servers));
  return make_listing(
      pool, [list] { return list; }, "a list takes no announcements: write the address into it");
}

}  // namespace tern::registry
