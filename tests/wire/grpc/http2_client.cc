#include "wire/grpc/http2_client.h"

#include <nghttp2/nghttp2.h>

#include <algorithm>
#include <cstring>

#include "wire/grpc/name_values.h"

namespace tern::test {

struct Http2Client::Callbacks {
  static Http2Client& self(void* user) { return *static_cast<Http2Client*>(user); }

  static int on_header(nghttp2_session*, const nghttp2_frame* frame, const std::uint8_t* name,
                       std::size_t name_size, const std::uint8_t* value, std::size_t value_size,
                       std::uint8_t, void* user) {
    Answer& answer = self(user).answers_[frame->hd.stream_id];
    Fields& to = frame->headers.cat == NGHTTP2_HCAT_RESPONSE ? answer.head : answer.trailers;
    to.emplace_back(std::string(reinterpret_cast<const char*>(name), name_size),
                    std::string(reinterpret_cast<const char*>(value), value_size));
    return 0;
  }
  static int on_data(nghttp2_session*, std::uint8_t, std::int32_t stream, const std::uint8_t* bytes,
                     std::size_t size, void* user) {
    self(user).answers_[stream].body.append(reinterpret_cast<const char*>(bytes), size);
    return 0;
  }
  static int on_close(nghttp2_session*, std::int32_t stream, std::uint32_t code, void* user) {
    self(user).answers_[stream].ended = true;
    self(user).answers_[stream].reset = code;
    return 0;
  }
  static int on_frame(nghttp2_session*, const nghttp2_frame* frame, void* user) {
    if (frame->hd.type == NGHTTP2_GOAWAY) {
      self(user).goaways_.push_back(frame->goaway.last_stream_id);
      self(user).goaway_code_ = frame->goaway.error_code;
    }
    return 0;
  }
  static ssize_t select_padding(nghttp2_session*, const nghttp2_frame* frame, std::size_t most,
                                void* user) {
    if (frame->hd.type != NGHTTP2_DATA) return static_cast<ssize_t>(frame->hd.length);
    return static_cast<ssize_t>(std::min(frame->hd.length + self(user).padding_, most));
  }
  static ssize_t send(nghttp2_session*, const std::uint8_t* bytes, std::size_t size, int,
                      void* user) {
    self(user).out_.append(reinterpret_cast<const char*>(bytes), size);
    return static_cast<ssize_t>(size);
  }
  static ssize_t read(nghttp2_session*, std::int32_t stream, std::uint8_t* into, std::size_t most,
                      std::uint32_t* flags, nghttp2_data_source*, void* user) {
    Sending& sending = self(user).sending_[stream];
    const std::size_t size = std::min(most, sending.bytes.size());
    if (size == 0 && !sending.ends) return NGHTTP2_ERR_DEFERRED;
    std::memcpy(into, sending.bytes.data(), size);
    sending.bytes.erase(0, size);
    if (sending.bytes.empty() && sending.ends) *flags |= NGHTTP2_DATA_FLAG_EOF;
    return static_cast<ssize_t>(size);
  }
};

Http2Client::Http2Client(std::uint32_t window, Windows windows) {
  nghttp2_session_callbacks* callbacks = nullptr;
  nghttp2_session_callbacks_new(&callbacks);
  nghttp2_session_callbacks_set_on_header_callback(callbacks, Callbacks::on_header);
  nghttp2_session_callbacks_set_on_data_chunk_recv_callback(callbacks, Callbacks::on_data);
  nghttp2_session_callbacks_set_on_stream_close_callback(callbacks, Callbacks::on_close);
  nghttp2_session_callbacks_set_on_frame_recv_callback(callbacks, Callbacks::on_frame);
  nghttp2_session_callbacks_set_select_padding_callback(callbacks, Callbacks::select_padding);
  nghttp2_session_callbacks_set_send_callback(callbacks, Callbacks::send);
  nghttp2_option* option = nullptr;
  nghttp2_option_new(&option);
  nghttp2_option_set_no_auto_window_update(option, windows == Windows::kByHand ? 1 : 0);
  nghttp2_session_client_new2(&session_, callbacks, this, option);
  nghttp2_option_del(option);
  nghttp2_session_callbacks_del(callbacks);
  const nghttp2_settings_entry entry = {NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, window};
  nghttp2_submit_settings(session_, NGHTTP2_FLAG_NONE, &entry, 1);
}

Http2Client::~Http2Client() {
  nghttp2_session_del(session_);
}

std::int32_t Http2Client::begin(const Fields& head, bool ends) {
  nghttp2_data_provider provider{};
  provider.read_callback = Callbacks::read;
  const std::vector<nghttp2_nv> fields = name_values(head);
  return nghttp2_submit_request(session_, nullptr, fields.data(), fields.size(),
                                ends ? nullptr : &provider, nullptr);
}

void Http2Client::send(std::int32_t stream, std::string_view body, bool ends) {
  sending_[stream].bytes.append(body);
  sending_[stream].ends = ends;
  nghttp2_session_resume_data(session_, stream);
}

void Http2Client::open_window(std::int32_t stream, std::int32_t bytes) {
  nghttp2_submit_window_update(session_, NGHTTP2_FLAG_NONE, stream, bytes);
}

void Http2Client::reset(std::int32_t stream, std::uint32_t code) {
  nghttp2_submit_rst_stream(session_, NGHTTP2_FLAG_NONE, stream, code);
}

std::string Http2Client::take_bytes() {
  nghttp2_session_send(session_);
  return std::exchange(out_, {});
}

void Http2Client::receive(std::string_view bytes) {
  nghttp2_session_mem_recv(session_, reinterpret_cast<const std::uint8_t*>(bytes.data()),
                           bytes.size());
}

std::string_view Http2Client::Answer::field(std::string_view name) const {
  for (const Fields* fields : {&head, &trailers}) {
    for (const auto& [key, value] : *fields) {
      if (key == name) return value;
    }
  }
  return {};
}

Fields grpc_head(std::string_view path, const Fields& more) {
  Fields head = {{":method", "POST"},    {":scheme", "http"}, {":path", std::string(path)},
                 {":authority", "here"}, {"te", "trailers"},  {"content-type", "application/grpc"}};
  head.insert(head.end(), more.begin(), more.end());
  return head;
}

std::string grpc_message(std::string_view message, char flags) {
  std::string result(1, flags);
  for (int shift = 24; shift >= 0; shift -= 8) {
    result += static_cast<char>(message.size() >> shift);
  }
  return result.append(message);
}

}  // namespace tern::test
