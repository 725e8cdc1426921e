// A program's own HTTP pages on a server's port: Server::add_http().
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tern/function.h"
#include "tern/identity.h"
#include "tern/metadata.h"

namespace tern {

// Threads: handle() is called on loops' threads, several at the same time, and must not block. The
// server releases it at the end of stop(), while its loops still run.
class HttpHandler {
 public:
  // Good during handle() only.
  struct Request {
    Request() = default;
    std::string_view verb;              // "GET"
    std::string_view path;              // under which the handler was added
    std::string_view query;             // what stands behind the "?", still escaped
    const Metadata* headers = nullptr;  // all of them; their names in lower case
    std::string_view body;              // up to Limits::message_bytes
    std::string_view peer;              // "127.0.0.1:53612"
    bool peer_is_local = false;         // certainly on this machine
    // Who asks, as ServerOptions::authenticator has found out; null without one, and of a page that
    // is public.
    const Identity* identity = nullptr;
  };

  struct Answer {
    Answer() = default;
    explicit Answer(int status_in) : status(status_in) {}
    int status = 200;
    std::string content_type;  // "": there is no body
    // Besides Content-Type, Content-Length and Connection.
    std::vector<std::pair<std::string, std::string>> headers;
    std::string body;  // in full for HEAD, too, which is answered with its length alone
  };

  // Takes the answer, on any thread: the first call counts. Destroyed without a call, it answers
  // with status 500. Of no effect once the connection or the server has ended.
  using Done = UniqueFunction<void(Answer)>;

  // A request whose answer is pending. Destroyed on the loop's thread when it is answered, when the
  // client has given it up, or when its connection has ended.
  class Pending {
   public:
    virtual ~Pending() = default;
    // The server is stopping: answer soon. It waits for the answer no longer than for a call.
    // Called on the loop's thread.
    virtual void on_shutdown() {}
  };

  virtual ~HttpHandler() = default;

  // Whether everybody may ask for this, also with a ServerOptions::authenticator, which then is not
  // asked. Of `request` everything is there but its identity. Must not throw.
  virtual bool is_public(const Request& /*request*/) const noexcept { return false; }

  // Who may ask for this, of those whom the authenticator knows: who has one of these roles. Empty:
  // all of them. Of no effect without an authenticator, and where is_public(). The roles stay as
  // they are until handle() has returned. Must not throw.
  virtual std::span<const std::string> roles(const Request& /*request*/) const noexcept {
    return {};
  }

  // Calls `done` before it returns, and returns null; or calls it later, and returns what waits for
  // that. An exception is an answer with status 500.
  virtual std::unique_ptr<Pending> handle(const Request& request, Done done) = 0;
};

}  // namespace tern
