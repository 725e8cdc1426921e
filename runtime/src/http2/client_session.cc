#include "http2/client_session.h"

#include <nghttp2/nghttp2.h>

#include <array>
#include <cstring>
#include <functional>
#include <utility>
#include <vector>

#include "http2/nghttp2_values.h"

namespace tern::http2 {

ClientSession::ClientSession(const Settings& settings, ClientSessionUser& user)
    : Session(Role::kClient, settings, user), user_(user) {}

bool ClientSession::wants_head(int category) const noexcept {
  return category == NGHTTP2_HCAT_RESPONSE || category == NGHTTP2_HCAT_HEADERS;
}

StreamId ClientSession::request(const Fields& fields, Buffer body, bool ends) {
  const StreamId stream = next_stream();
  if (stream <= 0 || nghttp2_session_check_request_allowed(native()) == 0) return 0;
  const std::vector<nghttp2_nv> head = name_values(fields);
  Outgoing outgoing;
  outgoing.body = UnsentBody(std::move(body));
  outgoing.finished = ends;
  auto submit = [&](const BodySource& source) {
    return nghttp2_submit_request(native(), nullptr, head.data(), head.size(), &source.provider,
                                  nullptr);
  };
  const int result = begin_body(stream, std::ref(submit), std::move(outgoing));
  return result > 0 ? result : 0;
}

void ClientSession::finish(StreamId stream) {
  if (Outgoing* outgoing = find_outgoing(stream)) finish_body(stream, *outgoing);
}

void ClientSession::ping(std::uint64_t number) {
  std::array<std::uint8_t, sizeof number> opaque{};
  std::memcpy(opaque.data(), &number, sizeof number);
  check(nghttp2_submit_ping(native(), NGHTTP2_FLAG_NONE, opaque.data()));
}

StreamId ClientSession::next_stream() const noexcept {
  const std::uint32_t next = nghttp2_session_get_next_stream_id(native());
  return next > static_cast<std::uint32_t>(kLastStream) ? 0 : static_cast<StreamId>(next);
}

void ClientSession::set_next_stream(StreamId stream) noexcept {
  nghttp2_session_set_next_stream_id(native(), stream);
}

}  // namespace tern::http2
