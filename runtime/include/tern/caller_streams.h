// The caller's streams: tern/stream.h says what streams are.
#pragma once

#include <asio/awaitable.hpp>
#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

#include "tern/call.h"
#include "tern/codegen/call_state.h"
#include "tern/codegen/stream_state.h"
#include "tern/compression.h"
#include "tern/metadata.h"
#include "tern/reader.h"
#include "tern/result.h"
#include "tern/status.h"
#include "tern/version.h"
#include "tern/writer.h"

namespace tern {

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

}  // namespace tern
