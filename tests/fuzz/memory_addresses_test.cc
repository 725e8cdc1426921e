// What a server says to peers who ask for nothing good, in every protocol: no address of its memory
// is in it, and no text of an exception unless that was chosen.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <new>
#include <optional>
#include <regex>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "fuzz/session_peer.h"
#include "serve/sample_service.h"
#include "sim/via.h"
#include "support/memory_addresses.h"
#include "support/memory_stream.h"
#include "support/test_loop.h"
#include "tern/blocking.h"
#include "tern/http_registry.h"
#include "tern/interceptor.h"
#include "tern/server.h"

namespace fuzz {
namespace {

using namespace std::chrono_literals;
using tern::sim::Via;
using tern::test::SampleService;
using ::testing::HasSubstr;
using ::testing::Optional;

// But the last ones, over HTTP/2, whose texts are compressed by HPACK. They have them from the same
// place.
constexpr std::array<Via, static_cast<std::size_t>(Via::kGrpc)> all_vias() {
  std::array<Via, static_cast<std::size_t>(Via::kGrpc)> all{};
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = static_cast<Via>(i);
  return all;
}

// What a program might write into an exception.
std::string an_address() {
  static const int kSomewhere = 0;
  return fmt::format("the object at {}", fmt::ptr(&kSomewhere));
}

// Fails in each way that a handler has.
class FailingService final : public SampleService {
 public:
  tern::Reply<std::string> Echo(tern::ServerContext& context, std::string text) override {
    if (text == "throws") throw std::runtime_error(an_address());
    if (text == "throws no exception") throw 5;
    if (text == "out of memory") throw std::bad_alloc();
    if (text == "throws later") return throw_later();
    if (text == "throws in a worker") {
      return tern::blocking(
          context, []() -> tern::Result<std::string> { throw std::runtime_error(an_address()); });
    }
    return tern::Status(tern::Code::kAborted, "a failure");
  }
  tern::Reply<double> Measure(tern::ServerContext&, std::string text) override {
    return std::stod(text);
  }
  tern::Reply<void> Touch(tern::ServerContext&) override { return {}; }

 private:
  static asio::awaitable<tern::Result<std::string>> throw_later() {
    throw std::runtime_error(an_address());
    co_return std::string();
  }
};

// Lets no call of Touch through.
class ThrowingInterceptor final : public tern::Interceptor {
  tern::Status on_start(tern::InterceptedCall& call) override {
    if (call.method.name == "Touch") throw std::runtime_error(an_address());
    return {};
  }
};

class AddressesOfMemory : public testing::Test {
 protected:
  AddressesOfMemory() { make_server(false); }
  ~AddressesOfMemory() override {
    server_->async_stop(0ns, [] {});
    pass_time();
  }

  void make_server(bool send_exception_text) {
    options_ = tern::ServerOptions();
    options_.blocking_executor = loop_.io().get_executor();
    options_.page_executor = loop_.io().get_executor();
    options_.loop_lag_limit = 0ns;
    options_.log = [](std::string_view) {};
    options_.limits.option_bytes = 640;
    options_.limits.method_name_bytes = 32;
    options_.limits.metadata_bytes = 64;
    options_.limits.message_bytes = 256;
    options_.limits.calls_in_flight = 3;
    options_.handle_timeout = 500ms;
    options_.interceptors = {std::make_shared<ThrowingInterceptor>()};
    options_.send_exception_text = send_exception_text;
    if (server_) server_->async_stop(0ns, [] {});
    pass_time();
    server_ = std::make_unique<tern::Server>(loop_.pool(), options_);
    ASSERT_TRUE(server_->add(std::make_shared<FailingService>()).ok());
    tern::HttpRegistryServerOptions registry;
    registry.token = "a secret";
    ASSERT_TRUE(tern::add_http_registry(*server_, registry).ok());
  }

  // All that the server says to a peer that sends this, and then leaves.
  std::string say(std::string_view bytes) {
    tern::test::MemoryLink link;
    server_->serve(loop_.loop(), link.right().open(loop_.loop(), "peer"));
    link.left().send(bytes);
    loop_.settle();
    pass_time();
    link.left().shutdown_write();
    pass_time();
    std::string said = link.left().take_received();
    link.left().close();
    loop_.settle();
    return said;
  }
  std::string handshake(Via via) { return SessionPeer(via, options_, book_).handshake(); }
  // A call of each method, with each of its failures, one connection each.
  std::string failures(Via via, const std::vector<std::string>& texts) {
    std::string all;
    for (const std::string& text : texts) {
      for (auto method : {SampleService::kEcho, SampleService::kMeasure}) {
        all += say(handshake(via) + request(via, method, &text));
      }
    }
    const tern::Nothing nothing;
    return all + say(handshake(via) + request(via, SampleService::kTouch, &nothing));
  }

  void expect_no_address(std::string_view said) {
    // The number that the peer has sent.
    static const std::regex kMethodId("no method of the id 0x[0-9a-f]{8} ");
    const std::string rest = std::regex_replace(std::string(said), kMethodId, "");
    EXPECT_EQ(addresses_.find(rest), std::nullopt) << testing::PrintToString(rest);
    EXPECT_EQ(rest.find("the object at"), rest.npos) << testing::PrintToString(rest);
  }

 private:
  std::string request(Via via, SampleService::Position method, const void* argument) {
    return SessionPeer(via, options_, book_)
        .request(1, SampleService::method(method), argument, {}, 0ns);
  }
  void pass_time() {
    for (int i = 0; i < 3; ++i) loop_.advance(1s);
  }

  tern::test::TestLoop loop_;
  tern::ServerOptions options_;
  StreamBook book_;
  std::unique_ptr<tern::Server> server_;
  const tern::test::MemoryAddresses addresses_;
};

TEST_F(AddressesOfMemory, AreFoundAsTextAndAsBytes) {
  const tern::test::MemoryAddresses addresses;
  EXPECT_THAT(addresses.find("a 0x12ab5 and " + an_address()), Optional(HasSubstr("0x")));
  const auto here = std::make_unique<int>();
  const int* pointer = here.get();
  std::string bytes = "some";
  bytes.append(reinterpret_cast<const char*>(&pointer), sizeof pointer);
  EXPECT_THAT(addresses.find(bytes + "more"), Optional(HasSubstr("at byte 4")));
  EXPECT_EQ(addresses.find(std::string("0x12ab5 and 7\0\0\0\0\0\0\0", 21)), std::nullopt);
}

const std::vector<std::string> kFailures = {"fails",
                                            "throws",
                                            "throws no exception",
                                            "out of memory",
                                            "throws later",
                                            "throws in a worker",
                                            "nan",
                                            "no number",
                                            "1e999",
                                            std::string(300, 'x')};

TEST_F(AddressesOfMemory, AreInNoAnswerToACallThatFails) {
  for (Via via : all_vias()) {
    SCOPED_TRACE(tern::sim::via_name(via));
    const std::string said = failures(via, kFailures);
    expect_no_address(said);
    EXPECT_THAT(said, HasSubstr("a failure"));
    EXPECT_THAT(said, HasSubstr("threw an exception"));
    EXPECT_THAT(said, HasSubstr("interceptor"));
  }
}

// So the test above would see them.
TEST_F(AddressesOfMemory, AreInAnAnswerIfTheTextOfExceptionsIsSent) {
  make_server(true);
  for (Via via : all_vias()) {
    for (const char* how : {"throws", "throws later", "throws in a worker"}) {
      EXPECT_THAT(failures(via, {how}), HasSubstr(an_address()))
          << tern::sim::via_name(via) << " " << how;
    }
  }
}

// Each input that a fuzzer's target has, behind the handshake of each protocol and without one.
TEST_F(AddressesOfMemory, AreInNoAnswerToAnythingThatAPeerSends) {
  std::set<std::string> answers;
  auto try_one = [&](const std::string& bytes) {
    const std::string said = say(bytes);
    expect_no_address(said);
    answers.insert(said);
  };
  for (const char* corpus : {"native_frames", "go_rpc", "gee_json", "json_rpc", "http", "handshake",
                             "sniff", "http_registry"}) {
    const std::filesystem::path folder = std::filesystem::path(TERN_FUZZ_CORPORA) / corpus;
    for (const auto& file : std::filesystem::directory_iterator(folder)) {
      SCOPED_TRACE(file.path());
      std::ifstream in(file.path(), std::ios::binary);
      const std::string bytes(std::istreambuf_iterator<char>(in), {});
      try_one(bytes);
      for (Via via : all_vias()) try_one(handshake(via) + bytes);
      if (HasFailure()) return;
    }
  }
  // The corpora reach the refusals, whatever becomes of them.
  EXPECT_GT(answers.size(), 300u);
}

// What is said over HTTP to who asks for pages and registers servers.
TEST_F(AddressesOfMemory, AreInNoAnswerOfARegistry) {
  for (const char* path : {"/_geerpc_/registry", "/_myrpc_/registry"}) {
    for (const char* verb : {"GET", "POST", "DELETE", "PUT"}) {
      for (const char* headers :
           {"", "Authorization: Bearer wrong\r\n", "Authorization: Bearer a secret\r\n",
            "Authorization: Bearer a secret\r\nX-Geerpc-Server: nonsense\r\n",
            "Authorization: Bearer a secret\r\nX-Geerpc-Server: tcp@a:1\r\nX-Tern-Weight: x\r\n",
            "Origin: http://evil.example\r\n"}) {
        const std::string said =
            say(fmt::format("{} {} HTTP/1.1\r\nHost: here\r\n{}\r\n", verb, path, headers));
        EXPECT_THAT(said, HasSubstr("HTTP/1.1 ")) << verb << " " << headers;
        expect_no_address(said);
        EXPECT_EQ(said.find("a secret"), said.npos) << said;
      }
    }
  }
}

}  // namespace
}  // namespace fuzz
