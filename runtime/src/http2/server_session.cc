#include "http2/server_session.h"

#include <nghttp2/nghttp2.h>

#include <functional>
#include <utility>

#include "http2/nghttp2_values.h"

namespace tern::http2 {

ServerSession::ServerSession(const Settings& settings, SessionUser& user)
    : Session(Role::kServer, settings, user) {}

bool ServerSession::wants_head(int category) const noexcept {
  return category == NGHTTP2_HCAT_REQUEST;
}

void ServerSession::take_head(StreamId stream, Head head) {
  if (head.over_limit) {
    respond_alone(stream, {{":status", "431"}});
  } else {
    user().on_head(stream, std::move(head));
  }
}

void ServerSession::respond(StreamId stream, const Fields& fields) {
  const std::vector<nghttp2_nv> head = name_values(fields);
  auto submit = [&](const BodySource& body) {
    return nghttp2_submit_response(native(), stream, head.data(), head.size(), &body.provider);
  };
  begin_body(stream, std::ref(submit), Outgoing());
}

void ServerSession::respond_alone(StreamId stream, const Fields& fields) {
  const std::vector<nghttp2_nv> head = name_values(fields);
  check(nghttp2_submit_response(native(), stream, head.data(), head.size(), nullptr));
}

void ServerSession::finish(StreamId stream, Fields trailers) {
  Outgoing* outgoing = find_outgoing(stream);
  if (!outgoing) return;
  outgoing->trailers = std::move(trailers);
  finish_body(stream, *outgoing);
}

// An answer that has ended before its request: the client need not send the rest (RFC 9113, 8.1).
void ServerSession::on_sent_end(StreamId stream) {
  if (nghttp2_session_get_stream_remote_close(native(), stream) != 0) return;
  check(nghttp2_submit_rst_stream(native(), NGHTTP2_FLAG_NONE, stream, NGHTTP2_NO_ERROR));
}

void ServerSession::go_away() {
  if (std::exchange(going_away_, true)) return;
  check(nghttp2_submit_shutdown_notice(native()));
  check(nghttp2_submit_ping(native(), NGHTTP2_FLAG_NONE, nullptr));
}

// The only pings are those of go_away().
void ServerSession::take_pong(std::uint64_t) {
  if (!going_away_) return;
  check(nghttp2_submit_goaway(native(), NGHTTP2_FLAG_NONE,
                              nghttp2_session_get_last_proc_stream_id(native()), NGHTTP2_NO_ERROR,
                              nullptr, 0));
  note_last_words();
}

}  // namespace tern::http2
