// Servers that a file lists.
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "tern/io_pool.h"
#include "tern/registry.h"

namespace tern {

struct FileRegistryOptions {
  FileRegistryOptions() = default;
  // Changes are noticed at once where the system tells of them. Where it does not, as on network
  // file systems, and for writers that keep the file open, the file is looked at this often.
  std::chrono::nanoseconds poll{std::chrono::seconds(5)};
  // A change that only polling has found is read when the file has not changed for this long.
  std::chrono::nanoseconds settle{std::chrono::seconds(1)};
};

// One server a line: its address, then its attributes; "#" begins a comment.
//
//   10.0.0.1:7000 weight=3 zone=a rack=12
//   netrpc+tcp@10.0.0.2:7000
//
// Whatever service is asked for, the servers are those of the file. A file that is replaced by
// renaming another one is never read in part. While it cannot be read, has no server or has a line
// that is wrong or does not end, the servers stay as they were, and ServerView::status says what is
// wrong and in which lines. The file is read on a loop's thread; it has at most 4 MiB.
//
// `pool` outlives the registry and what it hands out.
std::shared_ptr<Registry> open_file_registry(
    std::string path, IoPool& pool, const FileRegistryOptions& options = FileRegistryOptions());

}  // namespace tern
