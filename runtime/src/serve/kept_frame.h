// A frame that is read later than it came.
#pragma once

#include "tern/buffer.h"
#include "wire/frame.h"

namespace tern::serve {

// A copy of the frame and of what its views show. Movable: the views are to memory that stays.
struct KeptFrame {
  // What of a request is still to be read. Without the method's name, which its route has.
  enum class Keep { kBody, kBodyAndMetadata };

  KeptFrame() = default;
  KeptFrame(const wire::Frame& from, Keep keep) : frame(from) {
    const std::size_t metadata = keep == Keep::kBodyAndMetadata ? from.metadata.size() : 0;
    bytes.append(from.metadata.first(metadata));
    bytes.append(from.body);
    const ByteView copy = bytes.view();
    frame.method_name = {};
    frame.metadata = copy.first(metadata);
    frame.body = copy.subspan(metadata);
  }

  wire::Frame frame;  // views into `bytes`
  Buffer bytes;
};

}  // namespace tern::serve
