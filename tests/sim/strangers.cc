#include "sim/strangers.h"

#include <array>
#include <chrono>
#include <string_view>
#include <utility>

namespace tern::sim {

using namespace std::chrono_literals;

void Strangers::meet(const std::vector<std::string>& hosts) {
  constexpr std::array<std::string_view, 6> kWords = {
      "",
      "{\"MagicNumber\":3927900,\"CodecType\":\"application/x-tern\",\"Version\":1}\n",
      "{\"MagicNumber\":3927900,\"Codec",
      "GET / HTTP/1.1\r\n",
      "\x01\x02\x03",
      "{\"method\":\"Ba"};
  auto stranger = std::make_unique<Stranger>();
  Stranger* self = stranger.get();
  trace_.fault(Fault::kSilentConnection);
  std::string_view words = kWords[static_cast<std::size_t>(dice_.below(kWords.size()))];
  const bool half_closes = dice_.percent(30);
  const bool stays = dice_.percent(20);
  Endpoint at;
  at.host = hosts[static_cast<std::size_t>(dice_.below(hosts.size()))];
  at.port = 1;
  stranger->attempt = network_.dialer()->dial(
      pool_.loop(0), at, 1s,
      [this, self, words, half_closes, stays](Result<std::unique_ptr<ByteStream>> result) {
        if (!result.ok()) return;
        self->stream = std::move(*result);
        ByteView piece = as_bytes(words);
        if (!words.empty()) self->stream->write_some({&piece, 1});
        if (half_closes) {
          trace_.fault(Fault::kHalfClosedPeer);
          self->stream->shutdown_write();
        }
        if (stays) return;
        agenda_.after(dice_.between(0ns, 100ms), [self] { self->stream.reset(); });
      });
  strangers_.push_back(std::move(stranger));
}

void Strangers::leave() {
  for (const auto& stranger : strangers_) {
    stranger->attempt.reset();
    stranger->stream.reset();
  }
}

}  // namespace tern::sim
