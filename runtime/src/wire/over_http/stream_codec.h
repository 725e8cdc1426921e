// How JSON is written in HTTP, and events of an EventSource.
#pragma once

#include <cstdint>
#include <string_view>

#include "tern/codec.h"
#include "tern/codegen/method.h"

namespace tern::wire::over_http {

// How a stream looks in the body of an answer.
enum class Framing : std::uint8_t {
  kNone,       // there is none: one reply, whose length is known
  kEnvelopes,  // Connect's, and of gRPC-Web
  kEvents,     // text/event-stream, of the HTML standard
  kLines       // one JSON a line
};

// Encodes without line ends but those of events, and with quoted large integers, as unary replies
// have them.
class StreamCodec final : public Codec {
 public:
  StreamCodec() noexcept = default;
  // `resume`: of the stream's method, or null.
  StreamCodec(Framing framing, const ResumeOps* resume) noexcept
      : framing_(framing), resume_(resume) {}

  std::string_view name() const noexcept override { return "application/json"; }
  Status encode(const TypeOps& type, const void* value, Buffer& out) const override;
  Status decode(const TypeOps& type, ByteView in, void* value,
                const DecodeLimits& limits) const override;

 private:
  Framing framing_ = Framing::kNone;
  const ResumeOps* resume_ = nullptr;
};

// JSON in bodies, for streams and for unary calls. It lives as long as the process: messages are
// read also when their connection is gone.
const Codec& quoted_json_codec() noexcept;

}  // namespace tern::wire::over_http
