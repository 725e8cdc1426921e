#include "stream/make_stream.h"

#include <fmt/format.h>

#include <asio/post.hpp>
#include <asio/system_executor.hpp>
#include <utility>

#include "stream/run_logged.h"
#include "tern/channel.h"
#include "tern/codegen/read_only_state.h"
#include "tern/stream.h"

namespace tern {

using stream::run_logged;

namespace {

// Nothing can be done with it.
class EndedStream final : public ReadOnlyState {
 public:
  Read try_read(const TypeOps&, void*) override { return Read::kEnd; }
  bool wait_read(UniqueFunction<void()>&) override { return false; }
  void cancel_read() noexcept override {}
  void block_read() override {}
  Status read_status() const override { return status_; }
  void cancel(const Status&) noexcept override {}
  void end_with_call(const Status& outcome, const Metadata&) noexcept override {
    status_ = outcome;
  }
  asio::any_io_executor executor() const noexcept override { return asio::system_executor(); }
  void run_later(UniqueFunction<void()> task) override {
    asio::post(executor(), [task = std::move(task)]() mutable { run_logged(task, {}); });
  }

 private:
  Status status_;
};

}  // namespace

std::shared_ptr<StreamState> make_ended_stream() {
  return std::make_shared<EndedStream>();
}

Status no_streams(const Method& method) {
  return Status(Code::kUnimplemented,
                fmt::format("{}/{}: this channel has no streams", method.service, method.name),
                HandlerRan::kNo);
}

std::shared_ptr<StreamState> Channel::make_stream(const Method&) {
  return nullptr;
}

}  // namespace tern

namespace tern::stream {

StreamSetup setup_of(const Method& method, const Limits& limits, Role role) {
  const bool caller = role == Role::kCaller;
  StreamSetup setup;
  setup.serves = !caller;
  setup.reads = caller ? server_streams(method.kind) : client_streams(method.kind);
  setup.writes = caller ? client_streams(method.kind) : server_streams(method.kind);
  setup.unreadable = caller ? Code::kInternal : Code::kInvalidArgument;
  setup.decode = limits.decode();
  setup.receive.first_window = limits.stream_window;
  setup.receive.message_bytes = limits.message_bytes;
  return setup;
}

std::shared_ptr<Stream> make_stream(Loop& loop, const Method& method, const Limits& limits,
                                    Role role) {
  return std::make_shared<Stream>(loop.shared_from_this(), setup_of(method, limits, role));
}

}  // namespace tern::stream
