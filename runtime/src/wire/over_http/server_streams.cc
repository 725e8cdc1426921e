// How a server's side of HTTP/1.1 reads requests that stream.
#include <utility>

#include "wire/over_http/server.h"

namespace tern::wire::over_http {

void ServerProtocol::begin_stream() {
  http::Head& head = exchange_.head();
  last_byte_ = false;
  // What streams to HTTP/1.0 has neither a length nor chunks: the end of the connection ends it.
  if (head.minor_version == 0) head.keep_alive = false;
  if (!exchange_.has_envelopes()) return;
  stage_ = exchange_.has_one_message() ? Stage::kArgument : Stage::kOpening;
}

// The rest of the body does not matter, and may be long in coming.
void ServerProtocol::answer_at_once() noexcept {
  http::Head& head = exchange_.head();
  head.keep_alive = false;
  stage_ = Stage::kWhole;
  length_ = 0;
  head.content_length = 0;
  head.chunked = false;
}

void ServerProtocol::stop_reading() noexcept {
  if (stage_ < Stage::kArgument) return;
  exchange_.head().keep_alive = false;
  end_request(false);
}

wire::ServerProtocol::Progress ServerProtocol::take_stream(ByteView in, std::size_t used,
                                                           Frame& frame, Status& why) {
  if (stage_ == Stage::kOpening) return open_stream(used, frame);
  if (std::exchange(last_byte_, false)) used = 1;
  Progress progress = stage_ == Stage::kArgument ? take_argument(in.subspan(used), frame, why)
                                                 : take_message(in.subspan(used), frame, why);
  progress.consumed += used;
  if (progress.step == Step::kMore && progress.consumed > 0) progress.step = Step::kSkip;
  return progress;
}

// The messages come behind this. Where there are none, a byte is left that they end with.
wire::ServerProtocol::Progress ServerProtocol::open_stream(std::size_t used, Frame& frame) {
  exchange_.take_envelopes({}, Status(), frame);
  stage_ = Stage::kMessages;
  last_byte_ = exchange_.stream().body_ended() && used > 0;
  return {Step::kFrame, last_byte_ ? used - 1 : used, 0};
}

wire::ServerProtocol::Progress ServerProtocol::take_message(ByteView in, Frame& frame,
                                                            Status& why) {
  http::Fault fault;
  std::size_t used = 0;
  switch (exchange_.stream().take_message(in, used, frame, fault)) {
    case ServerStream::Step::kMore:
      return {Step::kMore, used, 0};
    case ServerStream::Step::kBroken:
      return {broken(std::move(fault), why), used, 0};
    case ServerStream::Step::kFrame:
      last_byte_ = exchange_.stream().body_ended();
      break;
    case ServerStream::Step::kRefused:
      exchange_.head().keep_alive = false;
      end_request(true);
      break;
    case ServerStream::Step::kLast:
      end_request(true);
      break;
  }
  return {Step::kFrame, last_byte_ ? used - 1 : used, 0};
}

wire::ServerProtocol::Progress ServerProtocol::take_argument(ByteView in, Frame& frame,
                                                             Status& why) {
  http::Fault fault;
  Status refused;
  std::size_t used = 0;
  switch (exchange_.stream().take_argument(in, used, exchange_.body(), refused, fault)) {
    case ServerStream::Step::kMore:
    case ServerStream::Step::kFrame:
      return {Step::kMore, used, 0};
    case ServerStream::Step::kBroken:
      return {broken(std::move(fault), why), used, 0};
    case ServerStream::Step::kLast:
      break;
    case ServerStream::Step::kRefused:
      exchange_.head().keep_alive = false;
      if (refused.code() == Code::kResourceExhausted) break;
      exchange_.answer_instead(refused, 0);
      end_request(false);
      return {Step::kAnswer, used, 0};
  }
  exchange_.take_envelopes(exchange_.body().view(), refused, frame);
  end_request(true);
  return {Step::kFrame, used, 0};
}

}  // namespace tern::wire::over_http
