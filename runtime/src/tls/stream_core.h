// What a stream with TLS consists of, and what it waits for.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "net/loop.h"
#include "tern/byte_stream.h"
#include "tls/failure.h"
#include "tls/handshake.h"
#include "tls/plaintext_refusal.h"
#include "tls/records.h"

namespace tern::tls {

// A handshake, and then records or plaintext. Kept by the stream, and by what it waits for. Its
// functions are those of ByteStream. Threads: the loop's.
class StreamCore final : public ByteStreamUser,
                         public Handshaking,
                         public std::enable_shared_from_this<StreamCore> {
 public:
  StreamCore(Loop& loop, std::unique_ptr<ByteStream> inner, StreamSetup setup);

  // Once, one of them, before all else.
  void begin_server();
  void begin_client();

  IoResult read_some(std::span<std::byte> into);
  IoResult write_some(std::span<const ByteView> pieces);
  bool write_begun() const noexcept { return phase_ == Phase::kOpen && records_->write_begun(); }
  void wait_readable(std::shared_ptr<ByteStreamUser> user);
  void wait_writable(std::shared_ptr<ByteStreamUser> user);
  void shutdown_write() noexcept;
  void close() noexcept;

  ByteStream& inner() noexcept { return *inner_; }
  const std::string& error_text() const noexcept { return why_.text; }
  bool established() const noexcept { return !handshake_ || !handshake_->begun(); }
  // Of the handshake that is done; valid as long as this object.
  std::string_view application_protocol() const noexcept {
    return records_ ? session_.application_protocol() : std::string_view();
  }
  const std::shared_ptr<const PeerCertificate>& peer_certificate() const noexcept { return peer_; }

 private:
  enum class Phase : std::uint8_t {
    kHandshake,
    kOpen,
    kPlaintext,  // passed on as it is
    kRefusing,   // the peer speaks plaintext, and is told so
    kFailed,
    kClosed
  };

  bool under_way() const noexcept override { return handshake_ && handshake_->under_way(); }
  void go_on() override;
  void on_readable() override;
  void on_writable() override;
  void on_ready(Needs what);

  void take_step();
  void open();
  void refuse();
  void drain_refused();
  void end_refusal();
  void fail_handshake();
  void fail(const Failure& why);
  bool is_readable() const noexcept;
  IoResult error() const;

  bool flush();
  void wake();
  void post_wake();
  void call_reader();
  void call_writer();
  void arm();

  Loop& loop_;
  const std::unique_ptr<ByteStream> inner_;
  SslSession session_;
  // Until it is done; for good if it fails.
  std::unique_ptr<Handshake> handshake_;
  std::optional<Records> records_;             // kOpen, and what follows it
  std::unique_ptr<PlaintextRefusal> refusal_;  // kRefusing
  std::shared_ptr<const PeerCertificate> peer_;
  Failure why_;

  std::shared_ptr<ByteStreamUser> reader_;
  std::shared_ptr<ByteStreamUser> writer_;
  Phase phase_ = Phase::kHandshake;
  // The inner stream calls. Each is independent of the other.
  bool waits_readable_ = false;
  bool waits_writable_ = false;
};

}  // namespace tern::tls
