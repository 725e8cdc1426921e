// Whether a file has changed, without reading it.
#pragma once

#include <cstdint>
#include <string>

namespace tern::base {

// What of a file changes when its content does: as it stands, that of a file that is not there.
struct FileState {
  std::int64_t seconds = 0;
  std::int64_t nanoseconds = 0;
  std::int64_t size = -1;
  std::uint64_t inode = 0;
  bool operator==(const FileState&) const = default;
};

// Looks at the file; "" is none.
FileState state_of(const std::string& path) noexcept;

}  // namespace tern::base
