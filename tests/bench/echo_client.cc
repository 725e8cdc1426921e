// Load on the Echo service of echo.rpc: callbacks, all connections on one loop.
//   tern_echo_client --port P --server-pid PID …      see load.h; prints RESULT
//   tern_echo_client --port P --calls N …             makes N calls and ends: to count instructions
#include <unistd.h>

#include <asio/executor_work_guard.hpp>
#include <asio/io_context.hpp>
#include <asio/post.hpp>
#include <cstring>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "echo.service.h"
#include "load.h"
#include "measure.h"
#include "tern/client.h"
#include "tern/cluster.h"
#include "tern/server_list.h"
#include "tern/tls.h"

namespace {

using tern::bench::Load;

class Driver {
 public:
  Driver(const tern::bench::Options& options, asio::io_context& io, tern::IoPool& pool)
      : options_(options), io_(io), pool_(pool) {
    sample_ = bench::Sample(1234567890123, "user-name-0042", 98.6,
                            {1, 22, 333, 4444, 55555, 666666, 7777777, 88888888});
    for (std::size_t i = 0; i < options.bytes; ++i) {
      blob_.push_back(static_cast<std::byte>('a' + i % 23));
    }
    address_ = options.protocol + (options.protocol.empty() ? "" : "+") +
               (options.certificates.empty() ? "tcp" : "tls") +
               "@127.0.0.1:" + std::to_string(options.port);
    tern::ClientOptions& client_options = client_options_;
    // One of the workloads has eight messages of 1 MiB in flight.
    client_options.limits.unsent_bytes = 64 * 1024 * 1024;
    client_options.gather_replies = std::chrono::microseconds(options.gather_us);
    if (!options.certificates.empty()) {
      tern::tls::CertificateFiles files;
      files.authorities = options.certificates + "/authority.pem";
      auto credentials = tern::tls::channel_credentials(files);
      if (!credentials.ok()) Load::fail(credentials.status().to_string());
      client_options.credentials = *credentials;
    }
    for (int i = 0; i < options.connections; ++i) {
      channels_.push_back(make_channel(address_, pool, client_options));
      stubs_.emplace_back(*channels_.back());
    }
  }

  // One call on each connection, so that all are there; then `ready`.
  void connect_all(std::function<void()> ready) {
    waiting_ = stubs_.size();
    ready_ = std::move(ready);
    const std::size_t at_once =
        options_.at_once > 0 ? static_cast<std::size_t>(options_.at_once) : stubs_.size();
    for (std::size_t i = 0; i < at_once && i < stubs_.size(); ++i) connect_next();
  }

  void begin(Load& load) {
    load_ = &load;
    if (options_.fresh) {
      for (int i = 0; i < options_.depth; ++i) repeat_fresh(tern::bench::now_ns());
      return;
    }
    for (bench::EchoStub& stub : stubs_) {
      for (int i = 0; i < options_.depth; ++i) repeat(stub, tern::bench::now_ns());
    }
  }

  // Makes options.calls calls on each connection and looks at no clock; then `ended`.
  void make_calls(std::function<void()> ended) {
    unanswered_ = static_cast<std::uint64_t>(options_.calls) * stubs_.size();
    ended_ = std::move(ended);
    for (bench::EchoStub& stub : stubs_) {
      for (int i = 0; i < options_.depth; ++i) {
        repeat_counted(stub, (options_.calls + i) / options_.depth);
      }
    }
  }

 private:
  std::unique_ptr<tern::Channel> make_channel(const std::string& address, tern::IoPool& pool,
                                              const tern::ClientOptions& client_options) {
    if (!options_.through_cluster) {
      return std::make_unique<tern::Client>(address, pool, client_options);
    }
    tern::Result<std::shared_ptr<tern::ServerList>> servers = tern::ServerList::of({address});
    if (!servers.ok()) Load::fail(servers.status().to_string());
    tern::ClusterOptions cluster_options;
    cluster_options.client.limits = client_options.limits;
    return std::make_unique<tern::Cluster>(*servers, pool, cluster_options);
  }

  void connect_next() {
    if (connecting_ == stubs_.size()) return;
    call(stubs_[connecting_++], [this] {
      if (--waiting_ == 0) {
        ready_();
      } else {
        connect_next();
      }
    });
  }

  template <typename F>
  void call(bench::EchoStub& stub, F done) {
    if (options_.is_struct()) {
      stub.EchoSample(sample_).then([done](tern::Result<bench::Sample> reply) {
        if (!reply.ok() || reply->id != 1234567890123) Load::fail(reply.status().to_string());
        done();
      });
    } else {
      stub.Blob(blob_).then([this, done](tern::Result<std::vector<std::byte>> reply) {
        if (!reply.ok() || reply->size() != blob_.size()) Load::fail(reply.status().to_string());
        done();
      });
    }
  }

  void repeat(bench::EchoStub& stub, std::uint64_t start) {
    call(stub, [this, &stub, start] { repeat(stub, load_->done(start)); });
  }

  // One call on a connection of its own, and then the next.
  void repeat_fresh(std::uint64_t start) {
    auto client = std::make_shared<tern::Client>(address_, pool_, client_options_);
    auto stub = std::make_shared<bench::EchoStub>(*client);
    call(*stub, [this, client, stub, start] {
      const std::uint64_t next = load_->done(start);
      // Not from within the client that is to go.
      asio::post(io_, [this, client, stub, next] { repeat_fresh(next); });
    });
  }

  // `calls` of them, one after another.
  void repeat_counted(bench::EchoStub& stub, int calls) {
    if (calls == 0) return;
    call(stub, [this, &stub, calls] {
      if (--unanswered_ == 0) return ended_();
      repeat_counted(stub, calls - 1);
    });
  }

  const tern::bench::Options& options_;
  asio::io_context& io_;
  tern::IoPool& pool_;
  std::string address_;
  tern::ClientOptions client_options_;
  bench::Sample sample_;
  std::vector<std::byte> blob_;
  std::vector<std::unique_ptr<tern::Channel>> channels_;
  std::vector<bench::EchoStub> stubs_;
  std::size_t connecting_ = 0;  // the next one to be
  std::size_t waiting_ = 0;
  std::function<void()> ready_;
  Load* load_ = nullptr;
  std::uint64_t unanswered_ = 0;
  std::function<void()> ended_;
};

}  // namespace

int main(int argc, char** argv) {
  tern::bench::Options options = tern::bench::parse_options(argc, argv);
  const long resident_before = tern::bench::resident_bytes(options.server_pid);
  const long own_before = tern::bench::resident_bytes(::getpid());
  asio::io_context io{1};
  auto work = asio::make_work_guard(io);
  tern::IoPool pool(io);
  Driver driver(options, io, pool);
  std::unique_ptr<Load> load;
  driver.connect_all([&] {
    if (options.calls > 0) return driver.make_calls([&io] { io.stop(); });
    if (options.idle > 0) Load::report_idle(options, resident_before, own_before);
    load = std::make_unique<Load>(options);
    driver.begin(*load);
  });
  io.run();
  return 0;
}
