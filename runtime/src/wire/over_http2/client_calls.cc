#include "wire/over_http2/client_calls.h"

#include <utility>

namespace tern::wire::over_http2 {

ClientCall* ClientCalls::on_stream(http2::StreamId stream) noexcept {
  auto found = by_stream_.find(stream);
  return found == by_stream_.end() ? nullptr : &found->second;
}

ClientCall* ClientCalls::find(std::uint64_t id) noexcept {
  auto found = streams_.find(id);
  return found == streams_.end() ? nullptr : on_stream(found->second);
}

ClientCall& ClientCalls::add(http2::StreamId stream, const RequestHead& head,
                             std::unique_ptr<ClientResponse> response) {
  auto at = by_stream_.try_emplace(by_stream_.end(), stream, stream, head, std::move(response));
  try {
    streams_.emplace(head.id, stream);
  } catch (...) {
    by_stream_.erase(at);
    throw;
  }
  return at->second;
}

ClientCalls::Taken ClientCalls::take(const ClientCall& call) noexcept {
  streams_.erase(call.id);
  return by_stream_.extract(call.stream);
}

}  // namespace tern::wire::over_http2
