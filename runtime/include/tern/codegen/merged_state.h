// What the streams of several servers are as one, without the type of their messages.
#pragma once

#include <memory>
#include <vector>

#include "tern/channel.h"
#include "tern/codegen/call_state.h"
#include "tern/codegen/read_only_state.h"
#include "tern/instance.h"
#include "tern/status.h"

namespace tern {

class CallerStream;

// See MergedStream. It is read with read().
class MergedState : public ReadOnlyState {
 public:
  // Whom something has come from, and whether that is the end of its stream.
  struct Source {
    std::shared_ptr<const Instance> server;
    bool ended = false;
    Status status;  // how it has ended
  };
  struct Part {
    std::shared_ptr<const Instance> server;
    std::shared_ptr<Channel> channel;     // lives as long as the stream
    std::shared_ptr<CallerStream> owner;  // of the stream: can cancel it
    std::shared_ptr<StreamState> stream;
  };

  // The next message, whose source is then in `source`; or, with nothing in `message`, an end.
  virtual Read read(const TypeOps& type, void* message, Source& source) = 0;

  // The wait for the servers, which can be ended.
  virtual void set_wait(std::weak_ptr<CallOwner> wait) = 0;
  // Once: all streams that there will be. If it has been cancelled, so are they.
  virtual void open(std::vector<Part> parts) = 0;
};

}  // namespace tern
