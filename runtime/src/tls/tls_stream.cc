#include "tls/tls_stream.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <cstring>
#include <utility>

#include "base/peer_text.h"
#include "base/timer_queue.h"
#include "net/loop.h"
#include "tls/handshake_failure.h"
#include "tls/names.h"
#include "tls/openssl_error.h"
#include "tls/plaintext.h"

namespace tern::tls {

namespace {

// A record's most: so much is written at once.
constexpr std::size_t kRecord = 16 * 1024;
// The first bytes that tell TLS from all protocols of plaintext.
constexpr std::size_t kTelling = 2;
// How long a peer that speaks plaintext has to read what it is told.
constexpr std::chrono::seconds kLinger{1};

// Where pieces become one record. Of no meaning between two calls.
std::span<std::byte> gather_buffer() {
  thread_local std::array<std::byte, kRecord> buffer;
  return buffer;
}

bool is_number(const std::string& host) {
  std::array<unsigned char, sizeof(in6_addr)> address{};
  return ::inet_pton(AF_INET, host.c_str(), address.data()) == 1 ||
         ::inet_pton(AF_INET6, host.c_str(), address.data()) == 1;
}

// Kept by the stream, and by what it waits for.
class Core final : public ByteStreamUser,
                   public Handshaking,
                   public std::enable_shared_from_this<Core> {
 public:
  Core(Loop& loop, std::unique_ptr<ByteStream> inner, StreamSetup setup)
      : loop_(loop), inner_(std::move(inner)), setup_(std::move(setup)), bio_(*inner_) {
    linger_timer_.set_callback([this] { refuse_now(); });
  }

  void begin_server() {
    if (!make_ssl()) {
      fail_to_begin("");
      return;
    }
    SSL_set_accept_state(ssl_.get());
    phase_ = setup_.takes_plaintext ? Phase::kUndecided : Phase::kHandshake;
    needs_ = Needs::kReadable;
  }

  void begin_client() {
    begun_ = true;
    phase_ = Phase::kHandshake;
    needs_ = Needs::kWritable;
    ERR_clear_error();
    if (!set_up_client()) {
      fail_to_begin(fmt::format(" with \"{}\"", base::peer_text(setup_.server_name)));
    }
  }

  // --- The stream ---

  IoResult read_some(std::span<std::byte> into) {
    switch (phase_) {
      case Phase::kOpen:
        return read_records(into);
      case Phase::kPlaintext:
        return bio_.read(into);
      case Phase::kFailed:
      case Phase::kClosed:
        return error();
      case Phase::kUndecided:
      case Phase::kHandshake:
      case Phase::kRefusing:
        break;
    }
    return blocked();
  }

  IoResult write_some(std::span<const ByteView> pieces) {
    switch (phase_) {
      case Phase::kOpen:
        return write_records(pieces);
      case Phase::kPlaintext:
        return inner_->write_some(pieces);
      case Phase::kFailed:
      case Phase::kClosed:
        return error();
      case Phase::kUndecided:
      case Phase::kHandshake:
      case Phase::kRefusing:
        break;
    }
    return blocked();
  }

  // OpenSSL has made a record of them, which is what it writes next.
  bool write_begun() const noexcept { return phase_ == Phase::kOpen && record_begun_; }

  void wait_readable(std::shared_ptr<ByteStreamUser> user) {
    reader_ = std::move(user);
    // What TLS has read ahead makes no socket readable.
    const bool there = phase_ == Phase::kFailed ||
                       (phase_ == Phase::kOpen && (may_have_more_ || ended_ || read_error_)) ||
                       (phase_ == Phase::kPlaintext && !bio_.back.empty());
    if (there) {
      post_wake();
    } else {
      arm();
    }
  }

  void wait_writable(std::shared_ptr<ByteStreamUser> user) {
    writer_ = std::move(user);
    if (phase_ == Phase::kFailed) {
      post_wake();
    } else {
      arm();
    }
  }

  void shutdown_write() noexcept {
    if (phase_ == Phase::kOpen && !shut_down_) {
      shut_down_ = true;
      end_writing();
    } else if (phase_ == Phase::kPlaintext) {
      inner_->shutdown_write();
    }
  }

  void close() noexcept {
    if (phase_ == Phase::kClosed) return;
    if (phase_ == Phase::kOpen && !shut_down_ && !read_error_) {
      ERR_clear_error();
      SSL_shutdown(ssl_.get());  // what the peer does not get, it must do without
      ERR_clear_error();
    }
    phase_ = Phase::kClosed;
    loop_.cancel_timer(linger_timer_);
    inner_->close();
    // They may own the stream.
    std::shared_ptr<ByteStreamUser> reader = std::move(reader_);
    std::shared_ptr<ByteStreamUser> writer = std::move(writer_);
  }

  ByteStream& inner() noexcept { return *inner_; }
  const ByteStream& inner() const noexcept { return *inner_; }
  const std::string& error_text() const noexcept { return why_; }
  bool established() const noexcept {
    return phase_ == Phase::kOpen || phase_ == Phase::kPlaintext || was_open_ ||
           (bio_.first_size == 0 && !begun_);
  }
  const std::shared_ptr<const PeerCertificate>& peer_certificate() const noexcept { return peer_; }

 private:
  enum class Phase : std::uint8_t {
    kUndecided,  // a server that takes both: the first bytes have not come
    kHandshake,
    kOpen,
    kPlaintext,  // passed on as it is
    kRefusing,   // the peer speaks plaintext, and is told so
    kFailed,
    kClosed
  };
  enum class Needs : std::uint8_t { kReadable, kWritable };

  bool set_up_client() {
    if (!make_ssl()) return false;
    SSL_set_connect_state(ssl_.get());
    const bool number = is_number(setup_.server_name);
    if (!number && SSL_set_tlsext_host_name(ssl_.get(), setup_.server_name.c_str()) != 1) {
      return false;
    }
    if (setup_.verifies && setup_.server_ids.empty() && !expect_name(number)) return false;
    return offer_protocol();
  }

  bool make_ssl() {
    ssl_.reset(SSL_new(setup_.context.get()));
    BIO* bio = ssl_ ? make_bio(bio_) : nullptr;
    if (!bio) return false;
    SSL_set_bio(ssl_.get(), bio, bio);
    SSL_set_app_data(ssl_.get(), &notes_);
    return true;
  }

  // A wildcard is a whole first label; the name in the subject does not count.
  bool expect_name(bool number) {
    X509_VERIFY_PARAM* parameters = SSL_get0_param(ssl_.get());
    X509_VERIFY_PARAM_set_hostflags(
        parameters, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS | X509_CHECK_FLAG_NEVER_CHECK_SUBJECT);
    notes_.server_name = setup_.server_name;
    const char* name = setup_.server_name.c_str();
    return number ? X509_VERIFY_PARAM_set1_ip_asc(parameters, name) == 1
                  : X509_VERIFY_PARAM_set1_host(parameters, name, 0) == 1;
  }

  bool offer_protocol() {
    const std::string& name = setup_.application_protocol;
    if (name.empty()) return true;
    std::string offer(1, static_cast<char>(name.size()));
    offer += name;
    return SSL_set_alpn_protos(ssl_.get(), reinterpret_cast<const unsigned char*>(offer.data()),
                               static_cast<unsigned>(offer.size())) == 0;
  }

  static IoResult blocked() {
    IoResult result;
    result.would_block = true;
    return result;
  }
  IoResult error() const {
    IoResult result;
    result.error = std::make_error_code(phase_ == Phase::kClosed ? std::errc::bad_file_descriptor
                                                                 : std::errc::protocol_error);
    return result;
  }

  // --- The handshake ---

  void go_on() override {
    std::shared_ptr<Core> self = shared_from_this();
    if (phase_ == Phase::kUndecided) tell_plaintext();
    if (phase_ == Phase::kHandshake) shake_hands();
    if (phase_ == Phase::kOpen || phase_ == Phase::kPlaintext || phase_ == Phase::kFailed) {
      wake();
    } else {
      arm();
    }
  }

  void tell_plaintext() {
    std::array<std::byte, kTelling> first;
    IoResult result = bio_.read(std::span(first).first(kTelling - bio_.first_size));
    told_.append(ByteView(first).first(result.bytes));
    if (result.error || result.end) {
      fail_handshake("TLS handshake: the peer closed the connection");
      return;
    }
    if (can_be_tls(told_.view()) && told_.size() < kTelling) return;
    bio_.put_back(told_.view());
    told_.release();
    phase_ = can_be_tls(bio_.back.view()) ? Phase::kHandshake : Phase::kPlaintext;
  }

  void shake_hands() {
    ERR_clear_error();
    const int done = SSL_do_handshake(ssl_.get());
    if (done == 1) {
      handshake_done();
      return;
    }
    switch (SSL_get_error(ssl_.get(), done)) {
      case SSL_ERROR_WANT_READ:
        needs_ = Needs::kReadable;
        break;
      case SSL_ERROR_WANT_WRITE:
        needs_ = Needs::kWritable;
        break;
      default:
        handshake_failed();
    }
  }

  void handshake_done() {
    if (setup_.verifies && SSL_get_verify_result(ssl_.get()) == X509_V_OK) {
      if (const X509* certificate = SSL_get0_peer_certificate(ssl_.get())) {
        peer_ = peer_certificate_of(*certificate, setup_.trust_domains);
      }
    }
    if (!setup_.server_ids.empty()) {
      const std::string id = peer_ ? peer_->spiffe_id : std::string();
      const auto& ids = setup_.server_ids;
      if (id.empty() || std::find(ids.begin(), ids.end(), id) == ids.end()) {
        fail_handshake(fmt::format(
            "TLS handshake: the server's SPIFFE ID is \"{}\"; expected \"{}\"{}", id, ids.front(),
            ids.size() > 1 ? fmt::format(" or one of {} others", ids.size() - 1) : ""));
        return;
      }
    }
    if (setup_.must_agree) {
      const unsigned char* chosen = nullptr;
      unsigned size = 0;
      SSL_get0_alpn_selected(ssl_.get(), &chosen, &size);
      if (size == 0) {
        fail_handshake(
            fmt::format("TLS handshake: no common protocol: the server has not agreed "
                        "to \"{}\" by ALPN",
                        setup_.application_protocol));
        return;
      }
    }
    ++setup_.counters->done;
    phase_ = Phase::kOpen;
    was_open_ = true;
    setup_.turns.reset();
    // A server reads what came behind the handshake.
    may_have_more_ = true;
  }

  void handshake_failed() {
    const bool server = SSL_is_server(ssl_.get()) == 1;
    const bool plaintext = server && !can_be_tls(bio_.first_bytes());
    std::string why = handshake_failure(*ssl_, bio_, notes_);
    if (plaintext && !bio_.ended && !bio_.error) {
      refuse_plaintext(std::move(why));
    } else {
      fail_handshake(std::move(why));
    }
  }

  // A name that is too long, or no memory.
  void fail_to_begin(std::string_view with) {
    fail_handshake(fmt::format("TLS handshake{}: it cannot begin: {}", with, take_openssl_error()));
  }

  void fail_handshake(std::string why) {
    if (bio_.first_size > 0 || begun_) ++setup_.counters->failed;
    peer_.reset();
    fail(std::move(why));
  }

  void fail(std::string why) {
    phase_ = Phase::kFailed;
    why_ = std::move(why);
    setup_.turns.reset();
  }

  // The peer is told in its own protocol, and has a moment to read that.
  void refuse_plaintext(std::string why) {
    why_ = std::move(why);
    const std::string answer = answer_to_plaintext(bio_.first_bytes());
    ByteView piece = as_bytes(answer);
    inner_->write_some({&piece, 1});
    inner_->shutdown_write();
    phase_ = Phase::kRefusing;
    loop_.start_timer(linger_timer_, kLinger);
    drain_refused();
  }

  void drain_refused() {
    for (int i = 0; i < 4; ++i) {
      IoResult result = inner_->read_some(gather_buffer());
      if (result.would_block) return;
      if (!result.ok()) {
        refuse_now();
        return;
      }
    }
  }

  void refuse_now() {
    if (phase_ != Phase::kRefusing) return;
    loop_.cancel_timer(linger_timer_);
    fail_handshake(std::move(why_));
    post_wake();
  }

  // --- Records ---

  IoResult read_records(std::span<std::byte> into) {
    IoResult result;
    may_have_more_ = false;
    if (ended_) {
      result.end = !into.empty();
      return result;
    }
    while (!read_error_ && result.bytes < into.size()) {
      std::size_t got = 0;
      ERR_clear_error();
      const int read =
          SSL_read_ex(ssl_.get(), into.data() + result.bytes, into.size() - result.bytes, &got);
      if (read == 1) {
        result.bytes += got;
        continue;
      }
      const int why = SSL_get_error(ssl_.get(), read);
      if (why == SSL_ERROR_WANT_READ || why == SSL_ERROR_WANT_WRITE) {
        reading_needs_ = why == SSL_ERROR_WANT_READ ? Needs::kReadable : Needs::kWritable;
        result.would_block = result.bytes == 0;
        return result;
      }
      if (why == SSL_ERROR_ZERO_RETURN) {
        ended_ = true;
        result.end = result.bytes == 0;
        return result;
      }
      read_error_ = true;
      why_ = traffic_failure(bio_);
    }
    if (read_error_ && result.bytes == 0 && !into.empty()) {
      phase_ = Phase::kFailed;
      return error();
    }
    may_have_more_ = true;
    return result;
  }

  IoResult write_records(std::span<const ByteView> pieces) {
    IoResult result;
    if (shut_down_) {
      result.error = std::make_error_code(std::errc::broken_pipe);
      return result;
    }
    std::size_t skip = 0;  // of the first piece
    while (!pieces.empty()) {
      if (skip == pieces.front().size()) {
        pieces = pieces.subspan(1);
        skip = 0;
        continue;
      }
      ByteView record = next_record(pieces, skip);
      std::size_t written = 0;
      ERR_clear_error();
      const int wrote = SSL_write_ex(ssl_.get(), record.data(), record.size(), &written);
      record_begun_ = wrote != 1;
      if (wrote != 1) {
        stop_writing(SSL_get_error(ssl_.get(), wrote), result);
        return result;
      }
      result.bytes += written;
      while (written > 0) {
        const std::size_t part = std::min(written, pieces.front().size() - skip);
        skip += part;
        written -= part;
        if (skip == pieces.front().size()) {
          pieces = pieces.subspan(1);
          skip = 0;
        }
      }
    }
    return result;
  }

  void stop_writing(int why, IoResult& result) {
    if (why == SSL_ERROR_WANT_READ || why == SSL_ERROR_WANT_WRITE) {
      writing_needs_ = why == SSL_ERROR_WANT_READ ? Needs::kReadable : Needs::kWritable;
      result.would_block = result.bytes == 0;
      return;
    }
    std::string text = traffic_failure(bio_);
    // A peer that refuses this side's certificate says so and closes: that comes to be known by
    // writing, and the reason can be read.
    if (bio_.error) {
      bio_.error.clear();
      char one = 0;
      ERR_clear_error();
      const int read = SSL_peek(ssl_.get(), &one, sizeof one);
      const bool alert = read <= 0 && SSL_get_error(ssl_.get(), read) == SSL_ERROR_SSL;
      if (alert && !bio_.error) text = traffic_failure(bio_);
    }
    fail(std::move(text));
    result = error();
  }

  // As much as goes into one record; copied only if it is in several pieces.
  static ByteView next_record(std::span<const ByteView> pieces, std::size_t skip) {
    ByteView first = pieces.front().subspan(skip);
    if (first.size() >= kRecord || pieces.size() == 1) {
      return first.first(std::min(first.size(), kRecord));
    }
    std::span<std::byte> gathered = gather_buffer();
    std::size_t size = 0;
    for (ByteView piece : pieces) {
      ByteView rest = piece.subspan(skip);
      skip = 0;
      rest = rest.first(std::min(rest.size(), gathered.size() - size));
      if (!rest.empty()) std::memcpy(gathered.data() + size, rest.data(), rest.size());
      size += rest.size();
      if (size == gathered.size()) break;
    }
    return gathered.first(size);
  }

  // The end of what this side writes, and behind it that of the stream.
  void end_writing() noexcept {
    ERR_clear_error();
    const int sent = SSL_shutdown(ssl_.get());
    if (sent < 0 && SSL_get_error(ssl_.get(), sent) == SSL_ERROR_WANT_WRITE) {
      ending_ = true;
      arm();
      return;
    }
    ERR_clear_error();
    ending_ = false;
    inner_->shutdown_write();
  }

  // --- Waiting ---

  void on_readable() override {
    waits_readable_ = false;
    on_ready(Needs::kReadable);
  }
  void on_writable() override {
    waits_writable_ = false;
    on_ready(Needs::kWritable);
  }

  void on_ready(Needs what) {
    std::shared_ptr<Core> self = shared_from_this();
    switch (phase_) {
      case Phase::kUndecided:
      case Phase::kHandshake:
        if (what == needs_) {
          setup_.turns->add(std::weak_ptr<Handshaking>(std::shared_ptr<Handshaking>(self, this)));
        }
        return;
      case Phase::kRefusing:
        drain_refused();
        if (phase_ == Phase::kRefusing) arm();
        return;
      case Phase::kOpen:
        if (ending_ && what == Needs::kWritable) end_writing();
        if (what == reading_needs_) call_reader();
        if (what == writing_needs_) call_writer();
        break;
      case Phase::kPlaintext:
        if (what == Needs::kReadable) call_reader();
        if (what == Needs::kWritable) call_writer();
        break;
      case Phase::kFailed:
      case Phase::kClosed:
        return;
    }
    arm();
  }

  // Both look for themselves.
  void wake() {
    call_reader();
    call_writer();
    arm();
  }
  void post_wake() {
    loop_.post([weak = weak_from_this()] {
      if (auto self = weak.lock()) self->wake();
    });
  }
  void call_reader() {
    if (std::shared_ptr<ByteStreamUser> user = std::move(reader_)) user->on_readable();
  }
  void call_writer() {
    if (std::shared_ptr<ByteStreamUser> user = std::move(writer_)) user->on_writable();
  }

  void arm() {
    bool readable = false;
    bool writable = ending_;
    auto want = [&](Needs needs) { (needs == Needs::kReadable ? readable : writable) = true; };
    switch (phase_) {
      case Phase::kUndecided:
      case Phase::kHandshake:
        if (reader_ || writer_) want(needs_);
        break;
      case Phase::kRefusing:
        readable = true;
        break;
      case Phase::kOpen:
        if (reader_) want(reading_needs_);
        if (writer_) want(writing_needs_);
        break;
      case Phase::kPlaintext:
        readable = reader_ != nullptr;
        writable = writer_ != nullptr;
        break;
      case Phase::kFailed:
      case Phase::kClosed:
        return;
    }
    if (readable && !std::exchange(waits_readable_, waits_readable_ || readable)) {
      inner_->wait_readable(shared_from_this());
    }
    if (writable && !std::exchange(waits_writable_, waits_writable_ || writable)) {
      inner_->wait_writable(shared_from_this());
    }
  }

  Loop& loop_;
  const std::unique_ptr<ByteStream> inner_;
  StreamSetup setup_;
  StreamBio bio_;
  HandshakeNotes notes_;
  SslPtr ssl_;
  std::shared_ptr<const PeerCertificate> peer_;
  std::string why_;
  Buffer told_;  // read to tell TLS from plaintext
  base::Timer linger_timer_;

  std::shared_ptr<ByteStreamUser> reader_;
  std::shared_ptr<ByteStreamUser> writer_;
  Phase phase_ = Phase::kHandshake;
  Needs needs_ = Needs::kReadable;  // of the handshake
  Needs reading_needs_ = Needs::kReadable;
  Needs writing_needs_ = Needs::kWritable;
  // Each is independent of the others.
  bool waits_readable_ = false;  // the inner stream calls
  bool waits_writable_ = false;
  bool begun_ = false;          // this side speaks first
  bool was_open_ = false;       // the handshake was done once
  bool may_have_more_ = false;  // the last read was filled: there can be more without the socket
  bool ended_ = false;          // close_notify has come
  bool read_error_ = false;     // behind what has been read
  bool record_begun_ = false;   // of what the last write did not take
  bool shut_down_ = false;
  bool ending_ = false;  // close_notify waits for room
};

class TlsStream final : public ByteStream {
 public:
  explicit TlsStream(std::shared_ptr<Core> core) : core_(std::move(core)) {}
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
  std::shared_ptr<const PeerCertificate> peer_certificate() const noexcept override {
    return core_->peer_certificate();
  }

 private:
  const std::shared_ptr<Core> core_;
};

}  // namespace

std::unique_ptr<ByteStream> accept_tls(Loop& loop, std::unique_ptr<ByteStream> stream,
                                       StreamSetup setup) {
  auto core = std::make_shared<Core>(loop, std::move(stream), std::move(setup));
  core->begin_server();
  return std::make_unique<TlsStream>(std::move(core));
}

std::unique_ptr<ByteStream> connect_tls(Loop& loop, std::unique_ptr<ByteStream> stream,
                                        StreamSetup setup) {
  auto core = std::make_shared<Core>(loop, std::move(stream), std::move(setup));
  core->begin_client();
  return std::make_unique<TlsStream>(std::move(core));
}

}  // namespace tern::tls
