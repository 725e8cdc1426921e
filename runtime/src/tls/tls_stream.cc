#include "tls/tls_stream.h"

#include <utility>

#include "tls/stream_core.h"

namespace tern::tls {

namespace {

class TlsStream final : public ByteStream {
 public:
  explicit TlsStream(std::shared_ptr<StreamCore> core) : core_(std::move(core)) {}
  ~TlsStream() override { core_->close(); }

  IoResult read_some(std::span<std::byte> into) override { return core_->read_some(into); }
  IoResult write_some(std::span<const ByteView> pieces) override {
    return core_->write_some(pieces);
  }
  bool write_begun() const noexcept override { return core_->write_begun(); }
  void wait_readable(std::shared_ptr<ByteStreamUser> user) override {
    core_->wait_readable(std::move(user));
  }
  void wait_writable(std::shared_ptr<ByteStreamUser> user) override {
    core_->wait_writable(std::move(user));
  }
  void shutdown_write() noexcept override { core_->shutdown_write(); }
  void close() noexcept override { core_->close(); }
  PeerState peer_state() noexcept override { return core_->inner().peer_state(); }
  std::string error_text() const override { return core_->error_text(); }
  bool established() const noexcept override { return core_->established(); }
  std::string peer() const override { return core_->inner().peer(); }
  bool peer_is_local() const noexcept override { return core_->inner().peer_is_local(); }
  std::string_view application_protocol() const noexcept override {
    return core_->application_protocol();
  }
  std::shared_ptr<const PeerCertificate> peer_certificate() const noexcept override {
    return core_->peer_certificate();
  }

 private:
  const std::shared_ptr<StreamCore> core_;
};

}  // namespace

std::unique_ptr<ByteStream> accept_tls(Loop& loop, std::unique_ptr<ByteStream> stream,
                                       StreamSetup setup) {
  auto core = std::make_shared<StreamCore>(loop, std::move(stream), std::move(setup));
  core->begin_server();
  return std::make_unique<TlsStream>(std::move(core));
}

std::unique_ptr<ByteStream> connect_tls(Loop& loop, std::unique_ptr<ByteStream> stream,
                                        StreamSetup setup) {
  auto core = std::make_shared<StreamCore>(loop, std::move(stream), std::move(setup));
  core->begin_client();
  return std::make_unique<TlsStream>(std::move(core));
}

}  // namespace tern::tls
