#include "http2/session.h"

#include <fmt/format.h>
#include <nghttp2/nghttp2.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <new>

#include "http2/nghttp2_values.h"

namespace tern::http2 {

namespace {

// Streams that a client may reset at once, and how many more each second: nghttp2's own defaults.
constexpr std::uint64_t kResets = 1000;
constexpr std::uint64_t kResetsASecond = 33;
// Of HPACK, and what HTTP/2 counts for each field besides its bytes.
constexpr std::size_t kFieldOverhead = 32;

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

template <typename F>
int Session::guarded(F work) noexcept {
  try {
    return work();
  } catch (...) {
    out_of_memory_ = true;
    return NGHTTP2_ERR_CALLBACK_FAILURE;
  }
}

// nghttp2 calls these, with the Session as the last argument.
struct Session::Callbacks {
  static Session& self(void* user) noexcept { return *static_cast<Session*>(user); }

  static int on_begin_frame(nghttp2_session*, const nghttp2_frame_hd* head, void* user) {
    Session& session = self(user);
    return session.guarded([&] {
      return session.look_at_frame(head->type, head->stream_id) ? 0
                                                                : int{NGHTTP2_ERR_CALLBACK_FAILURE};
    });
  }

  static int on_begin_headers(nghttp2_session*, const nghttp2_frame* frame, void* user) {
    return self(user).guarded([&] {
      self(user).header_bytes_ = 0;
      if (self(user).wants_head(frame->headers.cat)) {
        self(user).heads_.emplace(frame->hd.stream_id, Fields());
        if (frame->headers.cat == NGHTTP2_HCAT_REQUEST) {
          self(user).last_begun_ = frame->hd.stream_id;
        }
      }
      return 0;
    });
  }

  static int on_header(nghttp2_session*, const nghttp2_frame* frame, const std::uint8_t* name,
                       std::size_t name_size, const std::uint8_t* value, std::size_t value_size,
                       std::uint8_t, void* user) {
    Session& session = self(user);
    return session.guarded([&] {
      const bool was_long = session.header_bytes_ > session.header_limit_;
      session.header_bytes_ += name_size + value_size + kFieldOverhead;
      if (!was_long && session.header_bytes_ > session.header_limit_) {
        session.guard_.note_long_head();
      }
      auto found = session.heads_.find(frame->hd.stream_id);
      // Of what is over the limit only that is kept.
      if (found == session.heads_.end() || session.header_bytes_ > session.header_limit_) {
        return 0;
      }
      found->second.emplace_back(std::string(reinterpret_cast<const char*>(name), name_size),
                                 std::string(reinterpret_cast<const char*>(value), value_size));
      return 0;
    });
  }

  static int on_frame(nghttp2_session*, const nghttp2_frame* frame, void* user) {
    Session& session = self(user);
    session.note_frame(frame->hd.type, frame->hd.length, frame->hd.flags);
    return session.guarded([&] {
      const StreamId stream = frame->hd.stream_id;
      const bool ends = (frame->hd.flags & NGHTTP2_FLAG_END_STREAM) != 0;
      switch (frame->hd.type) {
        case NGHTTP2_HEADERS:
          if (!session.end_head(stream, ends) && ends) session.user_.on_end(stream);
          break;
        case NGHTTP2_DATA:
          if (ends) session.user_.on_end(stream);
          break;
        case NGHTTP2_PING:
          if ((frame->hd.flags & NGHTTP2_FLAG_ACK) != 0) {
            std::uint64_t number = 0;
            std::memcpy(&number, frame->ping.opaque_data, sizeof number);
            session.take_pong(number);
          }
          break;
        case NGHTTP2_WINDOW_UPDATE:
          if (stream != 0) {
            session.user_.on_window(
                stream, static_cast<std::uint64_t>(frame->window_update.window_size_increment));
          }
          break;
        case NGHTTP2_SETTINGS:
          session.note_settings();
          break;
        case NGHTTP2_GOAWAY:
          session.peer_goes_away_ = true;
          session.take_goaway(frame->goaway.error_code,
                              {reinterpret_cast<const char*>(frame->goaway.opaque_data),
                               frame->goaway.opaque_data_len});
          break;
        default:
          break;
      }
      return 0;
    });
  }

  static int on_invalid_frame(nghttp2_session*, const nghttp2_frame*, int, void* user) {
    self(user).guard_.note_fault();
    return 0;
  }

  static int on_data(nghttp2_session* session, std::uint8_t, StreamId stream,
                     const std::uint8_t* bytes, std::size_t size, void* user) {
    return self(user).guarded([&] {
      // Only streams hold a client up: a connection's window would let one hold up the others.
      check(nghttp2_session_consume_connection(session, size));
      self(user).user_.on_data(stream, {reinterpret_cast<const std::byte*>(bytes), size});
      return 0;
    });
  }

  static int on_close(nghttp2_session*, StreamId stream, std::uint32_t code, void* user) {
    Session& session = self(user);
    return session.guarded([&] {
      session.heads_.erase(stream);
      session.forget(stream);
      session.user_.on_close(stream, code);
      return 0;
    });
  }

  static int on_sent(nghttp2_session*, const nghttp2_frame* frame, void* user) {
    const bool head = frame->hd.type == NGHTTP2_HEADERS;
    const bool data = frame->hd.type == NGHTTP2_DATA;
    Session& session = self(user);
    if (head || data || frame->hd.type == NGHTTP2_WINDOW_UPDATE) session.guard_.note_sent();
    if (!head && !data) return 0;
    session.guarded([&] {
      if (head) session.on_sent_head(frame->hd.stream_id);
      if ((frame->hd.flags & NGHTTP2_FLAG_END_STREAM) != 0) {
        session.on_sent_end(frame->hd.stream_id);
      }
      return 0;
    });
    return 0;
  }

  static int on_error(nghttp2_session*, int, const char* text, std::size_t size, void* user) {
    return self(user).guarded([&] {
      self(user).fault_.assign(text, size);
      return 0;
    });
  }

  // What fails while frames are made is not told to nghttp2, which would be left with half of one:
  // send() throws when it has done all.
  static ssize_t send(nghttp2_session*, const std::uint8_t* bytes, std::size_t size, int,
                      void* user) {
    Session& session = self(user);
    session.guarded([&] {
      session.out_->append({reinterpret_cast<const std::byte*>(bytes), size});
      return 0;
    });
    session.written_bytes_ += size;
    return static_cast<ssize_t>(size);
  }

  // How much of the body goes into the next frame; send_data() appends it.
  static ssize_t read_body(nghttp2_session* session, StreamId stream, std::uint8_t*,
                           std::size_t most, std::uint32_t* flags, nghttp2_data_source*,
                           void* user) {
    Session& self_session = self(user);
    auto found = self_session.outgoing_.find(stream);
    if (found == self_session.outgoing_.end()) return NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE;
    Outgoing& outgoing = found->second;
    const std::size_t size = std::min(most, outgoing.body.size());
    if (size == 0 && !outgoing.finished) {
      outgoing.deferred = true;
      return NGHTTP2_ERR_DEFERRED;
    }
    *flags |= NGHTTP2_DATA_FLAG_NO_COPY;
    if (size == outgoing.body.size() && outgoing.finished) {
      *flags |= NGHTTP2_DATA_FLAG_EOF;
      if (outgoing.trailers.empty()) return static_cast<ssize_t>(size);
      *flags |= NGHTTP2_DATA_FLAG_NO_END_STREAM;
      self_session.guarded([&] {
        const std::vector<nghttp2_nv> trailers = name_values(outgoing.trailers);
        check(nghttp2_submit_trailer(session, stream, trailers.data(), trailers.size()));
        return 0;
      });
    }
    return static_cast<ssize_t>(size);
  }

  static int send_data(nghttp2_session*, nghttp2_frame* frame, const std::uint8_t* head,
                       std::size_t size, nghttp2_data_source*, void* user) {
    constexpr std::size_t kHead = 9;
    Session& session = self(user);
    auto found = session.outgoing_.find(frame->hd.stream_id);
    if (found == session.outgoing_.end()) return NGHTTP2_ERR_CALLBACK_FAILURE;
    session.guarded([&] {
      session.out_->append({reinterpret_cast<const std::byte*>(head), kHead});
      session.out_->append(found->second.body.view().first(size));
      return 0;
    });
    found->second.body.consume(size);
    session.unsent_bytes_ -= size;
    session.written_bytes_ += kHead + size;
    return 0;
  }
};

Session::Session(Role role, const Settings& settings, SessionUser& user)
    : user_(user),
      header_limit_(settings.header_bytes),
      role_(role),
      frame_heads_(role == Role::kServer ? NGHTTP2_CLIENT_MAGIC_LEN : 0) {
  Owned<nghttp2_session_callbacks, nghttp2_session_callbacks_del> callbacks;
  check(nghttp2_session_callbacks_new(&callbacks.value));
  nghttp2_session_callbacks* all = callbacks.value;
  nghttp2_session_callbacks_set_on_begin_frame_callback(all, Callbacks::on_begin_frame);
  nghttp2_session_callbacks_set_on_begin_headers_callback(all, Callbacks::on_begin_headers);
  nghttp2_session_callbacks_set_on_header_callback(all, Callbacks::on_header);
  nghttp2_session_callbacks_set_on_frame_recv_callback(all, Callbacks::on_frame);
  nghttp2_session_callbacks_set_on_invalid_frame_recv_callback(all, Callbacks::on_invalid_frame);
  nghttp2_session_callbacks_set_on_data_chunk_recv_callback(all, Callbacks::on_data);
  nghttp2_session_callbacks_set_on_stream_close_callback(all, Callbacks::on_close);
  nghttp2_session_callbacks_set_on_frame_send_callback(all, Callbacks::on_sent);
  nghttp2_session_callbacks_set_error_callback2(all, Callbacks::on_error);
  nghttp2_session_callbacks_set_send_callback(all, Callbacks::send);
  nghttp2_session_callbacks_set_send_data_callback(all, Callbacks::send_data);
  Owned<nghttp2_option, nghttp2_option_del> option;
  check(nghttp2_option_new(&option.value));
  nghttp2_option_set_no_auto_window_update(option.value, 1);
  nghttp2_option_set_no_closed_streams(option.value, 1);
  nghttp2_option_set_stream_reset_rate_limit(option.value, kResets, kResetsASecond);
  // Until the server has said how many streams it takes, one goes ahead: it would refuse others.
  nghttp2_option_set_peer_max_concurrent_streams(option.value, 1);
  nghttp2_session* session = nullptr;
  check(role == Role::kServer
            ? nghttp2_session_server_new3(&session, all, this, option.value, nullptr)
            : nghttp2_session_client_new3(&session, all, this, option.value, nullptr));
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
  if (session_is_lost_) static_cast<void>(session_.release());
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
  std::size_t given = 0;
  for (std::size_t at = 0; at < in.size();) {
    at += frame_heads_.skip(in.size() - at);
    if (at == in.size() || !frame_heads_.add(in[at++])) continue;
    guard_.note_frame();
    if (frame_heads_.type() != NGHTTP2_DATA) continue;
    // What stands before it may be the end of its stream: it is read without the last byte of this
    // head.
    const std::ptrdiff_t read = give(in.subspan(given, at - 1 - given));
    if (read < 0) return read;
    given = at - 1;
    look_at_data(frame_heads_.stream());
  }
  return give(in.subspan(given));
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
  auto found = heads_.find(stream);
  if (found == heads_.end()) return false;
  Head head{std::move(found->second), ends, header_bytes_ > header_limit_};
  heads_.erase(found);
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
  out.append(pending_.view());
  pending_.release();
  send(out);
}

void Session::send(Buffer& out) {
  out_ = &out;
  const int result = nghttp2_session_send(session_.get());
  out_ = nullptr;
  // nghttp2 1.52 cannot be deleted then: a request that it had begun is in no state that it knows.
  if (result == NGHTTP2_ERR_NOMEM) session_is_lost_ = true;
  if (out_of_memory_ || result == NGHTTP2_ERR_NOMEM) throw std::bad_alloc();
}

void Session::append(StreamId stream, ByteView first, ByteView second) {
  Outgoing* outgoing = find_outgoing(stream);
  if (!outgoing) return;
  Buffer& body = outgoing->body;
  body.reserve(first.size() + second.size());
  body.append(first);
  body.append(second);
  unsent_bytes_ += first.size() + second.size();
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
