#include "chaos/network.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <stdexcept>
#include <system_error>
#include <thread>
#include <utility>

namespace tern::chaos {

namespace {

bool run(const std::string& command) {
  return std::system((command + " >>/dev/null 2>&1").c_str()) == 0;
}

std::string output_of(const std::string& command) {
  std::string output;
  FILE* pipe = ::popen(command.c_str(), "r");
  if (pipe == nullptr) return output;
  for (int byte = 0; (byte = std::fgetc(pipe)) != EOF;) output += static_cast<char>(byte);
  ::pclose(pipe);
  return output;
}

void must_run(const std::string& command) {
  if (std::system((command + " >/dev/null").c_str()) != 0) {
    throw std::runtime_error("this has failed: " + command);
  }
}

bool write_file(const std::string& path, std::string_view text) {
  std::ofstream file(path);
  file << text;
  file.flush();
  return file.good();
}

Status missing_part(std::string what) {
  return Status(Code::kFailedPrecondition, std::move(what), HandlerRan::kNo);
}

// As root, or as a user who is root in a namespace of users of their own.
Status enter_namespaces() {
  constexpr int kOwn = CLONE_NEWNET | CLONE_NEWNS;
  const uid_t user = ::getuid();
  const gid_t group = ::getgid();
  if (::unshare(kOwn) != 0) {
    if (::unshare(kOwn | CLONE_NEWUSER) != 0) {
      return missing_part(fmt::format(
          "no network namespace can be made (it takes CAP_SYS_ADMIN, or namespaces of users): {}",
          std::generic_category().message(errno)));
    }
    write_file("/proc/self/setgroups", "deny");
    if (!write_file("/proc/self/uid_map", fmt::format("0 {} 1", user)) ||
        !write_file("/proc/self/gid_map", fmt::format("0 {} 1", group))) {
      return missing_part("no users can be named in a namespace of users");
    }
  }
  // Names of namespaces that nobody else sees.
  if (::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 ||
      ::mount("tmpfs", "/run", "tmpfs", 0, nullptr) != 0 || ::mkdir("/run/netns", 0755) != 0) {
    return missing_part("no file systems can be mounted in a mount namespace of its own");
  }
  return {};
}

// Whether `ss -K` ends a connection: not every kernel has that.
bool can_destroy_sockets() {
  int listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  int client = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* where = reinterpret_cast<sockaddr*>(&address);
  bool good = ::bind(listener, where, size) == 0 && ::listen(listener, 1) == 0 &&
              ::getsockname(listener, where, &size) == 0 && ::connect(client, where, size) == 0;
  if (good) {
    run(fmt::format("ss -K -tn state established dport = :{}", ntohs(address.sin_port)));
    char byte = 0;
    good = ::recv(client, &byte, 1, MSG_DONTWAIT) < 0 && errno != EAGAIN && errno != EWOULDBLOCK;
  }
  ::close(client);
  ::close(listener);
  return good;
}

}  // namespace

Result<std::unique_ptr<Network>> Network::make() {
  for (const char* program : {"ip", "ss", "tc", "nft", "nsenter"}) {
    if (!run(fmt::format("command -v {}", program))) {
      return missing_part(fmt::format("there is no program \"{}\"", program));
    }
  }
  if (Status entered = enter_namespaces(); !entered.ok()) return entered;
  if (!run("ip link set lo up") || !run("ip netns add probe") ||
      !run("ip link add probe type veth peer name eth0 netns probe")) {
    return missing_part("no link between two network namespaces can be made (CAP_NET_ADMIN, veth)");
  }
  if (!write_file("/proc/sys/net/ipv4/ip_forward", "1")) {
    return missing_part("no packets can be passed on between network namespaces");
  }
  std::unique_ptr<Network> made(new Network());
  made->has_nft_ =
      run("nft add table inet chaos") &&
      run("nft 'add chain inet chaos forward { type filter hook forward priority 0; }'");
  made->has_tbf_ = run("tc qdisc add dev probe root tbf rate 1mbit burst 32k latency 50ms");
  run("tc qdisc del dev probe root");
  made->has_netem_ = run("tc qdisc add dev probe root netem delay 1ms");
  made->destroys_sockets_ = can_destroy_sockets();
  run("ip link del probe");
  run("ip netns del probe");
  return made;
}

std::string Network::missing(Fault fault) const {
  switch (fault) {
    case Fault::kRegistryDropped:
    case Fault::kPairDropped:
    case Fault::kOneWayDropped:
    case Fault::kPairReset:
    case Fault::kPortRejected:
      return has_nft_ ? "" : "the kernel has no nf_tables";
    case Fault::kConnectionsDestroyed:
      return destroys_sockets_ ? "" : "the kernel has no INET_DIAG_DESTROY";
    case Fault::kSlowLink:
      return has_tbf_ ? "" : "the kernel has no sch_tbf";
    case Fault::kLossyLink:
      return has_netem_ ? "" : "the kernel has no sch_netem";
    default:
      return "";
  }
}

void Network::add_host(const std::string& name) {
  hosts_.push_back(name);
  const std::string net = fmt::format("10.77.{}.", hosts_.size());
  must_run("ip netns add " + name);
  must_run(fmt::format("ip link add {0} type veth peer name eth0 netns {0}", name));
  must_run(fmt::format("ip addr add {}1/30 dev {}", net, name));
  must_run(fmt::format("ip link set {} up", name));
  must_run(fmt::format("ip -n {} link set lo up", name));
  must_run(fmt::format("ip -n {} addr add {}2/30 dev eth0", name, net));
  must_run(fmt::format("ip -n {} link set eth0 up", name));
  must_run(fmt::format("ip -n {} route add default via {}1", name, net));
}

std::string Network::address(const std::string& host) const {
  auto found = std::find(hosts_.begin(), hosts_.end(), host);
  return fmt::format("10.77.{}.2", found - hosts_.begin() + 1);
}

std::vector<std::string> Network::on(const std::string& host, std::vector<std::string> command) {
  command.insert(command.begin(), {"nsenter", "--net=/run/netns/" + host, "--"});
  return command;
}

void Network::run_on(const std::string& host, const std::function<void()>& work) {
  std::thread thread([&] {
    const int there = ::open(("/run/netns/" + host).c_str(), O_RDONLY | O_CLOEXEC);
    if (there < 0 || ::setns(there, CLONE_NEWNET) != 0) {
      throw std::system_error(errno, std::generic_category(), "the network of " + host);
    }
    ::close(there);
    work();
  });
  thread.join();
}

std::shared_ptr<Network::Rule> Network::rule(std::string text) {
  rules_.push_back(std::move(text));
  apply_rules();
  return std::make_shared<Rule>(*this, std::prev(rules_.end()));
}

Network::Rule::~Rule() {
  network_.rules_.erase(text_);
  network_.apply_rules();
}

// All of them at once.
void Network::apply_rules() {
  std::string script = "flush chain inet chaos forward\n";
  for (const std::string& rule : rules_) script += "add rule inet chaos forward " + rule + "\n";
  FILE* nft = ::popen("nft -f -", "w");
  const bool written = nft != nullptr && std::fputs(script.c_str(), nft) >= 0;
  if (nft == nullptr || ::pclose(nft) != 0 || !written) {
    throw std::runtime_error("nft refuses:\n" + script);
  }
}

bool Network::shape(const std::string& host, const std::string& qdisc) {
  return run(fmt::format("tc qdisc replace dev {} root {}", host, qdisc));
}

void Network::unshape(const std::string& host) {
  run(fmt::format("tc qdisc del dev {} root", host));
}

int Network::destroy_connections(const std::string& host, std::uint16_t port) {
  const std::string lines = output_of(fmt::format(
      "nsenter --net=/run/netns/{} -- ss -K -H -tn state established sport = :{}", host, port));
  return static_cast<int>(std::count(lines.begin(), lines.end(), '\n'));
}

std::string Network::sockets(const std::string& host) {
  return output_of(fmt::format("nsenter --net=/run/netns/{} -- ss -tanop", host));
}

}  // namespace tern::chaos
