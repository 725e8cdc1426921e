// The base of generated skeletons.
#pragma once

#include <cstddef>
#include <exception>
#include <memory>
#include <span>
#include <string_view>
#include <utility>

#include "tern/blocking.h"
#include "tern/codegen/method.h"
#include "tern/reply.h"
#include "tern/server_context.h"

namespace tern {

class StreamState;
template <typename T>
class Reader;
template <typename T>
class Writer;

// One request on its way through a skeleton. The session makes it; generated code uses it.
class ServerCall : public ServerContext {
 public:
  // Reads the argument. False if it cannot be read: the caller has been told why.
  template <typename T>
  bool decode(T& argument) {
    return decode_argument(type_ops<T>(), &argument);
  }

  // The sides of the stream that the call has opened: tern/stream.h has the definitions. Each once.
  template <typename T>
  Reader<T> reader();
  template <typename T>
  Writer<T> writer();

  // Answers, now or when the coroutine is done; or later, if the handler keeps its stream.
  template <typename T>
  void finish(Reply<T> reply) {
    if (auto* value = reply.value()) {
      send_reply(type_ops<typename Reply<T>::Value>(), value);
    } else if (Status* status = reply.status()) {
      send_error(*status);
    } else if (kept(reply)) {
      keep_stream();
    } else {
      retain();
      try {
        spawn(run<T>(*this, std::move(*reply.later())));
      } catch (...) {
        release();  // it has not begun
        throw;
      }
    }
  }

  // Exactly one of the two ends the call; a second one is ignored and counted.
  virtual void send_reply(const TypeOps& type, const void* value) = 0;
  virtual void send_error(const Status& status) = 0;
  // The error reply for an exception that a handler threw. Only inside a catch block.
  void send_current_exception();

 protected:
  // The stream of this call. Only for methods that stream.
  virtual std::shared_ptr<StreamState> stream() = 0;
  // The handler is done, and its stream goes on until Writer::finish().
  virtual void keep_stream() = 0;
  virtual bool decode_argument(const TypeOps& type, void* argument) = 0;
  // Starts the coroutine of a handler that waits, bound to the call's cancellation.
  virtual void spawn(asio::awaitable<void> handler) = 0;
  // The error reply for an exception with this text.
  virtual void send_exception(std::string_view what) = 0;
  virtual void retain() noexcept = 0;
  virtual void release() noexcept = 0;

 private:
  template <typename T>
  static bool kept(const Reply<T>& reply) noexcept {
    if constexpr (std::is_void_v<T>) {
      return reply.kept();
    } else {
      return false;
    }
  }

  // The call is retained until this ends.
  template <typename T>
  static asio::awaitable<void> run(ServerCall& call, asio::awaitable<Result<T>> handler) {
    struct Release {
      ServerCall& call;
      ~Release() { call.release(); }
    } release{call};
    try {
      Result<T> result = co_await std::move(handler);
      if (!result.ok()) {
        call.send_error(result.status());
      } else if constexpr (std::is_void_v<T>) {
        Nothing nothing;
        call.send_reply(type_ops<Nothing>(), &nothing);
      } else {
        call.send_reply(type_ops<T>(), &*result);
      }
    } catch (...) {
      call.send_current_exception();
    }
  }
};

// The base of every generated skeleton. Handlers may run at the same time on several threads, one
// for each connection's loop, unless each connection has a service of its own.
class Service {
 public:
  virtual ~Service() = default;

  // "arith.Arith".
  virtual std::string_view name() const noexcept = 0;
  virtual std::span<const Method> methods() const noexcept = 0;
  // Answers `call` with methods()[method]. May throw what a handler throws.
  virtual void dispatch(std::size_t method, ServerCall& call) = 0;
};

}  // namespace tern
