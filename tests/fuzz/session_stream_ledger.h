// The streams of one connection of the session that is fuzzed, by their ids.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "fuzz/session_stream.h"
#include "tern/limits.h"
#include "wire/method_finder.h"
#include "wire/server_protocol.h"

namespace fuzz {

// The streams of all connections, for their handlers. The client gives each a number, in metadata.
class StreamBook {
 public:
  // What the number is called.
  static constexpr std::string_view kKey = "n";

  // Null if there is none, or it is not clear which one is meant.
  std::shared_ptr<SessionStream> find(std::string_view serial) const;
  // If another one has its number, both are blurred.
  void add(const std::shared_ptr<SessionStream>& stream);

 private:
  std::map<std::string, std::shared_ptr<SessionStream>, std::less<>> streams_;
};

// The methods that are served, streams and others.
class SessionMethods final : public tern::wire::MethodFinder {
 public:
  const tern::Method* find_method(std::string_view name) const noexcept override;
  static const tern::Method* find_id(std::uint32_t id) noexcept;
};

class StreamLedger {
 public:
  // What becomes of a connection with a frame.
  enum class Outcome : std::uint8_t { kLives, kMayEnd, kEnds };

  StreamLedger(StreamBook& book, const tern::Limits& limits) : book_(book), limits_(limits) {}

  // Frames that the client has sent. `id_is_taken`: a request with this id has not been answered.
  void opened(tern::wire::ServerProtocol& reader, const tern::wire::Frame& frame, bool id_is_taken);
  // A request that opens none. False: its id is that of a stream that may go on.
  bool asked(std::uint64_t id) noexcept;
  Outcome said(const tern::wire::Frame& frame, bool id_is_taken);
  // False: it may be the end of something that is no stream.
  bool cancelled(std::uint64_t id, bool id_is_taken) noexcept;

  // A frame of the server's, of any kind.
  void came(const tern::wire::Frame& frame);

  // Pings of the server's that were not asked for before.
  std::size_t take_pings() noexcept { return std::exchange(pings_, 0); }

  // Those that were cancelled and not answered, and need not be.
  std::size_t given_up() const noexcept { return given_up_; }
  // See SessionStream. Nothing is on its way.
  void expect_settled() const;
  // With the id of each that the client can go on with.
  void for_each(const std::function<void(std::uint64_t id, const SessionStream&)>& visit) const;

 private:
  SessionStream* find(std::uint64_t id) const noexcept;

  StreamBook& book_;
  const tern::Limits& limits_;
  // Null: the id has become that of another call.
  std::map<std::uint64_t, std::shared_ptr<SessionStream>> streams_;
  std::size_t given_up_ = 0;
  std::size_t pings_ = 0;
};

}  // namespace fuzz
