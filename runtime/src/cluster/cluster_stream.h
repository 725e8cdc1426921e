// The caller's end of a cluster's stream, whichever server the other end is on.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>

#include "cluster/replay_filter.h"
#include "cluster/side_wait.h"
#include "net/loop.h"
#include "stream/stream.h"
#include "tern/codegen/method.h"
#include "tern/codegen/stream_state.h"

namespace tern::cluster {

class StreamCall;

// Each attempt of the call has a stream of its own, on the loop of its server's connection. The
// program reads and writes here, and does not see that another has taken the place of the one
// before: that one has ended, and all that came of it has been taken. Of a stream that is resumed,
// what comes twice is dropped.
// Threads: StreamState's any; the call's one at a time, if not marked otherwise.
class ClusterStream final : public StreamState, public std::enable_shared_from_this<ClusterStream> {
 public:
  // `home`: the cluster's.
  ClusterStream(Loop& home, const Method& method);
  ~ClusterStream() override;

  // --- The program's side: see StreamState ---

  Read try_read(const TypeOps& type, void* message) override;
  bool wait_read(UniqueFunction<void()>& ready) override;
  void cancel_read() noexcept override;
  void block_read() override;
  Status read_status() const override;
  Write try_write(const TypeOps& type, const void* message) override;
  bool wait_write(UniqueFunction<void()>& ready) override;
  void cancel_write() noexcept override;
  void block_write() override;
  bool wait_flushed(UniqueFunction<void()>& ready) override;
  bool flushed() const override;
  Status write_status() const override { return read_status(); }
  void set_compression(Compression how) noexcept override;
  void end_writing() noexcept override;
  void cancel(const Status& why) noexcept override;
  void end_with_call(const Status& outcome, const Metadata& trailing) noexcept override;
  void keep() noexcept override {}
  void finish(Status) noexcept override {}
  void release_reader() noexcept override {}
  void release_writer() noexcept override {}
  Metadata initial_metadata() const override;
  Metadata trailing_metadata() const override;
  asio::any_io_executor executor() const noexcept override;
  void run_later(UniqueFunction<void()> task) override;

  // --- The call's side ---

  // Before anything else. `resumes`: by the positions of its messages, which the method has. Throws
  // std::bad_alloc.
  void begin(std::weak_ptr<StreamCall> call, bool resumes);
  // The stream of the next attempt, which is about to be sent, and has room to wait. Those before
  // have ended.
  void go_to(std::shared_ptr<stream::Stream> stream) noexcept;
  // Ends the attempt's stream. Any thread.
  void cancel_attempt(const Status& why) noexcept;
  // Whether the program can see something of the attempt's stream.
  bool moved() const;
  // Whether nothing is left to be taken of the attempt's stream, which has ended. If not,
  // StreamCall::on_drained() comes.
  bool drained() const;
  // Of the last message that has come, if there is one, and if the stream is resumed.
  std::optional<std::int64_t> position() const { return filter_.position(); }
  // Why the program has given the stream up; or OK.
  Status given_up() const;

  // --- Its sides ---

  using Lock = std::unique_lock<std::mutex>;
  using StreamPtr = std::shared_ptr<stream::Stream>;
  Lock lock() const { return Lock(mutex_); }
  // With the lock:
  bool over() const noexcept { return end_ != End::kNone; }
  bool writing_closed() const noexcept { return writing_closed_; }
  // The attempt's stream; null: there is none yet.
  const StreamPtr& attempt() const noexcept { return stream_; }
  // The attempt's stream has nothing more for the reader. Takes the lock, and unlocks.
  void note_drained(Lock lock) noexcept;
  // Without it:
  // The reader's alone, or, while it waits, of who finds out whether it can go on.
  ReplayFilter& filter() noexcept { return filter_; }
  // Takes over what the attempt's stream has found out without the call. True if that ends this
  // one.
  bool adopt_end(const stream::Stream& stream) noexcept;
  // Runs it on the home loop, soon.
  void post(net::LoopTask& part) noexcept {
    home_->post(std::shared_ptr<net::LoopTask>(shared_from_this(), &part));
  }
  // Who is told of exceptions of the program's callbacks.
  std::weak_ptr<CallOwner> owner() const noexcept;

 private:
  enum class End : std::uint8_t {
    kNone,
    kGivenUp,  // by the program
    kEnded     // with the call
  };
  StreamPtr current() const;
  void settle() noexcept;

  const std::shared_ptr<Loop> home_;
  const Method& method_;
  std::weak_ptr<StreamCall> call_;  // constant after begin()
  ReplayFilter filter_;             // see filter(); its position() is anybody's

  mutable std::mutex mutex_;  // guards the following; no stream is called with it held
  StreamPtr stream_;          // the attempt's
  bool drained_ = false;      // see drained()
  bool writing_closed_ = false;
  std::optional<Compression> compression_;  // as the program has said
  End end_ = End::kNone;
  Status status_;
  Metadata trailing_;
  SideWait reader_;
  SideWait writer_;
};

}  // namespace tern::cluster
