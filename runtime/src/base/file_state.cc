#include "base/file_state.h"

#include <sys/stat.h>

namespace tern::base {

FileState state_of(const std::string& path) noexcept {
  struct stat info {};
  if (path.empty() || ::stat(path.c_str(), &info) != 0) return {};
  FileState state;
  state.seconds = info.st_mtim.tv_sec;
  state.nanoseconds = info.st_mtim.tv_nsec;
  state.size = info.st_size;
  state.inode = info.st_ino;
  return state;
}

}  // namespace tern::base
