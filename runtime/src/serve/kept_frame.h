// A frame that is read later than it came.
#pragma once

#include "tern/buffer.h"
#include "wire/frame.h"

namespace tern::serve {

// A copy of the frame and of what its views show. Movable: the views are to memory that stays.
struct KeptFrame {
  // What of a request is still to be read.
  enum class Keep {
    kBody,
    kBodyAndMetadata,
    kAll  // the method's name, too, for lack of a route
  };

  KeptFrame() = default;
  KeptFrame(const wire::Frame& from, Keep keep) : frame(from) {
    const std::size_t metadata = keep == Keep::kBody ? 0 : from.metadata.size();
    const std::size_t name = keep == Keep::kAll ? from.method_name.size() : 0;
    bytes.append(from.metadata.first(metadata));
    bytes.append(from.method_name.substr(0, name));
    bytes.append(from.body);
    const ByteView copy = bytes.view();
    frame.metadata = copy.first(metadata);
    frame.method_name = as_text(copy.subspan(metadata, name));
    frame.body = copy.subspan(metadata + name);
  }

  wire::Frame frame;  // views into `bytes`
  Buffer bytes;
};

}  // namespace tern::serve
