#include "http2/session.h"

#include <fmt/format.h>
#include <nghttp2/nghttp2.h>

#include <algorithm>
#include <array>
#include <new>

#include "http2/nghttp2_values.h"
#include "http2/session_callbacks.h"

namespace tern::http2 {

namespace {

// Streams that a client may reset at once, and how many more each second: nghttp2's own defaults.
constexpr std::uint64_t kResets = 1000;
constexpr std::uint64_t kResetsASecond = 33;
template <typename T, auto kDelete>
struct Owned {
  T* value = nullptr;
  ~Owned() { kDelete(value); }
};

}  // namespace

std::string_view error_name(std::uint32_t code) noexcept {
  return nghttp2_http2_strerror(code);
}

void Session::Deleter::operator()(nghttp2_session* session) const noexcept {
  nghttp2_session_del(session);
}

Session::Session(Role role, const Settings& settings, SessionUser& user)
    : user_(user),
      header_limit_(settings.header_bytes),
      role_(role),
      frame_heads_(role == Role::kServer ? NGHTTP2_CLIENT_MAGIC_LEN : 0) {
  Owned<nghttp2_session_callbacks, nghttp2_session_callbacks_del> callbacks{Callbacks::make()};
  Owned<nghttp2_option, nghttp2_option_del> option;
  check(nghttp2_option_new(&option.value));
  nghttp2_option_set_no_auto_window_update(option.value, 1);
  nghttp2_option_set_no_closed_streams(option.value, 1);
  nghttp2_option_set_stream_reset_rate_limit(option.value, kResets, kResetsASecond);
  // Until the server has said how many streams it takes, one goes ahead: it would refuse others.
  nghttp2_option_set_peer_max_concurrent_streams(option.value, 1);
  nghttp2_mem memory = allocator_of(memory_);
  nghttp2_session* session = nullptr;
  const auto make =
      role == Role::kServer ? nghttp2_session_server_new3 : nghttp2_session_client_new3;
  check(make(&session, callbacks.value, this, option.value, &memory));
  session_.reset(session);
  const std::array<nghttp2_settings_entry, 4> entries = {{
      {NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, settings.stream_window},
      {NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE, static_cast<std::uint32_t>(settings.header_bytes)},
      {NGHTTP2_SETTINGS_NO_RFC7540_PRIORITIES, 1},
      // Servers are not to push.
      role == Role::kServer ? nghttp2_settings_entry{NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS,
                                                     settings.concurrent_streams}
                            : nghttp2_settings_entry{NGHTTP2_SETTINGS_ENABLE_PUSH, 0},
  }};
  check(nghttp2_submit_settings(session, NGHTTP2_FLAG_NONE, entries.data(), entries.size()));
  check(nghttp2_session_set_local_window_size(
      session, NGHTTP2_FLAG_NONE, 0, static_cast<std::int32_t>(settings.connection_window)));
}

Session::~Session() {
  if (sending_ == Sending::kStuck) static_cast<void>(session_.release());
}

void Session::check(int result) {
  if (result == NGHTTP2_ERR_NOMEM) throw std::bad_alloc();
}

// --- Reading ---

Status Session::receive(ByteView in) {
  fault_.clear();
  const std::ptrdiff_t read = feed(in);
  if (out_of_memory_ || read == NGHTTP2_ERR_NOMEM) throw std::bad_alloc();
  largest_window_ =
      std::max(largest_window_, nghttp2_session_get_remote_window_size(session_.get()));
  // nghttp2 is at its end when it has written why.
  if (read >= 0) send(pending_);
  const bool reads_on = nghttp2_session_want_read(session_.get()) != 0;
  ended_ = !reads_on && (peer_goes_away_ || last_words_sent_) && fault_.empty();
  const bool too_much = guard_.flooded() || (role_ == Role::kServer && guard_.too_many_pings());
  if (read >= 0 && (reads_on || ended_) && !too_much) return {};
  if (too_much) {
    end_flood();
  } else if (broken_rule_) {
    check(nghttp2_session_terminate_session(session_.get(), NGHTTP2_PROTOCOL_ERROR));
  }
  if (fault_.empty()) {
    fault_ = read < 0 ? nghttp2_strerror(static_cast<int>(read)) : "the connection is at its end";
  }
  return Status(Code::kInternal, fmt::format("HTTP/2: {}", fault_), HandlerRan::kUnknown);
}

// nghttp2 says nothing of frames that it ignores, so their heads are looked at here, too.
std::ptrdiff_t Session::feed(ByteView in) {
  auto give = [this](ByteView part) -> std::ptrdiff_t {
    return nghttp2_session_mem_recv(session_.get(), as_uint8(part.data()), part.size());
  };
  ByteView given = in.first(0);
  // Whether what was not given may close a stream: a reset whose head came before may be in it.
  bool has_reset = frame_heads_.type() == NGHTTP2_RST_STREAM;
  StreamId ended = 0;  // what was not given ends the peer's side of it
  for (ByteView rest = in; !rest.empty();) {
    rest = rest.subspan(frame_heads_.skip(rest.size()));
    if (!frame_heads_.take(rest)) break;
    guard_.note_frame();
    const std::uint8_t type = frame_heads_.type();
    const StreamId stream = frame_heads_.stream();
    if (type == NGHTTP2_RST_STREAM) has_reset = true;
    if (type == NGHTTP2_DATA) {
      if (has_reset || stream == ended) {
        // The last byte of this head is not given, so that nghttp2 does not look at it first.
        const std::size_t before = in.size() - rest.size() - 1;
        const std::ptrdiff_t read = give(in.subspan(given.size(), before - given.size()));
        if (read < 0) return read;
        given = in.first(before);
        has_reset = false;
      }
      look_at_data(stream);
    }
    const bool ends = (frame_heads_.flags() & NGHTTP2_FLAG_END_STREAM) != 0;
    if (ends && (type == NGHTTP2_DATA || type == NGHTTP2_HEADERS)) ended = stream;
  }
  return give(in.subspan(given.size()));
}

void Session::note_frame(std::uint8_t type, std::size_t length, std::uint8_t flags) noexcept {
  const bool ends = (flags & NGHTTP2_FLAG_END_STREAM) != 0;
  if (type == NGHTTP2_HEADERS || (type == NGHTTP2_DATA && (length > 0 || ends))) {
    guard_.note_carrying();
  } else if (type == NGHTTP2_PING && (flags & NGHTTP2_FLAG_ACK) == 0) {
    guard_.note_ping();
  }
}

// RFC 9113, sections 5.1.1 and 6.3.
bool Session::look_at_frame(std::uint8_t type, StreamId stream) {
  if (type == NGHTTP2_PRIORITY && stream == 0) {
    fault_ = "PRIORITY came for the stream 0";
    broken_rule_ = true;
    return false;
  }
  if (type != NGHTTP2_HEADERS || !is_over(stream)) return true;
  fault_ = fmt::format("HEADERS came for the stream {}, which is over; the last one was {}", stream,
                       last_begun_);
  broken_rule_ = true;
  return false;
}

// Section 5.1. Once for a stream: what was on its way when this side reset it is no fault.
void Session::look_at_data(StreamId stream) {
  if (!is_over(stream) || std::exchange(last_closed_, stream) == stream) return;
  check(
      nghttp2_submit_rst_stream(session_.get(), NGHTTP2_FLAG_NONE, stream, NGHTTP2_STREAM_CLOSED));
}

bool Session::is_over(StreamId stream) const noexcept {
  return role_ == Role::kServer && stream % 2 == 1 && stream <= last_begun_ &&
         !nghttp2_session_find_stream(session_.get(), stream);
}

void Session::end_flood() {
  // gRPC's clients know the text, and ping less.
  std::string_view text;
  if (guard_.flooded()) {
    fault_ = "a flood of frames that carry nothing came";
  } else {
    fault_ = fmt::format("a ping came before its time more than {} times; one may come each 10 s",
                         FloodGuard::kStrikes);
    text = "too_many_pings";
  }
  check(nghttp2_submit_goaway(session_.get(), NGHTTP2_FLAG_NONE,
                              nghttp2_session_get_last_proc_stream_id(session_.get()),
                              NGHTTP2_ENHANCE_YOUR_CALM, as_uint8(text.data()), text.size()));
}

// False: nothing was to be kept of it.
bool Session::end_head(StreamId stream, bool ends) {
  if (head_stream_ != stream) return false;
  head_stream_ = 0;
  Head head{std::exchange(head_, {}), ends, header_bytes_ > header_limit_};
  take_head(stream, std::move(head));
  return true;
}

void Session::note_settings() {
  const std::uint32_t now =
      nghttp2_session_get_remote_settings(session_.get(), NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE);
  const std::uint32_t before = std::exchange(initial_window_, now);
  if (now != before) user_.on_initial_window(std::int64_t{now} - std::int64_t{before});
}

bool Session::has_room_for_streams() const noexcept {
  return nghttp2_session_get_remote_window_size(session_.get()) > largest_window_ / 4;
}

void Session::consume(StreamId stream, std::size_t bytes) {
  check(nghttp2_session_consume_stream(session_.get(), stream, bytes));
}

void Session::grant(StreamId stream, std::uint64_t bytes) {
  constexpr std::uint64_t kMost = 0x7fffffff;
  check(nghttp2_submit_window_update(session_.get(), NGHTTP2_FLAG_NONE, stream,
                                     static_cast<std::int32_t>(std::min(bytes, kMost))));
}

std::size_t Session::window(StreamId stream) const noexcept {
  const std::int32_t left = nghttp2_session_get_stream_local_window_size(session_.get(), stream);
  return left < 0 ? 0 : static_cast<std::size_t>(left);
}

int Session::begin_body(StreamId stream, const SubmitBody& submit, Outgoing outgoing) {
  const std::size_t bytes = outgoing.body.size();
  auto [place, fresh] = outgoing_.try_emplace(stream, std::move(outgoing));
  if (!fresh) return 0;
  BodySource body;
  body.provider.read_callback = Callbacks::read_body;
  const int result = submit(body);
  if (result < 0) outgoing_.erase(place);
  check(result);
  if (result >= 0) unsent_bytes_ += bytes;
  return result;
}

// --- Writing ---

bool Session::wants_write() const noexcept {
  return !pending_.empty() || nghttp2_session_want_write(session_.get()) != 0;
}

void Session::write(Buffer& out) {
  if (lost()) throw std::bad_alloc();
  sending_ = Sending::kLost;  // if it throws
  out.append(pending_.view());
  sending_ = Sending::kGood;
  pending_.release();
  send(out);
}

void Session::send(Buffer& out) {
  out_ = &out;
  const int result = nghttp2_session_send(session_.get());
  out_ = nullptr;
  // nghttp2 1.52 cannot be deleted then: a request that it had begun is in no state that it knows.
  if (result == NGHTTP2_ERR_NOMEM) {
    sending_ = Sending::kStuck;
  } else if (out_of_memory_) {
    sending_ = Sending::kLost;
  }
  if (lost()) throw std::bad_alloc();
}

void Session::append(StreamId stream, ByteView first, ByteView second) {
  Outgoing* outgoing = find_outgoing(stream);
  if (!outgoing) return;
  outgoing->body.append(first, second);
  unsent_bytes_ += first.size() + second.size();
  resume(stream, *outgoing);
}

void Session::append(StreamId stream, Buffer bytes) {
  Outgoing* outgoing = find_outgoing(stream);
  if (!outgoing) return;
  const std::size_t size = bytes.size();
  outgoing->body.append(std::move(bytes));
  unsent_bytes_ += size;
  resume(stream, *outgoing);
}

void Session::finish_body(StreamId stream, Outgoing& outgoing) {
  outgoing.finished = true;
  resume(stream, outgoing);
}

void Session::resume(StreamId stream, Outgoing& outgoing) {
  if (!std::exchange(outgoing.deferred, false)) return;
  check(nghttp2_session_resume_data(session_.get(), stream));
}

void Session::reset(StreamId stream, ErrorCode code) {
  check(nghttp2_submit_rst_stream(session_.get(), NGHTTP2_FLAG_NONE, stream,
                                  static_cast<std::uint32_t>(code)));
}

Session::Outgoing* Session::find_outgoing(StreamId stream) noexcept {
  auto found = outgoing_.find(stream);
  return found == outgoing_.end() ? nullptr : &found->second;
}

void Session::forget(StreamId stream) noexcept {
  auto found = outgoing_.find(stream);
  if (found == outgoing_.end()) return;
  unsent_bytes_ -= found->second.body.size();
  outgoing_.erase(found);
}

}  // namespace tern::http2
