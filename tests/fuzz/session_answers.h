// Counts the answers in what a server says, in any protocol.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "fuzz/session_stream_ledger.h"
#include "tern/codec.h"
#include "wire/client_protocol.h"
#include "wire/protocols.h"

namespace fuzz {

// As far as a protocol has ids, by them.
class AnswerCount {
 public:
  // Once: of what the answers are.
  void speak(const tern::wire::Protocol& protocol, const tern::Codec* codec);
  bool speaks() const noexcept { return form_ != Form::kNone; }

  // Takes whole answers off the front of `bytes`. `bodies`: for each answer of HTTP whether it has
  // the body that its head announces; what it does not say is asked for by nobody. What comes of
  // streams is for `streams`.
  void read(std::string& bytes, const std::vector<bool>& bodies, StreamLedger& streams);
  // One that was written at once: over HTTP, its body is there or left out.
  void add_written(std::string_view answer);
  // One over HTTP that is a stream.
  void add_stream();

  std::size_t total() const noexcept { return total_; }
  // Of one id, in protocols that have them.
  std::size_t replies(std::uint64_t id) const;
  const std::vector<bool>& bodies() const noexcept { return bodies_; }
  // Whether `asked` has at least as many of each id.
  bool within(const AnswerCount& asked) const;

 private:
  enum class Form : std::uint8_t { kNone, kFrames, kJson, kHttp };
  // Of an id, or of pongs.
  struct Key {
    tern::wire::FrameKind kind;
    std::uint64_t id;
    auto operator<=>(const Key&) const = default;
  };

  void read_frames(std::string& bytes, StreamLedger* streams);
  void read_json(std::string& bytes);
  void read_http(std::string& bytes, const std::vector<bool>& bodies);

  Form form_ = Form::kNone;
  std::unique_ptr<tern::wire::ClientProtocol> frames_;
  std::map<Key, std::size_t> counts_;
  std::size_t total_ = 0;
  std::vector<bool> bodies_;
};

}  // namespace fuzz
