// What peers that ask for too much, or for nothing, cost tern_echo_server and its other clients:
//   tern_limits --port P --server-pid PID --other-port P --what silent|readers|idle|churn|flood
//     [--count N]
// `scripts/bench_limits.sh` runs them all. Prints a line.
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <iterator>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "command_line.h"
#include "echo.service.h"
#include "histogram.h"
#include "measure.h"
#include "tern/client.h"

namespace {

using tern::bench::Histogram;
using tern::bench::now_ns;
using tern::bench::parse_command_line;
using tern::bench::resident_bytes;
using tern::bench::seconds_since;
using tern::bench::wait_until;

constexpr double kMiB = 1024 * 1024;

struct Options {
  std::uint16_t port = 0;
  pid_t server_pid = 0;
  std::uint16_t other_port = 0;  // of a server that a flood of comparison goes to
  std::string what;
  int count = 0;  // 0: as many as the promise is about
};

[[noreturn]] void fail(const char* what) {
  std::fprintf(stderr, "limits: %s: %s\n", what, std::strerror(errno));
  std::exit(1);
}

Options parse(int argc, char** argv) {
  Options options;
  parse_command_line(argc, argv,
                     {{"--port", options.port},
                      {"--server-pid", options.server_pid},
                      {"--other-port", options.other_port},
                      {"--what", options.what},
                      {"--count", options.count}});
  return options;
}

// --- Connections made by hand ---

constexpr std::string_view kOption =
    "{\"MagicNumber\":3927900,\"CodecType\":\"application/x-tern\",\"ConnectTimeout\":0,"
    "\"HandleTimeout\":0,\"Version\":1}\n";

int connect_to(std::uint16_t port) {
  int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) fail("socket");
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  if (::connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) fail("connect");
  return fd;
}

void set_nonblocking(int fd) {
  ::fcntl(fd, F_SETFL, ::fcntl(fd, F_GETFL) | O_NONBLOCK);
}

// The bytes of a call of Make(bytes), as runtime/README.md has them.
std::string make_request(std::uint64_t id, std::int64_t bytes) {
  std::string frame;
  auto put = [&frame](auto value) {
    frame.append(reinterpret_cast<const char*>(&value), sizeof value);
  };
  put(std::uint32_t{28 + 8});
  put(std::uint8_t{1});
  put(std::uint8_t{0});
  put(std::uint16_t{0});
  put(id);
  put(tern::method_id("bench.Echo", "Make"));
  put(std::uint32_t{0});
  put(std::uint64_t{0});
  put(bytes);
  return frame;
}

void send_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    ssize_t n = ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (n < 0) fail("send");
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
}

// --- Clients that behave ---

// Fifty clients that each make one call after another, with pauses.
class Polite {
 public:
  explicit Polite(std::uint16_t port) {
    for (int i = 0; i < 50; ++i) {
      clients_.push_back(
          std::make_unique<tern::Client>("tcp@127.0.0.1:" + std::to_string(port), pool_));
      if (tern::Status status = clients_.back()->connect(); !status.ok()) {
        std::fprintf(stderr, "limits: %s\n", status.to_string().c_str());
        std::exit(1);
      }
    }
  }

  // The latency that 99 of 100 calls do not exceed, in milliseconds. `meanwhile` is called now and
  // then, and ends it with false.
  template <typename F>
  double p99_ms(double seconds, F meanwhile) {
    Histogram seen;
    std::uint64_t start = now_ns();
    std::uint64_t next = start;
    while (seconds_since(start) < seconds) {
      for (auto& client : clients_) {
        std::uint64_t begun = now_ns();
        if (!bench::EchoStub(*client).EchoSample(sample_).get().ok()) ++failed_;
        seen.add(now_ns() - begun);
      }
      if (!meanwhile()) break;
      next += 20'000'000;
      wait_until(next);
    }
    return seen.quantile(0.99) * 1e-6;
  }
  int failed() const { return failed_; }

 private:
  tern::IoPool pool_;
  std::vector<std::unique_ptr<tern::Client>> clients_;
  bench::Sample sample_{1, "user-name-0042", 98.6, {1, 22, 333}};
  int failed_ = 0;
};

// --- What is measured ---

// Half of them say nothing, half of them a byte a second.
void silent(const Options& options) {
  const std::size_t count = options.count > 0 ? static_cast<std::size_t>(options.count) : 10'000;
  Polite polite(options.port);
  double before_ms = polite.p99_ms(5, [] { return true; });
  long resident = resident_bytes(options.server_pid);
  int epoll = ::epoll_create1(EPOLL_CLOEXEC);
  struct One {
    int fd;
    std::uint64_t since;
  };
  std::vector<One> all;
  for (std::size_t i = 0; i < count; ++i) {
    all.push_back({connect_to(options.port), now_ns()});
    set_nonblocking(all.back().fd);
    epoll_event event{};
    event.events = EPOLLIN | EPOLLRDHUP;
    event.data.u64 = i;
    ::epoll_ctl(epoll, EPOLL_CTL_ADD, all.back().fd, &event);
  }
  std::size_t open = count;
  double longest = 0;
  long most = resident;
  std::uint64_t last_drip = 0;
  std::size_t at = 0;
  auto look = [&](int wait_ms) {
    std::array<epoll_event, 512> events;
    int n = ::epoll_wait(epoll, events.data(), static_cast<int>(events.size()), wait_ms);
    for (int i = 0; i < n; ++i) {
      One& one = all[events[i].data.u64];
      ::close(one.fd);
      one.fd = -1;
      longest = std::max(longest, seconds_since(one.since));
      --open;
    }
    if (now_ns() - last_drip > 1'000'000'000) {
      last_drip = now_ns();
      for (std::size_t i = 1; i < all.size(); i += 2) {
        if (all[i].fd >= 0) ::send(all[i].fd, &kOption[at % 80], 1, MSG_NOSIGNAL);
      }
      ++at;
    }
    most = std::max(most, resident_bytes(options.server_pid));
    return true;
  };
  double with_ms = polite.p99_ms(9, [&look] { return look(0); });
  // A drip each second is due meanwhile.
  std::uint64_t waited = now_ns();
  while (open > 0 && seconds_since(waited) < 20) look(100);
  std::printf(
      "silent   %zu connections, every second drips: p99 of 50 clients %.2f ms, %.2f before: %.2f "
      "times; %zu still open, the last closed after %.1f s; server grew by %.1f MiB; %d calls "
      "failed\n",
      count, with_ms, before_ms, with_ms / before_ms, open, longest,
      static_cast<double>(most - resident) / kMiB, polite.failed());
}

void readers(const Options& options) {
  const int count = options.count > 0 ? options.count : 100;
  constexpr int kRequests = 10'000;
  long resident = resident_bytes(options.server_pid);
  std::string requests(kOption);
  for (std::uint64_t id = 1; id <= kRequests; ++id) requests += make_request(id, 1024 * 1024);
  std::vector<int> all;
  for (int i = 0; i < count; ++i) {
    int fd = connect_to(options.port);
    set_nonblocking(fd);
    // What does not fit into the sockets stays here: the server does not read it.
    ::send(fd, requests.data(), requests.size(), MSG_NOSIGNAL);
    all.push_back(fd);
  }
  long most = resident;
  std::uint64_t start = now_ns();
  std::uint64_t next = start;
  while (seconds_since(start) < 10) {
    most = std::max(most, resident_bytes(options.server_pid));
    wait_until(next += 10'000'000);
  }
  std::printf(
      "readers  %d peers with %d requests for 1 MiB each read nothing: server grew by %.2f "
      "MiB a peer\n",
      count, kRequests, static_cast<double>(most - resident) / kMiB / count);
  for (int fd : all) ::close(fd);
}

void idle(const Options& options) {
  const int count = options.count > 0 ? options.count : 10'000;
  std::string opening = std::string(kOption) + make_request(1, 8);
  auto open_one = [&] {
    int fd = connect_to(options.port);
    send_all(fd, opening);
    std::array<char, 1024> reply;
    std::size_t got = 0;
    while (got < 100) {
      ssize_t n = ::recv(fd, reply.data(), reply.size(), 0);
      if (n <= 0) fail("recv");
      got += static_cast<std::size_t>(n);
    }
    return fd;
  };
  std::vector<int> all{open_one()};
  Polite polite(options.port);
  double before_ms = polite.p99_ms(5, [] { return true; });
  long resident = resident_bytes(options.server_pid);
  for (int i = 0; i < count; ++i) all.push_back(open_one());
  long after = resident_bytes(options.server_pid);
  double with_ms = polite.p99_ms(5, [] { return true; });
  std::printf(
      "idle     %d connections after one call: %.0f bytes each; p99 of 50 clients %.2f ms, "
      "%.2f before\n",
      count, static_cast<double>(after - resident) / count, with_ms, before_ms);
}

// How many entries /proc has of a process: its open files are "fd", its threads "task".
long entries(pid_t pid, const char* what) {
  auto all = std::filesystem::directory_iterator("/proc/" + std::to_string(pid) + "/" + what);
  return std::distance(begin(all), end(all));
}

// Looks until the process has no more open files than that, for 20 s at most; the seconds it took.
double wait_for_files(pid_t pid, long files) {
  std::uint64_t start = now_ns();
  std::uint64_t next = start;
  while (entries(pid, "fd") > files && seconds_since(start) < 20) wait_until(next += 1'000'000);
  return seconds_since(start);
}

// What a process has.
struct Holds {
  explicit Holds(pid_t pid)
      : files(entries(pid, "fd")), threads(entries(pid, "task")), resident(resident_bytes(pid)) {}
  long files;
  long threads;
  long resident;
};

void churn(const Options& options) {
  const int count = options.count > 0 ? options.count : 100'000;
  const long files_at_first = entries(options.server_pid, "fd");
  std::string opening = std::string(kOption) + make_request(1, 8);
  // The time until the server has closed them all, after the last one.
  auto come_and_go = [&](int times) {
    for (int i = 0; i < times; ++i) {
      int fd = connect_to(options.port);
      send_all(fd, opening);
      char first = 0;
      if (::recv(fd, &first, 1, 0) != 1) fail("recv");
      if (i % 2 == 0) {  // half of them by a reset
        linger reset{1, 0};
        ::setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
      }
      ::close(fd);
    }
    return wait_for_files(options.server_pid, files_at_first);
  };
  come_and_go(1000);
  Holds before(options.server_pid);
  std::uint64_t start = now_ns();
  double closed_ms = come_and_go(count) * 1e3;
  double seconds = seconds_since(start);
  Holds after(options.server_pid);
  std::printf(
      "churn    %d connections in %.1f s, the last closed after %.1f ms: %+ld files, %+ld threads, "
      "%+.2f MiB\n",
      count, seconds, closed_ms, after.files - before.files, after.threads - before.threads,
      static_cast<double>(after.resident - before.resident) / kMiB);
}

// A header, and 8 bytes.
constexpr std::uint64_t kReplyBytes = 32 + 8;

// One connection that asks `count` times as fast as it can, and reads all replies.
class Flooder {
 public:
  Flooder(std::uint16_t port, std::uint64_t count)
      : fd_(connect_to(port)), awaited_(count * kReplyBytes) {
    send_all(fd_, kOption);
    writer_ = std::thread([this, count] { write(count); });
    reader_ = std::thread([this] { read(); });
  }
  ~Flooder() {
    writer_.join();
    ::shutdown(fd_, SHUT_RDWR);
    reader_.join();
    ::close(fd_);
  }
  bool runs() const { return read_ < awaited_; }

 private:
  void write(std::uint64_t count) {
    std::string some;
    for (std::uint64_t id = 1; id <= count; ++id) {
      some += make_request(id, 8);
      if (id % 1000 != 0 && id != count) continue;
      send_all(fd_, some);
      some.clear();
    }
  }
  void read() {
    std::vector<char> into(256 * 1024);
    for (;;) {
      ssize_t n = ::recv(fd_, into.data(), into.size(), 0);
      if (n <= 0) return;
      read_ += static_cast<std::uint64_t>(n);
    }
  }

  int fd_;
  std::uint64_t awaited_;
  std::atomic<std::uint64_t> read_ = 0;
  std::thread writer_;
  std::thread reader_;
};

// A flood takes processors from the clients, too, when they are on the server's machine. So the
// same flood goes to another server first: what is more than with that is the server's doing.
void flood(const Options& options) {
  const std::uint64_t count =
      options.count > 0 ? static_cast<std::uint64_t>(options.count) : 20'000'000;
  Polite polite(options.port);
  double alone_ms = polite.p99_ms(5, [] { return true; });
  double beside_ms = 0;
  {
    Flooder flooder(options.other_port, count);
    beside_ms = polite.p99_ms(60, [&] { return flooder.runs(); });
  }
  std::uint64_t start = now_ns();
  Flooder flooder(options.port, count);
  double with_ms = polite.p99_ms(60, [&] { return flooder.runs(); });
  double flooded = seconds_since(start);
  std::printf(
      "flood    %llu requests on one connection in %.1f s: p99 of 50 clients %.2f ms; %.2f while "
      "another server is flooded: %.2f times; %.2f alone; %d calls failed\n",
      static_cast<unsigned long long>(count), flooded, with_ms, beside_ms, with_ms / beside_ms,
      alone_ms, polite.failed());
}

}  // namespace

int main(int argc, char** argv) {
  Options options = parse(argc, argv);
  rlimit files{};
  ::getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &files);
  if (options.what == "silent") {
    silent(options);
  } else if (options.what == "readers") {
    readers(options);
  } else if (options.what == "idle") {
    idle(options);
  } else if (options.what == "churn") {
    churn(options);
  } else if (options.what == "flood") {
    flood(options);
  } else {
    tern::bench::refuse_value("--what", options.what, "silent, readers, idle, churn or flood");
  }
  return 0;
}
