// Where files come from and go to. Tests use one that is a map in memory.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <variant>

namespace rpcgen {

// Why a file could not be read or written, in the words of the system: "no such file".
struct FileProblem {
  std::string text;
};

class FileSystem {
 public:
  virtual ~FileSystem() = default;

  // The one absolute path of an existing file or directory: no `.`, no `..`, no symbolic link.
  // Nothing if it does not exist.
  virtual std::optional<std::string> canonical(const std::string& path) const = 0;

  // The text of a regular file; a problem if it is longer than `limit` bytes.
  virtual std::variant<std::string, FileProblem> read(const std::string& path,
                                                      std::size_t limit) const = 0;

  // Replaces the file in one step, so that no reader sees half of it, and makes the directories
  // that are missing.
  virtual std::optional<FileProblem> write(const std::string& path, const std::string& text) = 0;
};

class RealFileSystem final : public FileSystem {
 public:
  std::optional<std::string> canonical(const std::string& path) const override;
  std::variant<std::string, FileProblem> read(const std::string& path,
                                              std::size_t limit) const override;
  std::optional<FileProblem> write(const std::string& path, const std::string& text) override;
};

// Writes unless the file already holds exactly this text, so that its time stamp tells a build
// system when something has changed.
std::optional<FileProblem> write_if_changed(FileSystem& files, const std::string& path,
                                            const std::string& text);

}  // namespace rpcgen
