// The handlers of relay.Relay: see relay.h.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "call/relay.h"
#include "tern/service.h"
#include "tern/stream.h"

namespace tern::test::relay {

// Watch takes what it is to do as text: "send 3 100" sends three messages of 100 bytes; "fail"
// sends one and ends with kNotFound; "ask 3 100" sends what its caller sends, being asked for
// "send 3 100"; all else sends messages of 10,000 bytes without end. Upload
// answers with the number of bytes that came, Chat sends back what comes.
class RelayService final : public Service {
 public:
  std::string_view name() const noexcept override { return "relay.Relay"; }
  std::span<const Method> methods() const noexcept override { return relay::methods(); }
  void dispatch(std::size_t method, ServerCall& call) override;

  // Handlers that have begun and not ended.
  int running() const noexcept { return running_; }
  // Handlers that have begun, ever.
  int started() const noexcept { return started_; }

 private:
  class Running;

  asio::awaitable<Result<void>> watch(std::string what, Writer<std::string> out);
  asio::awaitable<Result<void>> ask(Channel& caller, std::string what, Writer<std::string> out);
  asio::awaitable<Result<std::int64_t>> upload(Reader<std::string> in);
  asio::awaitable<Result<void>> chat(Reader<std::string> in, Writer<std::string> out);

  int running_ = 0;
  int started_ = 0;
};

}  // namespace tern::test::relay
