// A server whose interceptor tells what messages it sees.
#pragma once

#include <memory>
#include <utility>

#include "serve/stream_fixture.h"
#include "support/message_log.h"

namespace tern::test {

class StreamMessages : public StreamServer {
 protected:
  StreamMessages() { options().interceptors = {seeing_}; }

  // What the interceptors were told since the last call.
  Lines told() { return std::exchange(*log_, {}); }

  std::shared_ptr<Lines> log_ = std::make_shared<Lines>();
  std::shared_ptr<MessageLog> seeing_ = std::make_shared<MessageLog>("a", log_, text_of);
};

}  // namespace tern::test
