// What one connection speaks, without I/O: bytes in, frames out, and back. Our frames implement it
// here; the protocols of other systems do the same.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "tern/buffer.h"
#include "tern/codegen/method.h"
#include "tern/codegen/type_ops.h"
#include "tern/limits.h"
#include "tern/metadata.h"
#include "tern/status.h"
#include "wire/check_limits.h"

namespace tern {

enum class FrameKind : std::uint8_t {
  kRequest = 1,
  kReply = 2,
  kError = 3,
  kCancel = 4,
  kPing = 5,
  kPong = 6,
  kGoingAway = 7,
  kStreamData = 8,  // kept for streams: refused today
  kCredit = 9,      // likewise
  kPage = 64,       // HTTP only: a request for something that is no call, with any verb
};

// One frame as it was read. Views are good until the bytes that were parsed are.
struct Frame {
  Frame() = default;
  FrameKind kind = FrameKind::kRequest;
  std::uint64_t id = 0;
  std::uint32_t method_id = 0;            // requests; 0 and a name if it is called by name
  std::string_view method_name;           // or a page's path, with its query
  std::chrono::nanoseconds timeout{0};    // requests: the time left; 0: no limit
  bool idempotent_only = false;           // requests: an HTTP GET
  Code code = Code::kOk;                  // errors
  HandlerRan ran = HandlerRan::kUnknown;  // errors
  std::string_view message;               // errors, going away
  std::string_view detail_type;           // errors: the declared error's name, or ""
  ByteView metadata;                      // see read_metadata()
  ByteView body;
  std::string_view verb;   // pages: "GET", "HEAD", …
  std::string_view host;   // pages: the Host header, "" without one
  bool forwarded = false;  // pages: a header says that a proxy has passed the request on
  // Set if the frame broke a limit: it is read past, and the call of its id is to fail with this.
  Status refused;
  FrameLimit limit = FrameLimit::kNone;  // with `refused`: which one
};

struct RequestHead {
  std::uint64_t id = 0;
  const Method* method = nullptr;
  std::chrono::nanoseconds timeout{0};
  const Metadata* metadata = nullptr;
};

struct ReplyHead {
  std::uint64_t id = 0;
  const Method* method = nullptr;  // null when an error answers a request for an unknown method
  const Metadata* metadata = nullptr;
};

// Why a name leads to no handler.
enum class UnknownMethod : std::uint8_t {
  kIllFormed,      // it is not service and method
  kAmbiguous,      // the short name of several services
  kService,        // no such service
  kMethod,         // no such method in the service
  kNotIdempotent,  // only methods that are may be called in this way
};

// What a server answers to a request that is no call, such as a page for people. Views are good
// during write_page().
struct Page {
  Page() = default;
  int status = 200;  // as HTTP has it
  std::string_view content_type;
  // What is sent besides Content-Type and Content-Length. Checked: a header can carry them.
  std::span<const std::pair<std::string_view, std::string_view>> headers;
  std::string_view body;  // in full for HEAD too, which is answered with its length alone
};

// One side of one connection. Reading and writing are independent of one another, as far as a
// client goes: two threads may do one each. A server's side is for one thread.
class FrameCodec {
 public:
  enum class Step : std::uint8_t {
    kMore,    // there is no whole frame: `wanted` says how many bytes one needs, if that is known
    kFrame,   // `frame` is set
    kSkip,    // bytes were consumed, there was no frame in them
    kAnswer,  // what came is no call, and write_answer() has the answer to it
    kBroken   // `why` is set; the connection cannot go on
  };
  struct Progress {
    Step step = Step::kMore;
    std::size_t consumed = 0;
    std::size_t wanted = 0;
  };

  virtual ~FrameCodec() = default;

  // "tern", "net/rpc", …: for people. Constants; from any thread.
  virtual std::string_view protocol() const noexcept = 0;
  virtual std::string_view codec() const noexcept = 0;

  // Looks at the front of `in`.
  virtual Progress next(ByteView in, Frame& frame, Status& why) = 0;

  // Whether the next frame has begun although all bytes so far are consumed.
  virtual bool in_frame() const noexcept { return false; }
  // Whether next() may be called. False in protocols that answer in the order of the requests,
  // until the answer has been written; and while calls that run keep too much memory.
  virtual bool ready() const noexcept { return true; }
  // No more is to be read from the peer. Of a server's side: what is asked for is to be answered,
  // then comes the end. Of a client's: nothing that was asked for is answered any more.
  virtual bool finished() const noexcept { return false; }

  // Decodes frame.body of a request or reply. Before the next call of next().
  virtual Status read_body(const Frame& frame, const TypeOps& type, void* value) = 0;
  // Memory that the argument which read_body() has just filled keeps from those to come, until it
  // is given back. While much is kept, a codec that minds is not ready().
  std::size_t memory_kept() const noexcept { return memory_kept_; }
  void give_back_memory(std::size_t size) noexcept { memory_taken_ -= size; }
  // Decodes frame.body of an error whose detail_type is type.name.
  virtual Status read_detail(const Frame& frame, const TypeOps& type, void* value) = 0;
  // Of protocols that have it.
  virtual Status read_metadata(const Frame&, Metadata&) { return {}; }

  // Each appends one frame to `out`, or fails and leaves `out` as it was.
  virtual Status write_request(const RequestHead& head, const TypeOps& type, const void* argument,
                               Buffer& out) = 0;
  // Of the request that write_request() has appended last: how many bytes at its end its server can
  // do without, such as the newline behind an object of JSON. What comes before them is the least
  // that a handler can have run for.
  std::size_t request_tail() const noexcept { return request_tail_; }
  virtual Status write_reply(const ReplyHead& head, const TypeOps& type, const void* value,
                             Buffer& out) = 0;
  virtual void write_error(const ReplyHead& head, const Status& status, Buffer& out) = 0;

  // After Step::kAnswer.
  virtual void write_answer(Buffer&) {}
  // The answer to FrameKind::kPage.
  virtual void write_page(const Page&, Buffer&) {}
  // The last words to a peer that cannot be understood, after Step::kBroken.
  virtual void write_broken(const Status& why, Buffer& out) {
    write_going_away(why.message(), out);
  }
  // The error for a request that leads to no handler, in the words of the protocol.
  virtual Status unknown_method(std::string_view name, UnknownMethod why);

  // A server's side: what it means that the client has closed its side. False: it has left, and
  // nobody waits for its calls. True: it only asks for nothing more, and reads on.
  virtual bool honours_half_close() const noexcept { return false; }

  // A server's side: whether a client sends more than requests, which must be read while requests
  // wait: cancels, pings. A request of such a protocol can be read later from a copy of its frame.
  virtual bool has_control_frames() const noexcept { return false; }

  // Whether metadata travels with calls and replies.
  virtual bool has_metadata() const noexcept { return true; }
  // Whether a peer that is silent can be asked whether it lives.
  virtual bool has_pings() const noexcept { return false; }

  // Of no effect in protocols that do not have them.
  virtual void write_cancel(std::uint64_t, Buffer&) {}
  virtual void write_ping(std::uint64_t, Buffer&) {}
  virtual void write_pong(std::uint64_t, Buffer&) {}
  virtual void write_going_away(std::string_view, Buffer&) {}

 protected:
  void set_request_tail(std::size_t size) noexcept { request_tail_ = size; }
  void keep_memory(std::size_t size) noexcept { memory_taken_ += memory_kept_ = size; }
  // By all arguments that have not been given back.
  std::size_t memory_taken() const noexcept { return memory_taken_; }

 private:
  std::size_t memory_kept_ = 0;
  std::size_t memory_taken_ = 0;
  std::size_t request_tail_ = 0;
};

}  // namespace tern
