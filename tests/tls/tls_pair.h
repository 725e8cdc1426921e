// Two ends of TLS over a stream in memory, on a loop that the test turns.
#pragma once

#include <memory>
#include <string>
#include <utility>

#include "support/memory_stream.h"
#include "support/test_loop.h"
#include "tern/tls.h"

namespace tern::test {

// Reads all that comes, and writes what it is given, as a connection does.
class StreamUser : public ByteStreamUser, public std::enable_shared_from_this<StreamUser> {
 public:
  explicit StreamUser(std::unique_ptr<ByteStream> made) : stream(std::move(made)) {}

  void start() {
    stream->wait_readable(shared_from_this());
    write_out();
  }
  void write(std::string_view bytes) {
    queued += bytes;
    write_out();
  }
  // Once all is written.
  void end() {
    ends = true;
    write_out();
  }

  std::unique_ptr<ByteStream> stream;
  std::string text;    // that has come
  std::string queued;  // and is not written
  std::size_t read_size = 64 * 1024;
  std::string error;     // of reading or writing
  std::error_code code;  // likewise
  bool ended = false;
  bool ends = false;

 private:
  void on_readable() override {
    std::string into(read_size, '\0');
    for (;;) {
      IoResult result = stream->read_some({reinterpret_cast<std::byte*>(into.data()), into.size()});
      text.append(into, 0, result.bytes);
      if (result.error) fail(result);
      if (result.end) ended = true;
      if (result.error || result.end) return;
      // As a connection does: a read that is not filled has emptied the stream.
      if (result.would_block || result.bytes < into.size()) break;
      if (read_size < 1024) break;  // one who takes little a turn
    }
    stream->wait_readable(shared_from_this());
  }
  void on_writable() override {
    waits_ = false;
    write_out();
  }
  void write_out() {
    while (!queued.empty() && !waits_ && error.empty()) {
      ByteView piece = as_bytes(queued);
      IoResult result = stream->write_some({&piece, 1});
      queued.erase(0, result.bytes);
      if (result.error) fail(result);
      if (result.would_block) {
        waits_ = true;
        stream->wait_writable(shared_from_this());
      }
    }
    if (queued.empty() && std::exchange(ends, false)) stream->shutdown_write();
  }
  void fail(const IoResult& result) {
    error = stream->error_text();
    code = result.error;
    if (error.empty()) error = result.error.message();
  }

  bool waits_ = false;
};

class TlsPair {
 public:
  TlsPair(TestLoop& loop, ServerCredentials& server, ChannelCredentials& client,
          const ChannelTarget& target = localhost(),
          ServerCredentials::Peers peers = ServerCredentials::Peers::kSecure)
      : loop_(loop),
        server_(std::make_shared<StreamUser>(
            server.accept(loop.loop(), link_.left().open(loop.loop()), peers))),
        client_(std::make_shared<StreamUser>(
            client.connect(loop.loop(), link_.right().open(loop.loop()), target))) {}
  ~TlsPair() { close(); }

  static ChannelTarget localhost() {
    ChannelTarget target;
    target.endpoint = *parse_endpoint("tls@localhost:7000");
    return target;
  }

  // Until nothing happens any more.
  void start() {
    server_->start();
    client_->start();
    loop_.settle();
  }
  void close() {
    server_->stream->close();
    if (client_->stream) client_->stream->close();  // a test may have taken it
    loop_.settle();
  }

  MemoryLink& link() { return link_; }
  StreamUser& server() { return *server_; }
  StreamUser& client() { return *client_; }

 private:
  TestLoop& loop_;
  MemoryLink link_;
  std::shared_ptr<StreamUser> server_;
  std::shared_ptr<StreamUser> client_;
};

}  // namespace tern::test
