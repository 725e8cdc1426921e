#include "sim/network.h"

#include <algorithm>
#include <utility>

#include "net/loop.h"
#include "sim/connection.h"

namespace tern::sim {

namespace {

// RFC 8305: so long has the first address before the second is tried.
constexpr std::chrono::milliseconds kNextAddress{250};

}  // namespace

class Network::SimDialer final : public Dialer {
 public:
  SimDialer(Network& network, std::string from) : network_(network), from_(std::move(from)) {}

  std::unique_ptr<Attempt> dial(Loop& loop, const Endpoint& endpoint,
                                std::chrono::nanoseconds timeout, Done done) override {
    auto dialing = std::make_unique<Dialing>(std::move(done));
    std::string name = endpoint.host;
    Host& host = network_.host(name);
    std::chrono::nanoseconds time = host.connect_time;
    if (host.first_address_dead) {
      time += kNextAddress;
      network_.trace().fault(Fault::kDeadFirstAddress);
    }
    bool hangs = host.reachable == Host::Reachable::kHangs || !network_.leads(from_, name);
    if (hangs) network_.trace().fault(Fault::kHangingConnect);
    bool late = hangs || time > timeout;
    if (late && timeout == std::chrono::nanoseconds::max()) return dialing;
    std::shared_ptr<Done> waiting = dialing->done;
    network_.agenda().after(late ? timeout : time,
                            [&network = network_, &loop, waiting, from = from_, name, late,
                             text = endpoint.to_string()] {
                              if (!*waiting) return;
                              loop.post([&network, waiting, from, name, late, text] {
                                come_to(network, waiting, from, name, late, text);
                              });
                            });
    return dialing;
  }

 private:
  struct Dialing final : Attempt {
    explicit Dialing(Done what) : done(std::make_shared<Done>(std::move(what))) {}
    ~Dialing() override { done->reset(); }

    std::shared_ptr<Done> done;
  };

  static void come_to(Network& network, const std::shared_ptr<Done>& waiting,
                      const std::string& from, const std::string& name, bool late,
                      const std::string& text) {
    Done done = std::move(*waiting);
    if (!done) return;
    Host& host = network.host(name);
    if (late) {
      done(Status(Code::kDeadlineExceeded, text + ": not connected in time", HandlerRan::kNo));
    } else if (host.reachable != Host::Reachable::kYes || !host.accept) {
      network.trace().fault(Fault::kRefusedConnect);
      done(Status(Code::kUnavailable, text + ": connection refused", HandlerRan::kNo));
    } else {
      done(network.connect(from, name));
    }
  }

  Network& network_;
  const std::string from_;
};

Network::Network(Loop& loop, Agenda& agenda, Trace& trace, Dice dice,
                 std::function<void(std::string)> on_misuse)
    : loop_(loop), agenda_(agenda), trace_(trace), dice_(dice), on_misuse_(std::move(on_misuse)) {}

Network::~Network() = default;

std::shared_ptr<Dialer> Network::dialer(std::string from) {
  return std::make_shared<SimDialer>(*this, std::move(from));
}

bool Network::leads(const std::string& from, const std::string& name) const {
  return dead_.count(from) == 0 && cuts_.count({from, name}) == 0;
}

void Network::cut(const std::string& from, const std::string& to) {
  cuts_.insert({from, to});
  for (const auto& connection : connections_of(to)) {
    if (connection->from() == from) connection->swallow();
  }
}

void Network::join(const std::string& from, const std::string& to) {
  if (cuts_.erase({from, to}) == 0) return;
  for (const auto& connection : connections_of(to)) {
    if (connection->from() == from) connection->heal();
  }
}

void Network::kill(const std::string& from) {
  dead_.insert(from);
  for (const auto& connection : connections_of({})) {
    if (connection->from() == from) connection->kill(Connection::End::kClient);
  }
}

std::unique_ptr<ByteStream> Network::connect(const std::string& from, const std::string& name) {
  forget_closed();
  auto made = std::make_shared<Connection>(*this, from, name, ++last_connection_);
  connections_.push_back(made);
  trace_.step("connected", made->number());
  std::string number = std::to_string(made->number());
  if (dice_.percent(weather_.reset_at_byte_percent)) {
    auto end = dice_.percent(50) ? Connection::End::kClient : Connection::End::kServer;
    made->reset_at(end, dice_.between(1, 4096));
  }
  std::unique_ptr<ByteStream> client = made->open(Connection::End::kClient, name);
  host(name).accept(loop_, made->open(Connection::End::kServer, "client-" + number));
  return client;
}

void Network::forget_closed() {
  std::erase_if(connections_, [](const auto& connection) { return !connection->open(); });
}

std::vector<std::shared_ptr<Connection>> Network::connections_of(std::string_view host) {
  forget_closed();
  std::vector<std::shared_ptr<Connection>> found;
  for (const auto& connection : connections_) {
    if (host.empty() || connection->host() == host) found.push_back(connection);
  }
  return found;
}

std::shared_ptr<Connection> Network::any_connection(std::string_view host) {
  auto found = connections_of(host);
  if (found.empty()) return nullptr;
  return found[static_cast<std::size_t>(dice_.below(found.size()))];
}

std::size_t Network::open_connections() {
  forget_closed();
  return connections_.size();
}

void Network::heal() {
  weather_ = Weather();
  cuts_.clear();
  for (auto& [name, host] : hosts_) {
    host.reachable = Host::Reachable::kYes;
    host.first_address_dead = false;
    host.connect_time = std::chrono::microseconds(200);
  }
  for (const auto& connection : connections_of({})) connection->heal();
}

}  // namespace tern::sim
