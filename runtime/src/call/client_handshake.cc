#include "call/client_handshake.h"

#include <fmt/format.h>

#include <cassert>
#include <utility>

#include "wire/http_connect.h"

namespace tern::call {

namespace {

// The texts of the handshake name it; here it is named once.
std::string_view without_handshake(std::string_view text) {
  constexpr std::string_view kHandshake = "handshake: ";
  if (text.starts_with(kHandshake)) text.remove_prefix(kHandshake.size());
  return text;
}

}  // namespace

ClientHandshake::ClientHandshake(const wire::ClientPreface& preface, std::size_t limit)
    : limit_(limit),
      has_option_(preface.native != nullptr),
      http_connect_(preface.connect),
      phase_(!http_connect_.empty() ? Phase::kHttpConnect
             : has_option_          ? Phase::kOption
                                    : Phase::kDone) {}

std::string ClientHandshake::take_http_connect() noexcept {
  return std::exchange(http_connect_, std::string());
}

std::size_t ClientHandshake::read(ByteView bytes) {
  std::size_t taken = 0;
  if (phase_ == Phase::kHttpConnect) taken += read_http_connect_answer(bytes);
  if (phase_ == Phase::kOption) taken += read_option_answer(bytes.subspan(taken));
  return taken;
}

std::size_t ClientHandshake::read_http_connect_answer(ByteView bytes) {
  wire::HttpConnectResponse reply = wire::read_http_connect_response(bytes, limit_);
  if (reply.kind == wire::HttpConnectResponse::Kind::kMore) return 0;
  if (reply.kind == wire::HttpConnectResponse::Kind::kRefused) {
    refuse(reply.why);
    return 0;
  }
  enter(has_option_ ? Phase::kOption : Phase::kDone);
  return reply.size;
}

// The server's answer is one line.
std::size_t ClientHandshake::read_option_answer(ByteView bytes) {
  std::string_view text = as_text(bytes).substr(0, limit_);
  std::size_t end = text.find('\n');
  if (end == std::string_view::npos) {
    if (bytes.size() >= limit_) {
      break_off(fmt::format("the server's answer has no end within {} bytes", limit_));
    }
    return 0;
  }
  Result<wire::OptionReply> reply = wire::parse_option_reply(text.substr(0, end));
  if (!reply.ok()) {
    break_off(without_handshake(reply.status().message()));
  } else if (reply->going_away) {
    refuse(Status(Code::kUnavailable, reply->error));
  } else if (!reply->error.empty()) {
    refuse(Status(Code::kFailedPrecondition,
                  fmt::format("refused by the server: {}", without_handshake(reply->error))));
  } else if (reply->version != wire::kProtocolVersion) {
    break_off(fmt::format("the server speaks version {}; this client version {}", reply->version,
                          wire::kProtocolVersion));
  } else {
    answer_ = std::move(*reply);
    enter(Phase::kDone);
    return end + 1;
  }
  return 0;
}

void ClientHandshake::enter(Phase next) noexcept {
  assert(next > phase_ && phase_ < Phase::kDone);
  phase_ = next;
}

void ClientHandshake::refuse(const Status& why) {
  failure_ = Status(why.code(), fmt::format("handshake: {}", without_handshake(why.message())),
                    HandlerRan::kNo);
  enter(Phase::kRefused);
}

void ClientHandshake::break_off(std::string_view why) {
  failure_ = Status(Code::kUnavailable, fmt::format("handshake: {}", why), HandlerRan::kUnknown);
  enter(Phase::kBroken);
}

}  // namespace tern::call
