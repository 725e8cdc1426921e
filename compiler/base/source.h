// The text of every file of a run, and places in it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace rpcgen {

// A stretch of text: offsets into one address space that all files of a run share, so a span says
// which file it lies in, too. The default span lies nowhere.
struct Span {
  std::uint32_t begin = 0;
  std::uint32_t end = 0;

  bool nowhere() const { return begin == 0; }
  friend bool operator==(const Span&, const Span&) = default;
};

// From the start of `first` to the end of `last`.
inline Span join(Span first, Span last) {
  return {first.begin, last.end};
}

// One file's text. Immutable once it is in Sources.
class SourceFile {
 public:
  // `name` is what messages call the file; `base` is the address of its first byte.
  SourceFile(std::string name, std::string text, std::uint32_t base);

  const std::string& name() const { return name_; }
  std::string_view text() const { return text_; }
  std::uint32_t base() const { return base_; }

  bool contains(std::uint32_t address) const;
  // The span of text()[begin, end).
  Span span(std::size_t begin, std::size_t end) const;
  std::string_view text_of(Span span) const;

  // Both count from 1; a column counts code points, so that it is what an editor shows.
  struct Position {
    std::size_t line = 1;
    std::size_t column = 1;
  };
  Position position(std::uint32_t address) const;
  // The position's line alone, which is cheap however long the line is.
  std::size_t line(std::uint32_t address) const { return line_index(address) + 1; }
  // The line that holds the address, without its end of line.
  std::string_view line_at(std::uint32_t address) const;

 private:
  std::size_t line_index(std::uint32_t address) const;

  std::string name_;
  std::string text_;
  std::uint32_t base_;
  std::vector<std::uint32_t> line_starts_;
};

// Owns the files of a run. References to them stay good as long as it lives.
class Sources {
 public:
  const SourceFile& add(std::string name, std::string text);
  // Null for a span that lies nowhere.
  const SourceFile* find(Span span) const;
  // Whether a file of this size still fits the address space.
  bool fits(std::size_t size) const;

 private:
  std::vector<std::unique_ptr<SourceFile>> files_;
  std::uint32_t next_base_ = 1;
};

}  // namespace rpcgen
