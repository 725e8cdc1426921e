#include "call/request_queue.h"

#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <optional>
#include <string_view>
#include <utility>

#include "call/failure_text.h"
#include "tern/codegen/stream_state.h"
#include "wire/check_limits.h"
#include "wire/native/client.h"

namespace tern::call {

namespace {

constexpr std::string_view kAuthorization = "authorization";

}  // namespace

RequestQueue::RequestQueue(Loop& loop, const ClientOptions& options, const std::string& address,
                           wire::ClientPreface preface,
                           std::function<void(std::uint64_t)> on_deadline)
    : loop_(loop),
      limits_(options.limits),
      address_(address),
      protocol_(std::move(preface.protocol)),
      native_(preface.native),
      holds_(protocol_->holds_requests()),
      pending_(loop, std::move(on_deadline)),
      taken_(preface.connect.size()),
      start_(preface.connect.size() + preface.option.size()),
      max_pending_(options.limits.calls_in_flight),
      max_streams_(options.limits.streams) {
  outgoing_.append(preface.option);
  learn_to_cut();
}

Status RequestQueue::send(std::uint64_t id, StartedCall& call, const void* argument,
                          const Metadata& metadata, std::chrono::nanoseconds time_left) {
  const Method& method = *call.method;
  StreamState* const stream = call.call->stream();
  if (pending_.size() >= max_pending_ || unsent() >= limits_.unsent_bytes || stream) {
    Status failure = why_not(method, stream != nullptr);
    // The program may have given it up meanwhile.
    if (failure.ok() && stream) failure = stream->read_status();
    if (!failure.ok()) return failure;
  }
  const bool carries_token = authorization_ && metadata.get(kAuthorization).empty();
  if (carries_token && !authorization_->ok()) {
    return authorization_->status().with_context(failure_text(method, address_, "not called"));
  }
  std::size_t before = outgoing_.size();
  try {
    std::optional<Metadata> with_token;
    const Metadata* sent = &metadata;
    if (carries_token) {
      with_token.emplace(metadata);
      with_token->add(std::string(kAuthorization), **authorization_);
      if (call.token) *call.token = token_number_;
      sent = &*with_token;
    }
    pending_.reserve();
    // Other protocols than ours cannot take back what they have written: the peer is told of types
    // once, and answers in the order of the requests.
    if (call.attempt && !native_) call.attempt->on_queued(id, ByteView());
    wire::RequestHead head;
    head.id = id;
    head.method = &method;
    head.timeout = time_left;
    head.deadline = call.deadline;
    head.metadata = sent;
    head.compression = call.compression;
    if (stream) {
      head.opens_stream = true;
      OpenedStream opened;
      opened.id = id;
      opened.stream = static_cast<stream::Stream*>(stream)->share();
      opened_.push_back(std::move(opened));
    }
    Status failure = protocol_->write_request(head, method.argument(), argument, outgoing_);
    if (!failure.ok()) {
      if (stream) opened_.pop_back();
      return failure.with_context(failure_text(method, address_, "request"))
          .with_handler_ran(HandlerRan::kNo);
    }
    if (call.attempt && native_) {
      call.attempt->on_queued(id, native_->native_argument(outgoing_));
    }
    if (outgoing_.size() - before > whole_bytes_ && !stream) {
      long_.take(id, outgoing_, before);
      has_more_ = true;
      pending_.insert(id, std::move(call), PendingCalls::kNotYet);
      return {};
    }
  } catch (const std::exception& thrown) {
    outgoing_.truncate(before);
    if (!opened_.empty() && opened_.back().id == id) opened_.pop_back();
    return Status(Code::kInternal,
                  failure_text(method, address_, fmt::format("request: {}", thrown.what())),
                  HandlerRan::kNo);
  }
  pending_.insert(
      id, std::move(call),
      holds_ ? PendingCalls::kNotYet : taken_ + outgoing_.size() - protocol_->request_tail());
  if (stream) {
    ++streams_;
    ++max_pending_;
    has_more_ = true;
    if (protocol_->cancel_ends_connection(id)) lone_stream_ = id;
  }
  return {};
}

// Why the request cannot be sent now, or OK.
Status RequestQueue::why_not(const Method& method, bool opens_stream) const {
  const auto refused = [&](Code code, const std::string& why) {
    return Status(code, failure_text(method, address_, why), HandlerRan::kNo);
  };
  if (opens_stream && !protocol_->has_streams()) {
    return why_no_streams().with_context(failure_text(method, address_, "not called"));
  }
  if (opens_stream && streams_ >= max_streams_) {
    return refused(Code::kResourceExhausted,
                   fmt::format("{} streams are open on the connection; the limit is {}", streams_,
                               max_streams_));
  }
  if (!opens_stream && pending_.size() >= max_pending_) {
    return refused(Code::kResourceExhausted,
                   fmt::format("{} calls are in flight on the connection; the limit is {}",
                               pending_.size() - streams_, max_pending_ - streams_));
  }
  if (unsent() >= limits_.unsent_bytes) {
    return refused(
        Code::kResourceExhausted,
        fmt::format("{} bytes wait to be sent; the limit is {}", unsent(), limits_.unsent_bytes));
  }
  return {};
}

// What the program has done is on its way to the loop. A stream that has been taken out without its
// answer is, too.
bool RequestQueue::lone_stream_is_given_up() const {
  if (!protocol_->cancel_ends_connection(lone_stream_)) return false;
  const CallState* call = pending_.look_up(lone_stream_);
  return !call || call->cancelled() || static_cast<const stream::Stream&>(*call->stream()).ended();
}

Status RequestQueue::why_no_streams() const {
  std::string_view why = "its protocol has no streams";
  if (native_) {
    why = wire::allow_streams(limits_)
              ? "the server has no streams: its half of the handshake has no StreamWindow"
              : "the client's limits allow no streams (Limits::streams and stream_window)";
  }
  return Status(Code::kUnimplemented, std::string(why), HandlerRan::kNo);
}

HandlerRan RequestQueue::write_cancel(std::uint64_t id) {
  const bool held = holds_ && protocol_->holds(id);
  const LongRequests::Removed removed =
      long_.empty() ? LongRequests::Removed::kNothing : long_.remove(id);
  if (removed != LongRequests::Removed::kNothing) set_more();
  if (removed != LongRequests::Removed::kUnheard) protocol_->write_cancel(id, outgoing_);
  return removed == LongRequests::Removed::kNothing && !held ? HandlerRan::kUnknown
                                                             : HandlerRan::kNo;
}

void RequestQueue::write_credit(std::uint64_t id, std::uint64_t bytes) {
  protocol_->write_credit(id, bytes, outgoing_);
}

std::vector<PendingCalls::Call> RequestQueue::take_all() {
  std::vector<PendingCalls::Call> all = pending_.take_all();
  max_pending_ -= std::exchange(streams_, 0);
  long_.clear();
  opened_.clear();
  set_more();
  return all;
}

bool RequestQueue::set_initial_metadata(std::uint64_t id, Metadata metadata) {
  CallState* call = pending_.look_up(id);
  if (!call || call->stream()) return false;
  call->set_initial_metadata(std::move(metadata));
  return true;
}

bool RequestQueue::count_stray(std::uint64_t id) noexcept {
  if (pending_.has(id) || !pending_.given_out(id)) return false;
  ++strays_.late;
  return true;
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
    max_pending_ = std::min(max_pending_, answer.max_calls_in_flight);  // no stream is open yet
  }
  if (answer.max_streams > 0) max_streams_ = std::min(max_streams_, answer.max_streams);
  learn_to_cut();
}

void RequestQueue::learn_to_cut() noexcept {
  if (base::MessageCutter* cutter = protocol_->cutter()) whole_bytes_ = cutter->rules().whole_bytes;
}

void RequestQueue::note_sent() noexcept {
  if (!holds_) return;
  while (const std::optional<wire::SentRequest> sent = protocol_->take_sent()) {
    pending_.set_request_end(sent->id, start_ + sent->end, loop_.now());
  }
}

std::uint64_t RequestQueue::write_last_words() {
  protocol_->write_answer(outgoing_);
  note_sent();
  return taken_ + outgoing_.size();
}

bool RequestQueue::take_outgoing(Buffer& out) {
  start_deadlines();
  if (holds_) {
    if (outgoing_.capacity() == 0) outgoing_ = loop_.take_buffer(last_size_);
    protocol_->write_answer(outgoing_);
    note_sent();
  }
  if (pending_.has_unwritten()) pending_.tell_written(loop_.now());
  stuck_ = 0;  // all that was taken before has been written, and what is taken now may be
  taken_ += outgoing_.size();
  if (!outgoing_.empty()) {
    last_size_ = outgoing_.size();
    out = std::move(outgoing_);
  } else if (outgoing_.capacity() > 0) {
    loop_.give_buffer(std::exchange(outgoing_, Buffer()));
  }
  return pending_.size() > 0;
}

std::vector<OpenedStream> RequestQueue::take_opened() {
  std::vector<OpenedStream> opened = std::exchange(opened_, {});
  std::erase_if(opened, [this](const OpenedStream& one) { return !pending_.has(one.id); });
  set_more();
  return opened;
}

bool RequestQueue::take_chunk(Buffer& out) {
  if (long_.empty()) return false;
  const std::size_t before = out.size();
  const std::optional<std::uint64_t> whole = long_.take_chunk(*protocol_->cutter(), out);
  taken_ += out.size() - before;
  if (whole) pending_.set_request_end(*whole, taken_, loop_.now());
  if (long_.empty()) set_more();
  return true;
}

void RequestQueue::release_memory() noexcept {
  if (outgoing_.empty()) outgoing_.release();
}

}  // namespace tern::call
