#include "stream/stream_pair.h"

#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <cstring>
#include <utility>

#include "stream/make_stream.h"

namespace tern::test {

namespace {

// How data travels in a Buffer from write_piece() to take_sent().
struct Head {
  std::uint64_t id;
  std::uint64_t whole;
  std::uint64_t size;
  std::uint8_t continues;
  std::uint8_t message;
  std::uint8_t end;
};

}  // namespace

std::deque<StreamEnd::Sent> StreamEnd::take_sent() {
  streams.process();
  std::deque<Sent> sent = std::exchange(control_, {});
  while (!hold_data && streams.can_send()) {
    Buffer out;
    streams.take(out);
    for (ByteView left = out.view(); !left.empty();) {
      Head head;
      std::memcpy(&head, left.data(), sizeof head);
      left = left.subspan(sizeof head);
      Sent one;
      one.id = head.id;
      one.number = head.whole;
      one.continues = head.continues != 0;
      one.bytes = as_text(left.first(head.size));
      left = left.subspan(head.size);
      if (head.end != 0) {
        one.kind = Sent::Kind::kEnd;
        one.outcome = outcomes_[head.id];
      } else if (head.message == 0) {
        one.kind = Sent::Kind::kHalfClose;
      }
      sent.push_back(std::move(one));
    }
  }
  streams.set_flushed();
  return sent;
}

void StreamEnd::receive(const Sent& sent) {
  stream::Stream* stream = streams.find(sent.id);
  if (!stream) return;  // it has ended here
  Status failure;
  switch (sent.kind) {
    case Sent::Kind::kData: {
      wire::Frame frame;
      frame.id = sent.id;
      frame.whole = sent.number;
      frame.continues = sent.continues;
      frame.body = as_bytes(sent.bytes);
      failure = streams.on_data(*stream, frame);
      break;
    }
    case Sent::Kind::kHalfClose:
      failure = streams.on_half_close(*stream);
      break;
    case Sent::Kind::kCredit:
      failure = streams.on_credit(*stream, sent.number);
      break;
    case Sent::Kind::kCancel:
      streams.end(*stream, Status(Code::kCancelled, "the peer has cancelled"), {},
                  stream::Stream::Unread::kDropped);
      return;
    case Sent::Kind::kEnd:
      streams.end(*stream, sent.outcome, {}, stream::Stream::Unread::kKept);
      return;
  }
  if (failure.ok()) return;
  faults[sent.id] = failure;
  on_stream_given_up(*stream, failure);
}

void StreamEnd::reply(std::uint64_t id, const Status& outcome) {
  stream::Stream* stream = streams.find(id);
  if (stream) on_stream_finished(*stream, outcome);
}

void StreamEnd::on_streams_work() noexcept {}

void StreamEnd::write_piece(const wire::StreamPiece& piece, Buffer& out) {
  Head head{};
  head.id = piece.id;
  head.whole = piece.whole;
  head.size = piece.bytes.size();
  head.continues = piece.continues ? 1 : 0;
  head.message = piece.message ? 1 : 0;
  std::memcpy(out.grow(sizeof head), &head, sizeof head);
  out.append(piece.bytes);
}

void StreamEnd::write_credit(std::uint64_t id, std::uint64_t bytes) {
  Sent credit;
  credit.kind = Sent::Kind::kCredit;
  credit.id = id;
  credit.number = bytes;
  control_.push_back(std::move(credit));
}

void StreamEnd::on_stream_given_up(stream::Stream& stream, const Status& why) {
  Sent cancel;
  cancel.kind = serves ? Sent::Kind::kEnd : Sent::Kind::kCancel;
  cancel.id = stream.id();
  cancel.outcome = why;
  control_.push_back(std::move(cancel));
  streams.end(stream, why, {}, stream::Stream::Unread::kDropped);
}

void StreamEnd::on_stream_finished(stream::Stream& stream, const Status& outcome) {
  outcomes_[stream.id()] = outcome;
  Head head{};
  head.id = stream.id();
  head.end = 1;
  std::memcpy(stream.begin_end().grow(sizeof head), &head, sizeof head);
  streams.set_end(stream);
}

void StreamEnd::on_stream_sent(stream::Stream& stream) {
  if (serves) {
    streams.end(stream, outcomes_[stream.id()], {}, stream::Stream::Unread::kDropped);
  }
}

StreamPair::StreamPair() : caller_(loop_.loop(), 1024 * 1024), handler_(loop_.loop(), 1024 * 1024) {
  handler_.serves = true;
}

StreamPair::~StreamPair() {
  settle();
}

StreamPair::Opened StreamPair::open(MethodKind kind) {
  Method method{};
  method.kind = kind;
  Opened opened;
  opened.caller = stream::make_stream(loop_.loop(), method, limits_, stream::Role::kCaller);
  opened.handler = stream::make_stream(loop_.loop(), method, limits_, stream::Role::kHandler);
  const std::uint64_t id = next_id_++;
  caller_.streams.add(opened.caller, id, native_codec(), limits_.stream_window);
  handler_.streams.add(opened.handler, id, native_codec(), limits_.stream_window);
  return opened;
}

void StreamPair::turn() {
  loop_.settle();
  std::deque<StreamEnd::Sent> there = caller_.take_sent();
  std::deque<StreamEnd::Sent> back = handler_.take_sent();
  for (const StreamEnd::Sent& one : there) handler_.receive(one);
  for (const StreamEnd::Sent& one : back) caller_.receive(one);
  caller_.streams.process();
  handler_.streams.process();
  loop_.settle();
}

void StreamPair::settle() {
  for (int quiet = 0; quiet < 3; ++quiet) {
    turn();
    if (caller_.streams.can_send() && !caller_.hold_data) quiet = 0;
    if (handler_.streams.can_send() && !handler_.hold_data) quiet = 0;
  }
}

void StreamPair::spawn(std::function<asio::awaitable<void>()> body) {
  asio::co_spawn(loop_.io(), std::move(body), asio::detached);
  loop_.settle();
}

}  // namespace tern::test
