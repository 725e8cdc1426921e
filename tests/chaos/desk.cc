#include "chaos/desk.h"

#include <stdexcept>

#include "chaos/time_limits.h"
#include "tern/http_registry.h"

namespace tern::chaos {

Desk::Desk(Town& town, const std::string& host)
    : history_(town.new_history("drill")), next_(Nonce{town.new_caller()} << kCallerShift) {
  Network::run_on(host, [this] { pool_ = std::make_unique<IoPool>(1); });
}

RecordedCall Desk::call(std::optional<Nanoseconds> timeout, Nanoseconds work) {
  RecordedCall made;
  made.order.nonce = ++next_;
  made.options.timeout = timeout;
  made.once_only = true;
  if (work > Nanoseconds(0)) {
    made.order.deed = till::Deed::Wait;
    made.order.work = work;
  }
  return made;
}

Result<till::Receipt> Desk::get(Channel& channel, const RecordedCall& made) {
  Result<till::Receipt> result = made.start(channel, 0, history_).get();
  made.write_end(result, history_);
  return result;
}

ClientOptions client_options(bool impatient) {
  ClientOptions options;
  if (impatient) make_impatient(options);
  options.log = [](std::string_view) {};
  return options;
}

ClusterOptions cluster_options() {
  ClusterOptions options;
  options.client = client_options(true);
  return options;
}

std::shared_ptr<Discovery> discover(const Town& town, IoPool& pool) {
  auto registry = open_http_registry(town.registry_where(), pool);
  if (!registry.ok()) throw std::runtime_error(registry.status().to_string());
  return (*registry)->discover("Till");
}

Calling::Calling(Desk& desk, Channel& channel, Nanoseconds timeout, Nanoseconds pause)
    : thread_([this, &desk, &channel, timeout, pause] {
        while (!ended_) {
          Result<till::Receipt> result = desk.get(channel, desk.call(timeout));
          ++calls_;
          if (!result.ok()) {
            ++failed_;
            last_failure_ = result.status().to_string();
          }
          std::this_thread::sleep_for(pause);
        }
      }) {}

void Calling::stop() {
  ended_ = true;
  if (thread_.joinable()) thread_.join();
}

}  // namespace tern::chaos
