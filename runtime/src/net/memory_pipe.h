// A byte stream within the process: two ends, and memory in between.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <utility>

#include "tern/byte_stream.h"

namespace tern {
class Loop;
}  // namespace tern

namespace tern::net {

// One end of a pipe: the loop that it lives on, and the name under which the other end sees it.
struct PipeEnd {
  PipeEnd(Loop& its_loop, std::string its_name) : loop(&its_loop), name(std::move(its_name)) {}

  Loop* loop;
  std::string name;
};

// As a socket between the two would be, but that bytes are there at once. An end takes no more than
// 1 MiB that the other one has not read. Each is used on its loop, and destroyed before it.
std::pair<std::unique_ptr<ByteStream>, std::unique_ptr<ByteStream>> make_pipe(
    const PipeEnd& first, const PipeEnd& second);

}  // namespace tern::net
