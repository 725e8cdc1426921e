#include "http2/session_callbacks.h"

#include <algorithm>
#include <cstring>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "http2/nghttp2_values.h"

namespace tern::http2 {

namespace {

// Of HPACK, and what HTTP/2 counts for each field besides its bytes.
constexpr std::size_t kFieldOverhead = 32;
// Of most heads, at most.
constexpr std::size_t kUsualFields = 12;

}  // namespace

nghttp2_session_callbacks* Session::Callbacks::make() {
  nghttp2_session_callbacks* all = nullptr;
  check(nghttp2_session_callbacks_new(&all));
  nghttp2_session_callbacks_set_on_begin_frame_callback(all, on_begin_frame);
  nghttp2_session_callbacks_set_on_begin_headers_callback(all, on_begin_headers);
  nghttp2_session_callbacks_set_on_header_callback(all, on_header);
  nghttp2_session_callbacks_set_on_frame_recv_callback(all, on_frame);
  nghttp2_session_callbacks_set_on_invalid_frame_recv_callback(all, on_invalid_frame);
  nghttp2_session_callbacks_set_on_data_chunk_recv_callback(all, on_data);
  nghttp2_session_callbacks_set_on_stream_close_callback(all, on_close);
  nghttp2_session_callbacks_set_on_frame_send_callback(all, on_sent);
  nghttp2_session_callbacks_set_error_callback2(all, on_error);
  nghttp2_session_callbacks_set_send_callback(all, send);
  nghttp2_session_callbacks_set_send_data_callback(all, send_data);
  return all;
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

int Session::Callbacks::on_begin_frame(nghttp2_session*, const nghttp2_frame_hd* head, void* user) {
  Session& session = self(user);
  return session.guarded([&] {
    return session.look_at_frame(head->type, head->stream_id) ? 0
                                                              : int{NGHTTP2_ERR_CALLBACK_FAILURE};
  });
}

int Session::Callbacks::on_begin_headers(nghttp2_session*, const nghttp2_frame* frame, void* user) {
  return self(user).guarded([&] {
    Session& session = self(user);
    session.header_bytes_ = 0;
    session.head_.clear();
    session.head_stream_ = 0;
    if (session.wants_head(frame->headers.cat)) {
      session.head_.reserve(kUsualFields);
      session.head_stream_ = frame->hd.stream_id;
      if (frame->headers.cat == NGHTTP2_HCAT_REQUEST) session.last_begun_ = frame->hd.stream_id;
    }
    return 0;
  });
}

int Session::Callbacks::on_header(nghttp2_session*, const nghttp2_frame* frame,
                                  const std::uint8_t* name, std::size_t name_size,
                                  const std::uint8_t* value, std::size_t value_size, std::uint8_t,
                                  void* user) {
  Session& session = self(user);
  return session.guarded([&] {
    const bool was_long = session.header_bytes_ > session.header_limit_;
    session.header_bytes_ += name_size + value_size + kFieldOverhead;
    if (!was_long && session.header_bytes_ > session.header_limit_) {
      session.guard_.note_long_head();
    }
    // Of what is over the limit only that is kept.
    if (session.head_stream_ != frame->hd.stream_id ||
        session.header_bytes_ > session.header_limit_) {
      return 0;
    }
    session.head_.emplace_back(
        std::piecewise_construct,
        std::forward_as_tuple(reinterpret_cast<const char*>(name), name_size),
        std::forward_as_tuple(reinterpret_cast<const char*>(value), value_size));
    return 0;
  });
}

int Session::Callbacks::on_frame(nghttp2_session*, const nghttp2_frame* frame, void* user) {
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

int Session::Callbacks::on_invalid_frame(nghttp2_session*, const nghttp2_frame*, int, void* user) {
  self(user).guard_.note_fault();
  return 0;
}

int Session::Callbacks::on_data(nghttp2_session* session, std::uint8_t, StreamId stream,
                                const std::uint8_t* bytes, std::size_t size, void* user) {
  return self(user).guarded([&] {
    // Only streams hold a client up: a connection's window would let one hold up the others.
    check(nghttp2_session_consume_connection(session, size));
    self(user).user_.on_data(stream, {reinterpret_cast<const std::byte*>(bytes), size});
    return 0;
  });
}

int Session::Callbacks::on_close(nghttp2_session*, StreamId stream, std::uint32_t code,
                                 void* user) {
  Session& session = self(user);
  return session.guarded([&] {
    if (session.head_stream_ == stream) session.head_stream_ = 0;
    session.forget(stream);
    session.user_.on_close(stream, code);
    return 0;
  });
}

int Session::Callbacks::on_sent(nghttp2_session*, const nghttp2_frame* frame, void* user) {
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

int Session::Callbacks::on_error(nghttp2_session*, int, const char* text, std::size_t size,
                                 void* user) {
  return self(user).guarded([&] {
    self(user).fault_.assign(text, size);
    return 0;
  });
}

// What fails while frames are made is not told to nghttp2, which would be left with half of one:
// send() throws when it has done all.
ssize_t Session::Callbacks::send(nghttp2_session*, const std::uint8_t* bytes, std::size_t size, int,
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
ssize_t Session::Callbacks::read_body(nghttp2_session* session, StreamId stream, std::uint8_t*,
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

int Session::Callbacks::send_data(nghttp2_session*, nghttp2_frame* frame, const std::uint8_t* head,
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
  found->second.body.take(size);
  session.unsent_bytes_ -= size;
  session.written_bytes_ += kHead + size;
  return 0;
}

}  // namespace tern::http2
