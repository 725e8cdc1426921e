#include "call/request_queue.h"

#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <utility>

#include "call/failure_text.h"
#include "wire/native/client.h"

namespace tern::call {

namespace {

// Memory for requests that a connection keeps while it is in use.
constexpr std::size_t kKeptBytes = 8 * 1024 * 1024;

}  // namespace

RequestQueue::RequestQueue(Loop& loop, const ClientOptions& options, const std::string& address,
                           wire::ClientPreface preface,
                           std::function<void(std::uint64_t)> on_deadline)
    : loop_(loop),
      limits_(options.limits),
      address_(address),
      protocol_(std::move(preface.protocol)),
      native_(preface.native),
      pending_(loop, std::move(on_deadline)),
      taken_(preface.connect.size()),
      max_calls_(options.limits.calls_in_flight) {
  outgoing_.append(preface.option);
}

Status RequestQueue::send(std::uint64_t id, StartedCall& call, const void* argument,
                          const Metadata& metadata, std::chrono::nanoseconds time_left) {
  const Method& method = *call.method;
  if (pending_.size() >= max_calls_) {
    return Status(Code::kResourceExhausted,
                  failure_text(method, address_,
                               fmt::format("{} calls are in flight on the connection; the limit "
                                           "is {}",
                                           pending_.size(), max_calls_)),
                  HandlerRan::kNo);
  }
  if (unsent() >= limits_.unsent_bytes) {
    return Status(Code::kResourceExhausted,
                  failure_text(method, address_,
                               fmt::format("{} bytes wait to be sent; the limit is {}", unsent(),
                                           limits_.unsent_bytes)),
                  HandlerRan::kNo);
  }
  std::size_t before = outgoing_.size();
  try {
    pending_.reserve();
    // Other protocols than ours cannot take back what they have written: the peer is told of types
    // once, and answers in the order of the requests.
    if (call.attempt && !native_) call.attempt->on_queued(id, ByteView());
    wire::RequestHead head;
    head.id = id;
    head.method = &method;
    head.timeout = time_left;
    head.metadata = &metadata;
    Status failure = protocol_->write_request(head, method.argument(), argument, outgoing_);
    if (!failure.ok()) {
      return failure.with_context(failure_text(method, address_, "request"))
          .with_handler_ran(HandlerRan::kNo);
    }
    if (call.attempt && native_) {
      call.attempt->on_queued(id, native_->native_argument(outgoing_));
    }
  } catch (const std::exception& thrown) {
    outgoing_.truncate(before);
    return Status(Code::kInternal,
                  failure_text(method, address_, fmt::format("request: {}", thrown.what())),
                  HandlerRan::kNo);
  }
  pending_.insert(id, std::move(call), taken_ + outgoing_.size() - protocol_->request_tail());
  return {};
}

void RequestQueue::write_cancel(std::uint64_t id) {
  protocol_->write_cancel(id, outgoing_);
}

std::uint64_t RequestQueue::write_ping(std::uint64_t number) {
  protocol_->write_ping(number, outgoing_);
  return taken_ + outgoing_.size();
}

void RequestQueue::write_pong(std::uint64_t number) {
  if (unsent() < limits_.unsent_bytes) protocol_->write_pong(number, outgoing_);
}

void RequestQueue::take_limits(const wire::OptionReply& answer) {
  if (native_) native_->set_peer(answer.terms());
  if (answer.max_message_bytes > 0) {
    native_->set_peer_message_bytes(
        static_cast<std::size_t>(std::min<std::uint64_t>(answer.max_message_bytes, UINT32_MAX)));
  }
  if (answer.max_calls_in_flight > 0) {
    max_calls_ = std::min(max_calls_, answer.max_calls_in_flight);
  }
}

bool RequestQueue::take_outgoing(Buffer& out) {
  start_deadlines();
  if (pending_.has_unwritten()) pending_.tell_written(loop_.now());
  stuck_ = 0;  // all that was taken before has been written, and what is taken now may be
  taken_ += outgoing_.size();
  if (!outgoing_.empty() || out.capacity() <= kKeptBytes) std::swap(out, outgoing_);
  return pending_.size() > 0;
}

void RequestQueue::release_memory() noexcept {
  if (outgoing_.empty()) outgoing_.release();
}

}  // namespace tern::call
