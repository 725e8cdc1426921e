#include "fuzz/session_peer.h"

#include <algorithm>
#include <utility>

#include "fuzz/expect.h"
#include "tern/endpoint.h"
#include "wire/client_setup.h"
#include "wire/http_connect.h"
#include "wire/native/frames.h"
#include "wire/protocols.h"

namespace fuzz {
namespace {

tern::Limits make_limits() {
  tern::Limits limits;
  limits.stream_window = SessionPeer::kStreamWindow;
  return limits;
}

}  // namespace

SessionPeer::SessionPeer(tern::sim::Via via, const tern::ServerOptions& options, StreamBook& book)
    : via_(via), ledger_(options, book) {
  tern::Result<tern::Endpoint> endpoint =
      tern::parse_endpoint(tern::sim::via_address(via, "server"));
  expect(endpoint.ok(), "each way has an address");
  const std::string_view codec = tern::sim::via_codec(via);
  const tern::wire::Protocol& protocol = tern::wire::protocol_of_address(endpoint->protocol, codec);
  const std::chrono::nanoseconds time{0};
  static const tern::Limits kLimits = make_limits();
  tern::wire::ClientPreface preface;
  expect(
      protocol.call({*endpoint, kLimits, options.codecs, codec, time, time, false}, preface).ok(),
      "each protocol has a client");
  const bool connects = endpoint->over_http() && !protocol.connect_paths.empty();
  if (connects) handshake_ = tern::wire::http_connect_request(protocol.connect_paths.front().path);
  handshake_ += preface.option;
  frames_ = std::move(preface.protocol);
}

std::string SessionPeer::handshake() {
  return handshake_;
}

std::string SessionPeer::request(std::uint64_t id, const tern::Method& method, const void* argument,
                                 const tern::Metadata& metadata, std::chrono::nanoseconds timeout) {
  tern::wire::RequestHead head;
  head.id = id;
  head.method = &method;
  head.metadata = &metadata;
  head.timeout = timeout;
  return write_request(head, argument);
}

std::string SessionPeer::open(std::uint64_t id, const tern::Method& method, const void* argument,
                              const tern::Metadata& metadata, std::chrono::nanoseconds timeout) {
  tern::wire::RequestHead head;
  head.id = id;
  head.method = &method;
  head.metadata = &metadata;
  head.timeout = timeout;
  head.opens_stream = true;
  return write_request(head, argument);
}

std::string SessionPeer::write_request(const tern::wire::RequestHead& head, const void* argument) {
  tern::Buffer out;
  if (!frames_->write_request(head, head.method->argument(), argument, out).ok()) return {};
  return std::string(tern::as_text(out.view()));
}

std::string SessionPeer::credit(std::uint64_t id, std::uint64_t bytes) {
  tern::Buffer out;
  tern::wire::native::Frames::write_credit(tern::wire::FrameKind::kReplyCredit, id, bytes, out);
  return std::string(tern::as_text(out.view()));
}

std::string SessionPeer::cancel(std::uint64_t id) {
  tern::Buffer out;
  frames_->write_cancel(id, out);
  return std::string(tern::as_text(out.view()));
}

std::string SessionPeer::ping(std::uint64_t id) {
  tern::Buffer out;
  frames_->write_ping(id, out);
  return std::string(tern::as_text(out.view()));
}

void SessionPeer::send(std::string_view bytes) {
  queue_ += bytes;
  if (!held_) let_go(queue_.size());
}

void SessionPeer::let_go(std::size_t bytes) {
  const std::string_view now = std::string_view(queue_).substr(0, bytes);
  if (!gone_) {
    ledger_.sent(now);
    link_.left().send(now);
  }
  queue_.erase(0, now.size());
}

void SessionPeer::half_close() {
  link_.left().shutdown_write();
  gone_ = true;
}

void SessionPeer::reset() {
  link_.left().reset();
  gone_ = true;
}

void SessionPeer::close() {
  receive();
  link_.left().close();
  gone_ = true;
}

bool SessionPeer::receive() {
  if (!reads_) return false;
  const std::string come = link_.left().take_received();
  ledger_.received(come);
  for (std::size_t pings = ledger_.take_pings(); pings > 0; --pings) {
    tern::Buffer out;
    frames_->write_pong(0, out);
    send(tern::as_text(out.view()));
  }
  return !come.empty();
}

}  // namespace fuzz
