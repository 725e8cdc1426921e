// One stream of messages in each direction, without their types: what Reader, Writer and the
// caller's streams (tern/stream.h) have in common.
#pragma once

#include <asio/any_io_executor.hpp>
#include <cstddef>
#include <cstdint>

#include "tern/codegen/type_ops.h"
#include "tern/compression.h"
#include "tern/function.h"
#include "tern/metadata.h"
#include "tern/status.h"

namespace tern {

// The program's end of a stream; the connection has the other one. A direction that the method does
// not have has ended from the beginning.
// Threads: any, but one reader and one writer at a time. `ready` callbacks run on the thread of the
// connection's loop, without a lock, and never from within the call that leaves them.
class StreamState {
 public:
  StreamState(const StreamState&) = delete;
  StreamState& operator=(const StreamState&) = delete;
  virtual ~StreamState() = default;

  // --- Reading ---

  enum class Read : std::uint8_t {
    kMessage,  // it is in `message`
    kWait,     // none is here, and more may come
    kEnd       // none will come: read_status() says why
  };
  // Takes the next message. One that cannot be decoded ends the stream. `message` points to a T of
  // `type`, whose memory is used again.
  virtual Read try_read(const TypeOps& type, void* message) = 0;
  // Runs `ready` once, when try_read() would not say kWait any more, or the wait is cancelled. It
  // may be early: what was there can be gone when a cluster's stream has moved. Then one waits
  // again. False, and `ready` is untouched, if it would not say so now. A second wait at the same
  // time ends the stream with kFailedPrecondition.
  virtual bool wait_read(UniqueFunction<void()>& ready) = 0;
  // Ends the wait, if there is one: its callback runs, soon, and the stream is as it was.
  virtual void cancel_read() noexcept = 0;
  // Blocks until try_read() would not say kWait; likewise.
  virtual void block_read() = 0;
  // Of the reading side: success once the peer has ended its side in order and all its messages
  // have been taken. While more may come: success, too.
  virtual Status read_status() const = 0;

  // --- Writing ---

  enum class Write : std::uint8_t {
    kQueued,  // it will leave, in its order
    kWait,    // so much is queued already that the peer must take of it first
    kEnd      // nobody will read it: write_status() says why
  };
  virtual Write try_write(const TypeOps& type, const void* message) = 0;
  virtual bool wait_write(UniqueFunction<void()>& ready) = 0;
  virtual void cancel_write() noexcept = 0;
  virtual void block_write() = 0;
  // The same for all that is queued to have left for the kernel.
  virtual bool wait_flushed(UniqueFunction<void()>& ready) = 0;
  virtual bool flushed() const = 0;
  virtual Status write_status() const = 0;
  // How the messages are compressed that are written from now on: see ClientStream.
  virtual void set_compression(Compression) noexcept {}
  // No more messages: the peer learns of it behind those that are queued. A caller's side.
  virtual void end_writing() noexcept = 0;

  // --- Both ---

  // Ends the stream at once, in both directions: what is queued is lost, every wait ends, the peer
  // is told. Of no effect on one that has ended.
  virtual void cancel(const Status& why) noexcept = 0;
  // A caller's call has its outcome: so has the stream, if it had none.
  virtual void end_with_call(const Status& outcome, const Metadata& trailing) noexcept = 0;

  // A handler's stream stays open behind its handler (tern::kept()), until finish(), which ends it
  // behind what is queued.
  virtual void keep() noexcept = 0;
  virtual void finish(Status outcome) noexcept = 0;
  // A handler lets go of its Reader, and reads no more; or of its Writer, which ends a stream that
  // is kept with kInternal.
  virtual void release_reader() noexcept = 0;
  virtual void release_writer() noexcept = 0;

  // What the server sends before its first message, and with its end; empty until it is there.
  virtual Metadata initial_metadata() const = 0;
  virtual Metadata trailing_metadata() const = 0;

  // Where the connection lives.
  virtual asio::any_io_executor executor() const noexcept = 0;
  // Runs `task` there, soon, and not from within this call. An exception of it is logged, as those
  // of `ready`.
  virtual void run_later(UniqueFunction<void()> task) = 0;

 protected:
  StreamState() noexcept = default;
};

}  // namespace tern
