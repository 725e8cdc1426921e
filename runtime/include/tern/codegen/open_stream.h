// How generated stubs open streams.
#pragma once

#include <memory>
#include <utility>

#include "tern/call.h"
#include "tern/call_options.h"
#include "tern/caller_streams.h"
#include "tern/channel.h"
#include "tern/codegen/call_state.h"
#include "tern/codegen/method.h"
#include "tern/codegen/stream_state.h"

namespace tern {

// A call with a stream, which lives as long as the call.
template <typename R>
class StreamCallOf final : public CallStateOf<R> {
 public:
  explicit StreamCallOf(std::shared_ptr<StreamState> stream)
      : CallStateOf<R>(stream.get()), stream_(std::move(stream)) {}

 private:
  std::shared_ptr<StreamState> stream_;
};

// A stream for a channel that has none: it has ended.
std::shared_ptr<StreamState> make_ended_stream();
// What a call of a channel without streams fails with.
Status no_streams(const Method& method);

// What a generated stub's methods do. `S` is one of the three classes above, `R` what the reply is
// decoded into.
template <typename S, typename R>
S open_stream(Channel& channel, const Method& method, const void* argument,
              const CallOptions& options) {
  std::shared_ptr<StreamState> stream = channel.make_stream(method);
  const bool has_streams = stream != nullptr;
  if (!has_streams) stream = make_ended_stream();
  CallRef call(new StreamCallOf<R>(stream));
  if (has_streams) {
    channel.start(method, argument, options, call);
  } else {
    call->complete(no_streams(method));
  }
  return S(stream, std::move(call));
}
template <typename T>
ServerStream<T> open_server_stream(Channel& channel, const Method& method, const void* argument,
                                   const CallOptions& options) {
  return open_stream<ServerStream<T>, Nothing>(channel, method, argument, options);
}
template <typename T, typename R>
ClientStream<T, R> open_client_stream(Channel& channel, const Method& method,
                                      const CallOptions& options) {
  return open_stream<ClientStream<T, R>, typename Call<R>::Value>(channel, method, nullptr,
                                                                  options);
}
template <typename T, typename U>
BidiStream<T, U> open_bidi_stream(Channel& channel, const Method& method,
                                  const CallOptions& options) {
  return open_stream<BidiStream<T, U>, Nothing>(channel, method, nullptr, options);
}

}  // namespace tern
