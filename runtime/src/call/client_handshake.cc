// How a client's connection comes to speak frames.
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "call/client_connection.h"
#include "wire/handshake.h"
#include "wire/http_connect.h"

namespace tern {

void ClientConnection::read_handshake(ByteView bytes, Consumed& consumed) {
  if (phase_ == Phase::kSwitching) read_connect_answer(bytes, consumed);
  if (phase_ == Phase::kGreeting && open()) {
    read_option_answer(bytes.subspan(consumed.bytes), consumed);
  }
}

void ClientConnection::read_connect_answer(ByteView bytes, Consumed& consumed) {
  ConnectReply reply = read_connect_reply(bytes, setup_.options.limits.option_bytes);
  if (reply.kind == ConnectReply::Kind::kMore) return;
  if (reply.kind == ConnectReply::Kind::kRefused) {
    refuse_handshake(std::move(reply.why));
    return;
  }
  consumed.bytes += reply.size;
  if (native_) {
    phase_ = Phase::kGreeting;  // the turn ends with sending what has waited
  } else {
    speak();
  }
}

// The server's answer is one line.
void ClientConnection::read_option_answer(ByteView bytes, Consumed& consumed) {
  std::size_t limit = setup_.options.limits.option_bytes;
  std::string_view text = as_text(bytes).substr(0, limit);
  std::size_t end = text.find('\n');
  if (end == std::string_view::npos) {
    if (bytes.size() < limit) return;
    refuse_handshake(Status(Code::kUnavailable,
                            fmt::format("the server's answer has no end within {} bytes", limit)));
    return;
  }
  Result<OptionReply> reply = parse_option_reply(text.substr(0, end));
  if (!reply.ok()) {
    refuse_handshake(Status(Code::kUnavailable, std::string(reply.status().message())));
    return;
  }
  if (!reply->error.empty()) {
    refuse_handshake(
        Status(Code::kFailedPrecondition, fmt::format("refused by the server: {}", reply->error)));
    return;
  }
  if (reply->version != kProtocolVersion) {
    refuse_handshake(Status(Code::kFailedPrecondition,
                            fmt::format("the server speaks version {}; this client version {}",
                                        reply->version, kProtocolVersion)));
    return;
  }
  consumed.bytes += end + 1;
  {
    std::lock_guard lock(setup_.mutex);
    if (reply->max_message_bytes > 0) {
      native_->set_peer_message_bytes(
          static_cast<std::size_t>(std::min<std::uint64_t>(reply->max_message_bytes, UINT32_MAX)));
    }
    if (reply->max_calls_in_flight > 0) {
      max_calls_ = std::min(max_calls_, reply->max_calls_in_flight);
    }
  }
  speak();
}

void ClientConnection::speak() {
  phase_ = Phase::kSpeaking;
  setup_.user.on_ready(*this);
}

void ClientConnection::refuse_handshake(Status why) {
  refused_ = true;
  connection_->close(why.with_context("handshake").with_handler_ran(HandlerRan::kNo));
}

}  // namespace tern
