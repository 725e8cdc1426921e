#include "wire/grpc/http2_server.h"

#include <nghttp2/nghttp2.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "wire/grpc/name_values.h"

namespace tern::test {

struct Http2Server::Callbacks {
  static Http2Server& self(void* user) { return *static_cast<Http2Server*>(user); }

  static int on_header(nghttp2_session*, const nghttp2_frame* frame, const std::uint8_t* name,
                       std::size_t name_size, const std::uint8_t* value, std::size_t value_size,
                       std::uint8_t, void* user) {
    self(user).requests_[frame->hd.stream_id].head.emplace_back(
        std::string(reinterpret_cast<const char*>(name), name_size),
        std::string(reinterpret_cast<const char*>(value), value_size));
    return 0;
  }
  static int on_data(nghttp2_session*, std::uint8_t, std::int32_t stream, const std::uint8_t* bytes,
                     std::size_t size, void* user) {
    self(user).requests_[stream].body.append(reinterpret_cast<const char*>(bytes), size);
    return 0;
  }
  static int on_frame(nghttp2_session*, const nghttp2_frame* frame, void* user) {
    if ((frame->hd.type == NGHTTP2_DATA || frame->hd.type == NGHTTP2_HEADERS) &&
        (frame->hd.flags & NGHTTP2_FLAG_END_STREAM) != 0) {
      self(user).requests_[frame->hd.stream_id].ended = true;
    }
    if (frame->hd.type == NGHTTP2_PING && (frame->hd.flags & NGHTTP2_FLAG_ACK) != 0) {
      --self(user).pings_unanswered_;
    }
    return 0;
  }
  static int on_close(nghttp2_session*, std::int32_t stream, std::uint32_t code, void* user) {
    self(user).requests_[stream].over = true;
    self(user).requests_[stream].reset = code;
    return 0;
  }
  static ssize_t send(nghttp2_session*, const std::uint8_t* bytes, std::size_t size, int,
                      void* user) {
    self(user).out_.append(reinterpret_cast<const char*>(bytes), size);
    return static_cast<ssize_t>(size);
  }
  static ssize_t read(nghttp2_session* session, std::int32_t stream, std::uint8_t* into,
                      std::size_t most, std::uint32_t* flags, nghttp2_data_source*, void* user) {
    Sending& sending = self(user).sending_[stream];
    const std::size_t size = std::min(most, sending.bytes.size());
    if (size == 0 && !sending.ends) return NGHTTP2_ERR_DEFERRED;
    std::memcpy(into, sending.bytes.data(), size);
    sending.bytes.erase(0, size);
    if (sending.bytes.empty() && sending.ends) {
      *flags |= NGHTTP2_DATA_FLAG_EOF;
      if (!sending.trailers.empty()) {
        *flags |= NGHTTP2_DATA_FLAG_NO_END_STREAM;
        const std::vector<nghttp2_nv> trailers = name_values(sending.trailers);
        nghttp2_submit_trailer(session, stream, trailers.data(), trailers.size());
      }
    }
    return static_cast<ssize_t>(size);
  }
};

Http2Server::Http2Server(const Settings& settings) {
  nghttp2_session_callbacks* callbacks = nullptr;
  nghttp2_session_callbacks_new(&callbacks);
  nghttp2_session_callbacks_set_on_header_callback(callbacks, Callbacks::on_header);
  nghttp2_session_callbacks_set_on_data_chunk_recv_callback(callbacks, Callbacks::on_data);
  nghttp2_session_callbacks_set_on_frame_recv_callback(callbacks, Callbacks::on_frame);
  nghttp2_session_callbacks_set_on_stream_close_callback(callbacks, Callbacks::on_close);
  nghttp2_session_callbacks_set_send_callback(callbacks, Callbacks::send);
  nghttp2_option* option = nullptr;
  nghttp2_option_new(&option);
  nghttp2_option_set_no_auto_window_update(option, 1);
  nghttp2_session_server_new2(&session_, callbacks, this, option);
  nghttp2_option_del(option);
  nghttp2_session_callbacks_del(callbacks);
  const std::array<nghttp2_settings_entry, 2> entries = {
      {{NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, settings.streams},
       {NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, settings.window}}};
  nghttp2_submit_settings(session_, NGHTTP2_FLAG_NONE, entries.data(), entries.size());
}

Http2Server::~Http2Server() {
  nghttp2_session_del(session_);
}

void Http2Server::respond(std::int32_t stream, const Fields& head, bool ends) {
  nghttp2_data_provider provider{};
  provider.read_callback = Callbacks::read;
  const std::vector<nghttp2_nv> fields = name_values(head);
  nghttp2_submit_response(session_, stream, fields.data(), fields.size(),
                          ends ? nullptr : &provider);
}

void Http2Server::send(std::int32_t stream, std::string_view body) {
  sending_[stream].bytes.append(body);
  nghttp2_session_resume_data(session_, stream);
}

void Http2Server::finish(std::int32_t stream, const Fields& trailers) {
  sending_[stream].trailers = trailers;
  sending_[stream].ends = true;
  nghttp2_session_resume_data(session_, stream);
}

void Http2Server::reset(std::int32_t stream, std::uint32_t code) {
  nghttp2_submit_rst_stream(session_, NGHTTP2_FLAG_NONE, stream, code);
}

void Http2Server::go_away(std::int32_t last_stream, std::uint32_t code, std::string_view text) {
  nghttp2_submit_goaway(session_, NGHTTP2_FLAG_NONE, last_stream, code,
                        reinterpret_cast<const std::uint8_t*>(text.data()), text.size());
}

void Http2Server::open_window(std::int32_t stream, std::int32_t bytes) {
  nghttp2_submit_window_update(session_, NGHTTP2_FLAG_NONE, stream, bytes);
}

void Http2Server::ping() {
  nghttp2_submit_ping(session_, NGHTTP2_FLAG_NONE, nullptr);
  ++pings_unanswered_;
}

void Http2Server::limit_streams(std::uint32_t streams) {
  const nghttp2_settings_entry entry = {NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, streams};
  nghttp2_submit_settings(session_, NGHTTP2_FLAG_NONE, &entry, 1);
}

std::string Http2Server::take_bytes() {
  nghttp2_session_send(session_);
  return std::exchange(out_, {});
}

void Http2Server::receive(std::string_view bytes) {
  nghttp2_session_mem_recv(session_, reinterpret_cast<const std::uint8_t*>(bytes.data()),
                           bytes.size());
}

std::string_view Http2Server::Request::field(std::string_view name) const {
  for (const auto& [key, value] : head) {
    if (key == name) return value;
  }
  return {};
}

}  // namespace tern::test
