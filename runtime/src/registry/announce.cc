#include <fmt/format.h>

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tern/registry.h"
#include "tern/server.h"

namespace tern {

namespace {

Status wrong(Code code, std::string text) {
  return Status(code, "announce: " + std::move(text), HandlerRan::kNo);
}

bool is_every_address(const Endpoint& endpoint) {
  return endpoint.transport != Endpoint::Transport::kUnix &&
         (endpoint.host.empty() || endpoint.host == "0.0.0.0" || endpoint.host == "::");
}

// What the server listens on takes the place of what `endpoint` leaves open: all, or the port.
Status complete(const Server& server, Endpoint& endpoint) {
  std::vector<Endpoint> addresses = server.addresses();
  bool all = endpoint == Endpoint();
  if (!all && (endpoint.transport == Endpoint::Transport::kUnix || endpoint.port != 0)) return {};
  for (const Endpoint& address : addresses) {
    if (all) {
      endpoint = address;
      // Of the two that clients can dial there.
      if (address.transport == Endpoint::Transport::kTlsOrTcp) {
        endpoint.transport = Endpoint::Transport::kTls;
      }
      return {};
    }
    const bool both = address.transport == Endpoint::Transport::kTlsOrTcp;
    if (address.transport != Endpoint::Transport::kUnix &&
        (both || address.over_tls() == endpoint.over_tls())) {
      endpoint.port = address.port;
      return {};
    }
  }
  return wrong(Code::kFailedPrecondition,
               all ? "the server listens nowhere yet; call listen() first, or say its address"
                   : fmt::format("\"{}\" has no port, and the server listens on none yet; call "
                                 "listen() first",
                                 endpoint.to_string()));
}

// Says when the server begins not to be listed, and when it is again.
class ListingLog {
 public:
  ListingLog(const Server& server, const Instance& instance, std::string_view service)
      : log_(server.logger()),
        what_(fmt::format("tern: \"{}\" is", instance.endpoint.to_string())),
        service_(service) {}

  void take(const Status& status) {
    if (status.code() == Code::kCancelled) return;  // withdrawn
    const bool failed = !status.ok();
    if (std::exchange(failed_, failed) == failed) return;
    log_(failed ? fmt::format("{} not listed under \"{}\"; retrying: {}", what_, service_,
                              status.message())
                : fmt::format("{} listed under \"{}\" now", what_, service_));
  }

 private:
  const std::function<void(std::string_view line)> log_;
  const std::string what_;
  const std::string service_;
  bool failed_ = false;
};

}  // namespace

Status announce(Server& server, Registry& registry, std::string_view service, Instance instance) {
  if (Status failure = complete(server, instance.endpoint); !failure.ok()) return failure;
  if (is_every_address(instance.endpoint)) {
    return wrong(Code::kInvalidArgument,
                 fmt::format("\"{}\" means every address of this machine; say in "
                             "Instance::endpoint which one others can reach, such as "
                             "\"tcp@10.0.0.1:{}\"",
                             instance.endpoint.to_string(), instance.endpoint.port));
  }
  auto log = std::make_shared<ListingLog>(server, instance, service);
  std::unique_ptr<Registration> registration = registry.announce(service, std::move(instance));
  // What no time can change. A registry that is not there yet is no failure.
  Status now = registration->status();
  if (now.code() == Code::kUnimplemented || now.code() == Code::kInvalidArgument) return now;
  registration->on_status([log](const Status& status) { log->take(status); });
  bool taken = server.async_before_stop(
      [registration = std::move(registration)](UniqueFunction<void()> done) {
        registration->async_withdraw(std::move(done));
      });
  if (taken) return {};
  return wrong(Code::kFailedPrecondition, "the server has been stopped");
}

}  // namespace tern
