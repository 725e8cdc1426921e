// The service of the session that is fuzzed whose methods stream: what its handlers do is in what
// their clients send.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "fuzz/session_stream_ledger.h"
#include "tern/coroutines.h"
#include "tern/result.h"
#include "tern/service.h"
#include "tern/stream.h"

namespace fuzz {

// What Watch does is in its argument, what Upload and Chat do in each message: the first letter
// says what, the next two how many messages are written then, and with how many letters each.
//   w writes; b likewise, without waiting while there is room; i initial metadata, then writes
//   s sleeps for a tenth of a second, then writes; o sleeps for two seconds
//   r is done; e fails, but Watch writes before that and waits until it has left; t throws
//   k keeps the Writer of Watch, for act(); d lets go of the Reader, sleeps, and is done
//   n waits until the server drains, or for a while, and is done
// Chat writes with all others, too; Watch does not.
class SessionFeed final : public tern::Service {
 public:
  enum Position : std::size_t { kWatch, kUpload, kChat };

  // Of one connection there are at most `streams` handlers at once.
  SessionFeed(StreamBook& book, std::size_t streams) noexcept;
  ~SessionFeed() override;

  std::string_view name() const noexcept override { return "feed.Feed"; }
  std::span<const tern::Method> methods() const noexcept override;
  void dispatch(std::size_t method, tern::ServerCall& call) override;
  static const tern::Method& method(Position position);

  // Does something with a Writer that was kept.
  void act(std::uint8_t which, std::uint8_t what);
  // Ends all streams that were kept.
  void finish_kept();

  // Handlers that have begun and not ended.
  std::size_t running() const noexcept { return running_; }

 private:
  class Running;
  struct Kept;
  // What a handler does next.
  enum class Next : std::uint8_t { kGoesOn, kReturns, kFails, kDropsReader };
  using Writer = tern::Writer<std::string>;
  using Reader = tern::Reader<std::string>;

  tern::Reply<void> watch(tern::ServerContext& context, std::string text, Writer out);
  asio::awaitable<tern::Result<void>> write_all(tern::ServerContext& context, std::string text,
                                                Writer out);
  asio::awaitable<tern::Result<std::string>> upload(tern::ServerContext& context, Reader in);
  asio::awaitable<tern::Result<void>> chat(tern::ServerContext& context, Reader in, Writer out);

  asio::awaitable<bool> read(Running& running, Reader& in, std::string& text);
  asio::awaitable<bool> write(Running& running, Writer& out, const std::string& text);
  asio::awaitable<Next> obey(tern::ServerContext& context, Running& running,
                             const std::string& text);

  StreamBook& book_;
  const std::size_t streams_;
  std::size_t running_ = 0;
  std::map<std::string, std::size_t, std::less<>> of_peer_;
  std::vector<std::unique_ptr<Kept>> kept_;
};

}  // namespace fuzz
