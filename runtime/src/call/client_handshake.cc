// How a client's connection comes to speak frames.
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "call/client_session.h"
#include "wire/handshake.h"
#include "wire/http_connect.h"
#include "wire/native/client.h"

namespace tern::call {

namespace {

// The texts of the handshake name it; here it is named once.
std::string_view without_handshake(std::string_view text) {
  constexpr std::string_view kHandshake = "handshake: ";
  if (text.starts_with(kHandshake)) text.remove_prefix(kHandshake.size());
  return text;
}

}  // namespace

void ClientSession::read_handshake(ByteView bytes, Consumed& consumed) {
  if (phase_ == Phase::kSwitching) read_connect_answer(bytes, consumed);
  if (phase_ == Phase::kGreeting && open()) {
    read_option_answer(bytes.subspan(consumed.bytes), consumed);
  }
}

void ClientSession::read_connect_answer(ByteView bytes, Consumed& consumed) {
  wire::HttpConnectResponse reply =
      wire::read_http_connect_response(bytes, setup_.options.limits.option_bytes);
  if (reply.kind == wire::HttpConnectResponse::Kind::kMore) return;
  if (reply.kind == wire::HttpConnectResponse::Kind::kRefused) {
    refuse_handshake(reply.why);
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
void ClientSession::read_option_answer(ByteView bytes, Consumed& consumed) {
  std::size_t limit = setup_.options.limits.option_bytes;
  std::string_view text = as_text(bytes).substr(0, limit);
  std::size_t end = text.find('\n');
  if (end == std::string_view::npos) {
    if (bytes.size() < limit) return;
    break_handshake(fmt::format("the server's answer has no end within {} bytes", limit));
    return;
  }
  Result<wire::OptionReply> reply = wire::parse_option_reply(text.substr(0, end));
  if (!reply.ok()) {
    break_handshake(without_handshake(reply.status().message()));
    return;
  }
  if (reply->going_away) {
    refuse_handshake(Status(Code::kUnavailable, reply->error));
    return;
  }
  if (!reply->error.empty()) {
    refuse_handshake(
        Status(Code::kFailedPrecondition,
               fmt::format("refused by the server: {}", without_handshake(reply->error))));
    return;
  }
  if (reply->version != wire::kProtocolVersion) {
    break_handshake(fmt::format("the server speaks version {}; this client version {}",
                                reply->version, wire::kProtocolVersion));
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

void ClientSession::speak() {
  phase_ = Phase::kSpeaking;
  setup_.user.on_ready(*this);
}

// The server has said no: it has looked at no call.
void ClientSession::refuse_handshake(const Status& why) {
  refused_ = true;
  connection_->close(Status(
      why.code(), fmt::format("handshake: {}", without_handshake(why.message())), HandlerRan::kNo));
}

// What came is no answer: nobody knows what became of the calls that went with the Option.
void ClientSession::break_handshake(std::string_view why) {
  connection_->close(
      Status(Code::kUnavailable, fmt::format("handshake: {}", why), HandlerRan::kUnknown));
}

}  // namespace tern::call
