// What nghttp2 calls of a Session.
#pragma once

#include <nghttp2/nghttp2.h>
#include <sys/types.h>

#include <cstddef>
#include <cstdint>

#include "http2/session.h"

namespace tern::http2 {

// Each with the Session as the last argument.
struct Session::Callbacks {
  // Throws std::bad_alloc. Whoever takes it deletes it.
  static nghttp2_session_callbacks* make();

  static int on_begin_frame(nghttp2_session*, const nghttp2_frame_hd* head, void* user);
  static int on_begin_headers(nghttp2_session*, const nghttp2_frame* frame, void* user);
  static int on_header(nghttp2_session*, const nghttp2_frame* frame, const std::uint8_t* name,
                       std::size_t name_size, const std::uint8_t* value, std::size_t value_size,
                       std::uint8_t, void* user);
  static int on_frame(nghttp2_session*, const nghttp2_frame* frame, void* user);
  static int on_invalid_frame(nghttp2_session*, const nghttp2_frame*, int, void* user);
  static int on_data(nghttp2_session* session, std::uint8_t, StreamId stream,
                     const std::uint8_t* bytes, std::size_t size, void* user);
  static int on_close(nghttp2_session*, StreamId stream, std::uint32_t code, void* user);
  static int on_sent(nghttp2_session*, const nghttp2_frame* frame, void* user);
  static int on_error(nghttp2_session*, int, const char* text, std::size_t size, void* user);
  static ssize_t send(nghttp2_session*, const std::uint8_t* bytes, std::size_t size, int,
                      void* user);
  static ssize_t read_body(nghttp2_session* session, StreamId stream, std::uint8_t*,
                           std::size_t most, std::uint32_t* flags, nghttp2_data_source*,
                           void* user);
  static int send_data(nghttp2_session*, nghttp2_frame* frame, const std::uint8_t* head,
                       std::size_t size, nghttp2_data_source*, void* user);

 private:
  static Session& self(void* user) noexcept { return *static_cast<Session*>(user); }
};

}  // namespace tern::http2
