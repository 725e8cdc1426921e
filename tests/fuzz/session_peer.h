// A client of the session that is fuzzed: it speaks any protocol, well or badly.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "fuzz/session_ledger.h"
#include "sim/via.h"
#include "support/memory_stream.h"
#include "tern/codegen/method.h"
#include "tern/codegen/type_ops.h"
#include "tern/server.h"
#include "wire/client_protocol.h"

namespace fuzz {

class SessionPeer {
 public:
  // `options` outlive this.
  SessionPeer(tern::sim::Via via, const tern::ServerOptions& options);

  // The server's end, once.
  std::unique_ptr<tern::ByteStream> open(tern::Loop& loop, std::string name) {
    return link_.right().open(loop, std::move(name));
  }
  tern::test::MemoryEnd& server_end() { return link_.right(); }

  // --- What it can say; "" if its protocol has no words for that ---

  std::string handshake();
  std::string request(std::uint64_t id, const tern::Method& method, const void* argument,
                      const tern::Metadata& metadata, std::chrono::nanoseconds timeout);
  std::string cancel(std::uint64_t id);
  std::string ping(std::uint64_t id);

  // --- How it says it ---

  // Goes out at once, or is held until it is let go, as many bytes as that says.
  void send(std::string_view bytes);
  void hold(bool held) noexcept { held_ = held; }
  bool held() const noexcept { return held_; }
  bool has_unsent() const noexcept { return !queue_.empty(); }
  void let_go(std::size_t bytes);
  void half_close();
  void reset();
  void close();

  // Takes what has come, if it reads.
  void receive();
  void set_reads(bool reads) noexcept { reads_ = reads; }

  // From now on it need not get every answer: something has befallen it, or it has misbehaved.
  void give_up_answers() noexcept { behaves_ = false; }
  bool behaves() const noexcept { return behaves_; }
  SessionLedger& ledger() noexcept { return ledger_; }

 private:
  tern::test::MemoryLink link_;
  SessionLedger ledger_;
  std::string handshake_;
  std::unique_ptr<tern::wire::ClientProtocol> frames_;
  std::string queue_;
  bool held_ = false;
  bool reads_ = true;
  bool behaves_ = true;
  bool gone_ = false;
};

}  // namespace fuzz
