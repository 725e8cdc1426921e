#include "fuzz/session_envelopes.h"

#include <limits>
#include <string>

#include "fuzz/expect.h"
#include "fuzz/session_stream.h"
#include "http/chunks.h"
#include "tern/buffer.h"
#include "tern/codec.h"
#include "tern/codegen/type_ops_of.h"
#include "wire/connect/envelopes.h"

namespace fuzz {
namespace {

// What handlers write: it begins with the number of the stream.
class Messages {
 public:
  void add(std::string_view json) {
    std::string text;
    const bool read = tern::json_codec()
                          .decode(tern::type_ops<std::string>(), tern::as_bytes(json), &text,
                                  tern::DecodeLimits())
                          .ok();
    expect(read, "a message can be read");
    const std::size_t colon = text.find(':');
    // The reply to a client's stream.
    if (colon == std::string::npos) return;
    if (count_ == 0) serial_ = text.substr(0, colon);
    const std::size_t prefix = stream_text(serial_, count_, 0).size();
    expect(text.size() >= prefix && text == stream_text(serial_, count_, text.size() - prefix),
           "what the handler writes comes whole, in order, and each once");
    ++count_;
  }

 private:
  std::string serial_;
  std::size_t count_ = 0;
};

void expect_envelopes(tern::ByteView body) {
  tern::wire::connect::EnvelopeReader reader;
  Messages messages;
  std::string message;
  bool ended = false;
  while (!body.empty() || reader.in_envelope()) {
    tern::wire::connect::EnvelopeReader::Piece piece;
    std::size_t used = 0;
    const auto step = reader.read(body, piece, used);
    body = body.subspan(used);
    expect(step != tern::wire::connect::EnvelopeReader::Step::kMore, "an envelope is whole");
    if (step == tern::wire::connect::EnvelopeReader::Step::kPrefix) {
      expect(!ended, "nothing comes behind the end of a stream");
      continue;
    }
    message += tern::as_text(piece.bytes);
    if (!piece.last) continue;
    ended = reader.flags() == tern::wire::connect::kEndOfStream;
    if (!ended) messages.add(message);
    message.clear();
  }
  expect(ended, "a stream has an end");
}

void expect_lines(std::string_view body) {
  Messages messages;
  while (!body.empty()) {
    const std::size_t end = body.find('\n');
    expect(end != std::string_view::npos, "a line is whole");
    if (body.front() == '"') messages.add(body.substr(0, end));
    body.remove_prefix(end + 1);
  }
}

}  // namespace

std::size_t stream_body_size(const tern::http::Head& head, std::string_view bytes) {
  tern::http::Chunks chunks;
  tern::http::Fault fault;
  tern::Buffer body;
  std::size_t used = 0;
  chunks.begin();
  const auto step = chunks.read(tern::as_bytes(bytes), std::numeric_limits<std::size_t>::max(),
                                body, used, fault);
  expect(step != tern::http::Chunks::Step::kBroken, "a client can read what a server says");
  if (step == tern::http::Chunks::Step::kMore) return 0;
  const std::string_view type = head.get("content-type");
  if (type == "application/connect+json") expect_envelopes(body.view());
  if (type == "application/x-ndjson") expect_lines(tern::as_text(body.view()));
  return used;
}

}  // namespace fuzz
