#include "compiler/base/files.h"

#include <fmt/format.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <system_error>

namespace rpcgen {
namespace fs = std::filesystem;

std::optional<std::string> RealFileSystem::canonical(const std::string& path) const {
  std::error_code problem;
  fs::path found = fs::canonical(path, problem);
  if (problem) return std::nullopt;
  return found.string();
}

std::variant<std::string, FileProblem> RealFileSystem::read(const std::string& path,
                                                            std::size_t limit) const {
  std::error_code problem;
  const fs::file_status status = fs::status(path, problem);
  if (status.type() == fs::file_type::not_found) return FileProblem{"no such file"};
  if (problem) return FileProblem{problem.message()};
  if (!fs::is_regular_file(status)) return FileProblem{"not a regular file"};

  std::ifstream in(path, std::ios::binary);
  if (!in) return FileProblem{"cannot be opened"};
  // One byte more than the limit: enough to know, whatever the file's size claims.
  std::string text(limit + 1, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (in.bad()) return FileProblem{"cannot be read"};
  text.resize(static_cast<std::size_t>(in.gcount()));
  if (text.size() > limit) {
    return FileProblem{fmt::format("longer than {} bytes, the limit", limit)};
  }
  return text;
}

std::optional<FileProblem> RealFileSystem::write(const std::string& path, const std::string& text) {
  std::error_code problem;
  const fs::path target(path);
  if (target.has_parent_path()) fs::create_directories(target.parent_path(), problem);
  if (problem) return FileProblem{problem.message()};

  const fs::path fresh = fmt::format("{}.{}.new", path, getpid());
  std::ofstream out(fresh, std::ios::binary | std::ios::trunc);
  out.write(text.data(), static_cast<std::streamsize>(text.size()));
  out.close();
  if (!out) {
    std::error_code ignored;
    fs::remove(fresh, ignored);
    return FileProblem{"cannot be written"};
  }
  fs::rename(fresh, target, problem);
  if (problem) {
    std::error_code ignored;
    fs::remove(fresh, ignored);
    return FileProblem{problem.message()};
  }
  return std::nullopt;
}

std::optional<FileProblem> write_if_changed(FileSystem& files, const std::string& path,
                                            const std::string& text) {
  const auto old = files.read(path, text.size());
  if (const auto* same = std::get_if<std::string>(&old); same != nullptr && *same == text) {
    return std::nullopt;
  }
  return files.write(path, text);
}

}  // namespace rpcgen
