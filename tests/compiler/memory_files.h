// A file system that is a map: compiler tests need no disk.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <variant>

#include "compiler/base/files.h"

namespace rpcgen {

// Paths are relative to "/", or absolute; directories exist where files are.
class MemoryFiles final : public FileSystem {
 public:
  MemoryFiles() = default;
  explicit MemoryFiles(const std::map<std::string, std::string>& files) {
    for (const auto& [path, text] : files) add(path, text);
  }

  void add(const std::string& path, std::string text) { texts_[absolute(path)] = std::move(text); }
  // `path` leads to `target`, which need not exist.
  void link(const std::string& path, const std::string& target) {
    links_[absolute(path)] = absolute(target);
  }

  std::optional<std::string> canonical(const std::string& path) const override {
    const std::string found = followed(path);
    if (texts_.contains(found)) return found;
    const std::string inside = found == "/" ? "/" : found + "/";
    const auto next = texts_.lower_bound(inside);
    if (next == texts_.end() || !next->first.starts_with(inside)) return std::nullopt;
    return found;
  }

  std::variant<std::string, FileProblem> read(const std::string& path,
                                              std::size_t limit) const override {
    const auto found = texts_.find(followed(path));
    if (found == texts_.end()) {
      return FileProblem{canonical(path) ? "not a regular file" : "no such file"};
    }
    if (found->second.size() > limit) return FileProblem{"longer than the limit"};
    return found->second;
  }

  std::optional<FileProblem> write(const std::string& path, const std::string& text) override {
    if (read_only_) return FileProblem{"file system is read-only"};
    texts_[absolute(path)] = text;
    ++writes_[absolute(path)];
    return std::nullopt;
  }

  void make_read_only() { read_only_ = true; }
  // How often the path was written.
  int writes(const std::string& path) const {
    const auto found = writes_.find(absolute(path));
    return found == writes_.end() ? 0 : found->second;
  }
  int all_writes() const {
    int sum = 0;
    for (const auto& [path, count] : writes_) sum += count;
    return sum;
  }
  // The file's text; empty if there is no such file.
  std::string text(const std::string& path) const {
    const auto found = texts_.find(absolute(path));
    return found == texts_.end() ? std::string() : found->second;
  }

 private:
  static std::string absolute(const std::string& path) {
    std::string normal = (std::filesystem::path("/") / path).lexically_normal().string();
    if (normal.size() > 1 && normal.ends_with('/')) normal.pop_back();
    return normal;
  }

  std::string followed(const std::string& path) const {
    const std::string plain = absolute(path);
    const auto link = links_.find(plain);
    return link == links_.end() ? plain : link->second;
  }

  std::map<std::string, std::string> texts_;
  std::map<std::string, std::string> links_;
  std::map<std::string, int> writes_;
  bool read_only_ = false;
};

}  // namespace rpcgen
