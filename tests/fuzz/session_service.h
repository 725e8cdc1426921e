// The service of the session that is fuzzed: what its handlers do is in the argument.
#pragma once

#include <cstddef>
#include <map>
#include <string>

#include "serve/sample_service.h"
#include "tern/coroutines.h"
#include "tern/result.h"

namespace fuzz {

// The first letter of Echo's argument says what becomes of the call: s, it sleeps as many tenths of
// a second as the next one says; o, it sleeps on when it has been cancelled; p, it works in the
// pool; e, it fails; t, it throws; l, it answers with much. All others are answered at once.
class SessionService final : public tern::test::SampleService {
 public:
  static constexpr std::size_t kLongAnswer = 600;

  // Of one connection there are at most `calls` handlers at once.
  explicit SessionService(std::size_t calls) noexcept : calls_(calls) {}

  tern::Reply<std::string> Echo(tern::ServerContext& context, std::string text) override;
  tern::Reply<double> Measure(tern::ServerContext& context, std::string text) override;
  tern::Reply<void> Touch(tern::ServerContext& context) override;

  // Handlers that have begun and not ended.
  std::size_t running() const noexcept { return running_; }

 private:
  class Running;

  asio::awaitable<tern::Result<std::string>> sleep(tern::ServerContext& context, std::string text);

  const std::size_t calls_;
  std::size_t running_ = 0;
  std::map<std::string, std::size_t, std::less<>> of_peer_;
};

}  // namespace fuzz
