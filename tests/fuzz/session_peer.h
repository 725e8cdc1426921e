// A client of the session that is fuzzed: it speaks any protocol, well or badly.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

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
  // The first window that it grants to each stream.
  static constexpr std::size_t kStreamWindow = 1024;

  // `options` and `book` outlive this.
  SessionPeer(tern::sim::Via via, const tern::ServerOptions& options, StreamBook& book);

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

  // The same of streams, which not all protocols have. The argument may be null.
  tern::sim::ViaStreams streams() const noexcept { return tern::sim::via_streams(via_); }
  std::string open(std::uint64_t id, const tern::Method& method, const void* argument,
                   const tern::Metadata& metadata, std::chrono::nanoseconds timeout);
  // Any number of bytes, though it be wrong.
  std::string credit(std::uint64_t id, std::uint64_t bytes);
  const tern::Codec& message_codec() const noexcept { return frames_->message_codec(); }
  // Ids that streams had or have, in the order of their first use.
  const std::vector<std::uint64_t>& stream_ids() const noexcept { return stream_ids_; }
  void note_stream(std::uint64_t id) { stream_ids_.push_back(id); }

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

  // Takes what has come, if it reads. False: there was nothing.
  bool receive();
  void set_reads(bool reads) noexcept { reads_ = reads; }
  // Whether the server has read all of it, and it reads, and has not left.
  bool is_heard() { return reads_ && !gone_ && link_.right().unread() == 0; }
  // The server has ended the connection.
  bool is_cut_off() { return link_.left().end_received(); }

  // From now on it need not get every answer: something has befallen it, or it has misbehaved.
  void give_up_answers() noexcept { behaves_ = false; }
  bool behaves() const noexcept { return behaves_; }
  SessionLedger& ledger() noexcept { return ledger_; }

 private:
  std::string write_request(const tern::wire::RequestHead& head, const void* argument);

  const tern::sim::Via via_;
  tern::test::MemoryLink link_;
  SessionLedger ledger_;
  std::string handshake_;
  std::unique_ptr<tern::wire::ClientProtocol> frames_;
  std::vector<std::uint64_t> stream_ids_;
  std::string queue_;
  bool held_ = false;
  bool reads_ = true;
  bool behaves_ = true;
  bool gone_ = false;
};

}  // namespace fuzz
