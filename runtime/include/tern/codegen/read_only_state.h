// A StreamState that is not written to.
#pragma once

#include "tern/codegen/stream_state.h"
#include "tern/metadata.h"
#include "tern/status.h"

namespace tern {

// Of a caller, without metadata: what is left to do is to read, to wait and to cancel.
class ReadOnlyState : public StreamState {
 public:
  Write try_write(const TypeOps&, const void*) override { return Write::kEnd; }
  bool wait_write(UniqueFunction<void()>&) override { return false; }
  void cancel_write() noexcept override {}
  void block_write() override {}
  bool wait_flushed(UniqueFunction<void()>&) override { return false; }
  bool flushed() const override { return false; }
  Status write_status() const override { return read_status(); }
  void end_writing() noexcept override {}
  void keep() noexcept override {}
  void finish(Status) noexcept override {}
  void release_reader() noexcept override {}
  void release_writer() noexcept override {}
  Metadata initial_metadata() const override { return {}; }
  Metadata trailing_metadata() const override { return {}; }
};

}  // namespace tern
