// Streams of messages: what handlers and callers of methods with `stream` in the .rpc file have.
//
//   Watch(WatchRequest) -> stream Change;  Upload(stream Change) -> Summary;
//   Chat(stream Line) -> stream Line;
//
//   while (next(request, change)) {                             // a handler
//     if (out.try_write(change)) continue;                      // there was room: no suspension
//     if (!co_await out.write(change)) co_return out.status();  // the caller is gone, or time is
//     up
//   }
//
//   tern::ServerStream<Change> changes = store.Watch(request);  // a caller
//   Change change;
//   while (co_await changes.read(change)) use(change);
//   tern::Status end = changes.status();
//
// Messages arrive in order, each once. What was written before an error arrives before it. Who
// writes waits for who reads: on both sides about 64 KiB are kept of a stream. `timeout` bounds the
// whole stream.
//
// Three ways to wait: co_await, a callback (`then`), or blocking, on a thread that is no loop's. In
// each direction one at a time; a second one ends the stream with kFailedPrecondition.
// Threads: any, one at a time in each direction; cancel() from any.
#pragma once

#include <asio/awaitable.hpp>
#include <asio/use_awaitable.hpp>
#include <cstddef>
#include <memory>
#include <optional>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "tern/call.h"
#include "tern/codegen/stream_state.h"
#include "tern/codegen/stream_wait.h"
#include "tern/coroutines.h"
#include "tern/field.h"
#include "tern/loop_thread.h"
#include "tern/result.h"
#include "tern/service.h"

namespace tern {

// The reading side of a stream: of a handler, or a part of a caller's.
template <typename T>
class Reader {
 public:
  explicit Reader(std::shared_ptr<StreamState> state) noexcept : state_(std::move(state)) {}
  Reader(Reader&&) noexcept = default;
  Reader& operator=(Reader&& other) noexcept {
    if (this != &other) {
      if (state_) state_->release_reader();
      state_ = std::move(other.state_);
      last_ = other.last_;
    }
    return *this;
  }
  // A handler that lets go of its Reader reads no more: what still comes is dropped.
  ~Reader() {
    if (state_) state_->release_reader();
  }

  // The next message. False: there is none, and status() says why. `message` stays alive until
  // then; its memory is used again. A read that is cancelled loses no message.
  asio::awaitable<bool> read(T& message) {
    last_ = state_->try_read(type_ops<T>(), &message);
    if (last_ == StreamState::Read::kWait) {
      const asio::cancellation_state here = co_await asio::this_coro::cancellation_state;
      do {
        co_await async_stream_wait(state_, kWaitRead, asio::use_awaitable);
        last_ = state_->try_read(type_ops<T>(), &message);
      } while (last_ == StreamState::Read::kWait && !is_cancelled(here));
    }
    co_return last_ == StreamState::Read::kMessage;
  }
  // The same, for programs without coroutines: runs `done(bool)` once, on the loop's thread, and
  // not from within this call. An exception of `done` is logged and ends nothing. Throws
  // std::bad_alloc; then `done` never runs.
  template <typename F>
  void then(T& message, F&& done) {
    last_ = StreamState::Read::kMessage;
    const auto attempt = [&message](StreamState& stream) -> std::optional<bool> {
      const StreamState::Read last = stream.try_read(type_ops<T>(), &message);
      if (last == StreamState::Read::kWait) return std::nullopt;
      return last == StreamState::Read::kMessage;
    };
    stream_then(state_, kWaitRead, attempt, std::decay_t<F>(std::forward<F>(done)));
  }
  // The same, blocking. Not on a loop's thread, which would wait for itself: there it ends the
  // stream with kFailedPrecondition.
  bool get(T& message) {
    if (on_loop_thread()) {
      state_->cancel(blocks_loop("get()"));
      return false;
    }
    do {
      state_->block_read();
      last_ = state_->try_read(type_ops<T>(), &message);
    } while (last_ == StreamState::Read::kWait);
    return last_ == StreamState::Read::kMessage;
  }
  // Takes a message if one is here. False: none, or none any more.
  bool try_read(T& message) {
    last_ = state_->try_read(type_ops<T>(), &message);
    const bool found = last_ == StreamState::Read::kMessage;
    // No read waits, so none can have been cancelled: see status().
    if (last_ == StreamState::Read::kWait) last_ = StreamState::Read::kMessage;
    return found;
  }
  // Waits for one, and takes those that are here with it, at most `most`. `messages` is emptied
  // first. False: there is none any more.
  asio::awaitable<bool> read_batch(std::vector<T>& messages, std::size_t most) {
    return read_batch_of(*this, messages, most);
  }

  // Why there was no message: success if the peer ended its side in order. kCancelled if the read
  // was cancelled and the stream goes on.
  Status status() const {
    Status ended = state_->read_status();
    if (ended.ok() && last_ == StreamState::Read::kWait) {
      return Status(Code::kCancelled, "the read was cancelled; the stream goes on",
                    HandlerRan::kUnknown);
    }
    return ended;
  }

  static Status blocks_loop(std::string_view what) {
    return Status(Code::kFailedPrecondition,
                  std::string(what) +
                      " on an event loop's thread would wait for itself; use co_await or then()",
                  HandlerRan::kUnknown);
  }

 private:
  std::shared_ptr<StreamState> state_;
  StreamState::Read last_ = StreamState::Read::kMessage;
};

// The writing side of a stream: of a handler, or a part of a caller's.
template <typename T>
class Writer {
 public:
  explicit Writer(std::shared_ptr<StreamState> state) noexcept : state_(std::move(state)) {}
  Writer(Writer&&) noexcept = default;
  Writer& operator=(Writer&& other) noexcept {
    if (this != &other) {
      if (state_) state_->release_writer();
      state_ = std::move(other.state_);
    }
    return *this;
  }
  ~Writer() {
    if (state_) state_->release_writer();
  }

  // Queues the message, and waits before that while too much is queued. False: nobody will read it,
  // and status() says why.
  asio::awaitable<bool> write(const T& message) {
    StreamState::Write done = state_->try_write(type_ops<T>(), &message);
    while (done == StreamState::Write::kWait) {
      co_await async_stream_wait(state_, kWaitWrite, asio::use_awaitable);
      done = state_->try_write(type_ops<T>(), &message);
    }
    co_return done == StreamState::Write::kQueued;
  }
  // The same, for programs without coroutines: runs `done(bool)` once, on the loop's thread, and
  // not from within this call. `message` stays alive until then. Throws std::bad_alloc; then `done`
  // never runs.
  template <typename F>
  void then(const T& message, F&& done) {
    const auto attempt = [&message](StreamState& stream) -> std::optional<bool> {
      const StreamState::Write last = stream.try_write(type_ops<T>(), &message);
      if (last == StreamState::Write::kWait) return std::nullopt;
      return last == StreamState::Write::kQueued;
    };
    stream_then(state_, kWaitWrite, attempt, std::decay_t<F>(std::forward<F>(done)));
  }
  // The same, blocking: see Reader::get().
  bool put(const T& message) {
    if (on_loop_thread()) {
      state_->cancel(Reader<T>::blocks_loop("put()"));
      return false;
    }
    StreamState::Write done;
    do {
      state_->block_write();
      done = state_->try_write(type_ops<T>(), &message);
    } while (done == StreamState::Write::kWait);
    return done == StreamState::Write::kQueued;
  }
  // Queues the message if there is room. False: there is none now, or nobody will read it any more.
  bool try_write(const T& message) {
    return state_->try_write(type_ops<T>(), &message) == StreamState::Write::kQueued;
  }
  // Waits until the kernel has what was written. False: the stream has ended before that.
  asio::awaitable<bool> flushed() {
    co_await async_stream_wait(state_, kWaitFlushed, asio::use_awaitable);
    co_return state_->flushed();
  }

  // Success as long as the stream goes on.
  Status status() const { return state_->write_status(); }

  // Of a handler's that is kept (see kept()): ends the stream, behind what was written.
  void finish(Status outcome = {}) { state_->finish(std::move(outcome)); }

  const std::shared_ptr<StreamState>& state() const noexcept { return state_; }

 private:
  std::shared_ptr<StreamState> state_;
};

// A handler that returns this leaves its stream open: `writer`, which it has put where it will be
// used, ends it with finish(). So a stream without a coroutine costs no frame. The ServerContext
// is gone then.
//   tern::Reply<void> reply = tern::kept(out);
//   watchers_.push_back(std::move(out));
//   return reply;
template <typename T>
Reply<void> kept(Writer<T>& writer) {
  writer.state()->keep();
  return Reply<void>(KeptReply());
}

template <typename T>
Reader<T> ServerCall::reader() {
  return Reader<T>(stream());
}
template <typename T>
Writer<T> ServerCall::writer() {
  return Writer<T>(stream());
}

// What the caller's streams have in common. A stream that is dropped before its end is cancelled;
// that never blocks.
class CallerStream {
 public:
  CallerStream(const CallerStream&) = delete;
  CallerStream& operator=(const CallerStream&) = delete;

  // Ends the stream, with kCancelled unless it has ended. From any thread.
  void cancel() noexcept { call_->cancel(); }

  // How the stream has ended: success, or why not. While it goes on: success.
  Status status() const { return state_->read_status(); }
  // What the server sent before its first message, and with its end; empty until it is there.
  Metadata initial_metadata() const { return state_->initial_metadata(); }
  Metadata trailing_metadata() const { return state_->trailing_metadata(); }

 protected:
  CallerStream(std::shared_ptr<StreamState> state, CallRef call) noexcept
      : state_(std::move(state)), call_(std::move(call)) {}
  CallerStream(CallerStream&&) noexcept = default;
  CallerStream& operator=(CallerStream&& other) noexcept {
    if (this != &other) {
      drop();
      state_ = std::move(other.state_);
      call_ = std::move(other.call_);
    }
    return *this;
  }
  ~CallerStream() { drop(); }

  void drop() noexcept {
    if (state_ && !call_->done()) call_->cancel();
  }

  std::shared_ptr<StreamState> state_;
  CallRef call_;
};

// Watch(Request) -> stream T: the caller reads.
template <typename T>
class [[nodiscard]] ServerStream : public CallerStream {
 public:
  ServerStream(const std::shared_ptr<StreamState>& state, CallRef call) noexcept
      : CallerStream(state, std::move(call)), reader_(state) {}

  // As Reader has them.
  asio::awaitable<bool> read(T& message) { return reader_.read(message); }
  asio::awaitable<bool> read_batch(std::vector<T>& messages, std::size_t most) {
    return reader_.read_batch(messages, most);
  }
  bool try_read(T& message) { return reader_.try_read(message); }
  bool get(T& message) { return reader_.get(message); }
  template <typename F>
  void then(T& message, F&& done) {
    reader_.then(message, std::forward<F>(done));
  }
  Status status() const { return reader_.status(); }

 private:
  Reader<T> reader_;
};

// Upload(stream T) -> R: the caller writes, and has a result.
template <typename T, typename R>
class [[nodiscard]] ClientStream : public CallerStream {
 public:
  ClientStream(const std::shared_ptr<StreamState>& state, CallRef call) noexcept
      : CallerStream(state, call), result_(std::move(call)), writer_(state) {}

  // As Writer has them. False also if the server has answered already: finish() has its answer.
  asio::awaitable<bool> write(const T& message) { return writer_.write(message); }
  bool try_write(const T& message) { return writer_.try_write(message); }
  bool put(const T& message) { return writer_.put(message); }
  asio::awaitable<bool> flushed() { return writer_.flushed(); }
  template <typename F>
  void then(const T& message, F&& done) {
    writer_.then(message, std::forward<F>(done));
  }

  // How the messages that are written from now on are compressed. Only of a stream over gRPC that
  // was opened with kGzip (CallOptions or ClientOptions::grpc_compression), whose messages can be
  // of both kinds; else it has no effect. Any thread.
  void set_compression(Compression how) noexcept { state_->set_compression(how); }

  // No more messages; then the server's answer. One of the three, once, as Call has them.
  asio::awaitable<Result<R>> finish() {
    state_->end_writing();
    return result_.async();
  }
  Result<R> finish_get() {
    state_->end_writing();
    return result_.get();
  }
  template <typename F>
  void finish_then(F&& done) {
    state_->end_writing();
    result_.then(std::forward<F>(done));
  }

 private:
  Call<R> result_;
  Writer<T> writer_;
};

// Chat(stream T) -> stream U: the caller writes and reads, at the same time if it likes.
template <typename T, typename U>
class [[nodiscard]] BidiStream : public CallerStream {
 public:
  BidiStream(const std::shared_ptr<StreamState>& state, CallRef call) noexcept
      : CallerStream(state, std::move(call)), reader_(state), writer_(state) {}

  // As Reader and Writer have them.
  asio::awaitable<bool> read(U& message) { return reader_.read(message); }
  asio::awaitable<bool> read_batch(std::vector<U>& messages, std::size_t most) {
    return reader_.read_batch(messages, most);
  }
  bool try_read(U& message) { return reader_.try_read(message); }
  bool get(U& message) { return reader_.get(message); }
  asio::awaitable<bool> write(const T& message) { return writer_.write(message); }
  bool try_write(const T& message) { return writer_.try_write(message); }
  bool put(const T& message) { return writer_.put(message); }
  asio::awaitable<bool> flushed() { return writer_.flushed(); }
  template <typename F>
  void read_then(U& message, F&& done) {
    reader_.then(message, std::forward<F>(done));
  }
  template <typename F>
  void write_then(const T& message, F&& done) {
    writer_.then(message, std::forward<F>(done));
  }
  Status status() const { return reader_.status(); }

  // As ClientStream has it.
  void set_compression(Compression how) noexcept { state_->set_compression(how); }
  // No more messages from here; the server's go on.
  void end_writing() { state_->end_writing(); }

 private:
  Reader<U> reader_;
  Writer<T> writer_;
};

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
