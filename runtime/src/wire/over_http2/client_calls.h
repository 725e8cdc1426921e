// The calls of a client's connection whose responses have not ended.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <utility>

#include "http2/client_session.h"
#include "http2/send_window.h"
#include "tern/clock.h"
#include "wire/client_protocol.h"
#include "wire/over_http2/client_response.h"

namespace tern::wire::over_http2 {

struct ClientCall {
  // What the server can know of a request.
  enum class Sent : std::uint8_t { kNothing, kHead, kAll };

  ClientCall(http2::StreamId on_stream, const RequestHead& head,
             std::unique_ptr<ClientResponse> its_response) noexcept
      : stream(on_stream),
        id(head.id),
        kind(head.method->kind),
        compression(head.compression),
        deadline(head.deadline),
        response(std::move(its_response)) {}

  // A server acts on a stream when its head has come, and on any other request when all of it has.
  bool held() const noexcept { return sent < (client_streams(kind) ? Sent::kHead : Sent::kAll); }

  const http2::StreamId stream;
  const std::uint64_t id;
  const MethodKind kind;
  const Compression compression;  // of what the client sends
  const Clock::TimePoint deadline;
  Sent sent = Sent::kNothing;
  bool open = true;          // its stream
  http2::SendWindow window;  // for what the client sends
  const std::unique_ptr<ClientResponse> response;
};

// Found by their streams, and by the ids that the client gave them.
class ClientCalls {
  using ByStream = std::map<http2::StreamId, ClientCall>;

 public:
  using Taken = ByStream::node_type;

  // Null if the call has ended.
  ClientCall* on_stream(http2::StreamId stream) noexcept;
  ClientCall* find(std::uint64_t id) noexcept;
  const ClientCall* find(std::uint64_t id) const noexcept {
    return const_cast<ClientCalls*>(this)->find(id);
  }

  // Its stream is beyond those that were. Throws std::bad_alloc; then it is not in.
  ClientCall& add(http2::StreamId stream, const RequestHead& head,
                  std::unique_ptr<ClientResponse> response);
  // One of those that are in.
  Taken take(const ClientCall& call) noexcept;

  template <typename Visit>
  void for_each(Visit visit) {
    for (auto& [stream, call] : by_stream_) visit(call);
  }

 private:
  ByStream by_stream_;
  std::map<std::uint64_t, http2::StreamId> streams_;
};

}  // namespace tern::wire::over_http2
