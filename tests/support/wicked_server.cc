#include "support/wicked_server.h"

#include <cstring>
#include <stdexcept>

#include "tern/codegen/type_ops_of.h"

namespace tern::test {

void WickedServer::take_in() {
  received_ += end_.take_received();
}

std::string WickedServer::read_option() {
  take_in();
  std::size_t end = received_.find('\n');
  if (option_read_ || end == std::string::npos) return {};
  option_read_ = true;
  std::string line = received_.substr(0, end + 1);
  received_.erase(0, end + 1);
  return line;
}

void WickedServer::accept(std::size_t max_message_bytes, std::size_t max_calls_in_flight) {
  send(accept_line(max_message_bytes, max_calls_in_flight));
}

void WickedServer::accept(const wire::PeerTerms& terms) {
  wire::OptionReply reply;
  reply.chunked_bytes = terms.chunked_bytes;
  reply.stream_window = terms.stream_window;
  reply.max_streams = terms.max_streams;
  send(wire::to_line(reply));
}

void WickedServer::refuse(std::string_view reason, bool going_away) {
  wire::OptionReply reply;
  reply.error = reason;
  reply.going_away = going_away;
  send(wire::to_line(reply));
  end_.shutdown_write();
}

std::vector<SentFrame> WickedServer::read() {
  if (!option_read_) read_option();
  take_in();
  std::vector<SentFrame> sent;
  while (option_read_) {
    wire::Frame frame;
    Status why;
    wire::ServerProtocol::Progress progress = frames_.next(as_bytes(received_), frame, why);
    if (progress.step == wire::ServerProtocol::Step::kBroken)
      throw std::runtime_error(why.to_string());
    if (progress.step == wire::ServerProtocol::Step::kMore) break;
    SentFrame copy;
    if (progress.step == wire::ServerProtocol::Step::kSkip) {
      wire::native::Frames::Header header;
      std::memcpy(&header, received_.data(), sizeof header);
      copy.kind = static_cast<wire::FrameKind>(header.kind);
      copy.id = header.id;
      received_.erase(0, progress.consumed);
      sent.push_back(std::move(copy));
      continue;
    }
    copy.opens_stream = frame.opens_stream;
    copy.continues = frame.continues;
    copy.ends_side = frame.ends_side;
    copy.whole = frame.whole;
    copy.credit = frame.credit;
    copy.kind = frame.kind;
    copy.id = frame.id;
    copy.method_id = frame.method_id;
    copy.timeout = frame.timeout;
    copy.body = as_text(frame.body);
    Status metadata = frames_.read_metadata(frame, copy.metadata);
    if (!metadata.ok()) throw std::runtime_error(metadata.to_string());
    received_.erase(0, progress.consumed);
    sent.push_back(std::move(copy));
  }
  return sent;
}

std::vector<SentFrame> WickedServer::read(wire::FrameKind kind) {
  std::vector<SentFrame> sent = read();
  std::erase_if(sent, [kind](const SentFrame& frame) { return frame.kind != kind; });
  return sent;
}

void WickedServer::reply(std::uint64_t id, const TypeOps& type, const void* value,
                         const Metadata& metadata) {
  wire::ReplyHead head;
  head.id = id;
  head.metadata = &metadata;
  Buffer frame;
  Status written = frames_.write_reply(head, type, value, frame);
  if (!written.ok()) throw std::runtime_error(written.to_string());
  send(frame);
}

void WickedServer::reply(std::uint64_t id, std::int64_t value) {
  send(reply_bytes(id, value));
}

void WickedServer::fail(std::uint64_t id, const Status& status) {
  wire::ReplyHead head;
  head.id = id;
  Buffer frame;
  frames_.write_error(head, status, frame);
  send(frame);
}

void WickedServer::message(std::uint64_t id, const std::string& text) {
  Buffer bytes;
  Status written = native_codec().encode(type_ops<std::string>(), &text, bytes);
  if (!written.ok()) throw std::runtime_error(written.to_string());
  wire::StreamPiece piece;
  piece.id = id;
  piece.bytes = bytes.view();
  piece.whole = bytes.size();
  data(piece);
}

void WickedServer::data(const wire::StreamPiece& piece) {
  Buffer frame;
  frames_.write_stream_data(piece, frame);
  send(frame);
}

void WickedServer::credit(std::uint64_t id, std::uint64_t bytes) {
  Buffer frame;
  frames_.write_credit(id, bytes, frame);
  send(frame);
}

void WickedServer::initial_metadata(std::uint64_t id, const Metadata& metadata) {
  Buffer frame;
  frames_.write_initial_metadata(id, metadata, frame);
  send(frame);
}

void WickedServer::end(std::uint64_t id, const Metadata& metadata) {
  const Nothing nothing;
  reply(id, type_ops<Nothing>(), &nothing, metadata);
}

void WickedServer::ping(std::uint64_t id) {
  Buffer frame;
  wire::native::Frames::write_bare(wire::FrameKind::kPing, id, {}, frame);
  send(frame);
}

void WickedServer::pong(std::uint64_t id) {
  Buffer frame;
  frames_.write_pong(id, frame);
  send(frame);
}

void WickedServer::going_away(std::string_view message) {
  Buffer frame;
  frames_.write_going_away(message, frame);
  send(frame);
}

std::string WickedServer::reply_bytes(std::uint64_t id, std::int64_t value) {
  wire::native::ServerProtocol frames(native_codec(), Limits());
  wire::ReplyHead head;
  head.id = id;
  Buffer frame;
  Status written = frames.write_reply(head, type_ops<std::int64_t>(), &value, frame);
  if (!written.ok()) throw std::runtime_error(written.to_string());
  return std::string(as_text(frame.view()));
}

std::string WickedServer::accept_line(std::size_t max_message_bytes,
                                      std::size_t max_calls_in_flight) {
  wire::OptionReply reply;
  reply.max_message_bytes = max_message_bytes;
  reply.max_calls_in_flight = max_calls_in_flight;
  return wire::to_line(reply);
}

}  // namespace tern::test
