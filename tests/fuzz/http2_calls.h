// A client over HTTP/2 that waits for the answers of a call of each kind.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <set>

#include "codec/sample_messages.h"
#include "fuzz/frames.h"
#include "tern/buffer.h"
#include "tern/codegen/method.h"
#include "tern/limits.h"
#include "wire/over_http2/client.h"

namespace fuzz {

// What a target of such a client gives it.
tern::Limits http2_client_limits();

class Http2Calls {
 public:
  // The streams of its calls are 1, 3, 5, 7 and 9: Plain, Gzip, Watch, Upload and Chat. `protocol`
  // has http2_client_limits().
  explicit Http2Calls(std::unique_ptr<tern::wire::over_http2::ClientProtocol> protocol);

  // What a server sends behind its SETTINGS, `piece` bytes more each time.
  void feed(tern::ByteView in, std::size_t piece);

 private:
  struct Call {
    tern::MethodKind kind;
    bool has_metadata = false;  // ahead of everything else
  };

  void request(std::uint64_t id);
  void begin_stream(std::uint64_t id);
  const tern::Codec& codec_of(std::uint64_t id);
  void flush();
  void break_off();
  void take(const tern::wire::Frame& frame);
  void read_metadata(const tern::wire::Frame& frame);
  void end(const tern::wire::Frame& frame, tern::MethodKind kind);
  void take_message(const tern::wire::Frame& frame);

  const std::unique_ptr<tern::wire::over_http2::ClientProtocol> protocol_;
  sample::Scalars value_;
  std::map<std::uint64_t, Call> open_;
  std::set<std::uint64_t> sent_;
  int goaways_ = 0;
  tern::Buffer out_;
  bool done_ = false;
};

}  // namespace fuzz
