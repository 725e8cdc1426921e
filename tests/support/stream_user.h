// One end of a byte stream in the hand of a test.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include "tern/buffer.h"
#include "tern/byte_stream.h"

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

}  // namespace tern::test
