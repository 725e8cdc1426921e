#include "compiler/base/source.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "compiler/base/utf8.h"

namespace rpcgen {

SourceFile::SourceFile(std::string name, std::string text, std::uint32_t base)
    : name_(std::move(name)), text_(std::move(text)), base_(base), line_starts_{0} {
  for (std::size_t i = 0; i < text_.size(); ++i) {
    if (text_[i] == '\n') line_starts_.push_back(static_cast<std::uint32_t>(i + 1));
  }
}

bool SourceFile::contains(std::uint32_t address) const {
  return address >= base_ && address - base_ <= text_.size();
}

Span SourceFile::span(std::size_t begin, std::size_t end) const {
  return {base_ + static_cast<std::uint32_t>(begin), base_ + static_cast<std::uint32_t>(end)};
}

std::string_view SourceFile::text_of(Span span) const {
  return text().substr(span.begin - base_, span.end - span.begin);
}

SourceFile::Position SourceFile::position(std::uint32_t address) const {
  const std::size_t line = line_index(address);
  const std::string_view before =
      text().substr(line_starts_[line], address - base_ - line_starts_[line]);
  return {line + 1, count_code_points(before) + 1};
}

std::string_view SourceFile::line_at(std::uint32_t address) const {
  const std::size_t begin = line_starts_[line_index(address)];
  std::string_view line = text().substr(begin, text().find('\n', begin) - begin);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

std::size_t SourceFile::line_index(std::uint32_t address) const {
  const auto after = std::upper_bound(line_starts_.begin(), line_starts_.end(), address - base_);
  return static_cast<std::size_t>(after - line_starts_.begin()) - 1;
}

const SourceFile& Sources::add(std::string name, std::string text) {
  const std::size_t size = text.size();
  files_.push_back(std::make_unique<SourceFile>(std::move(name), std::move(text), next_base_));
  // One more than its size: the end of a file is an address of its own.
  next_base_ += static_cast<std::uint32_t>(size + 1);
  return *files_.back();
}

const SourceFile* Sources::find(Span span) const {
  if (span.nowhere()) return nullptr;
  const auto after =
      std::upper_bound(files_.begin(), files_.end(), span.begin,
                       [](std::uint32_t address, const std::unique_ptr<SourceFile>& file) {
                         return address < file->base();
                       });
  return after == files_.begin() ? nullptr : std::prev(after)->get();
}

bool Sources::fits(std::size_t size) const {
  return size < std::numeric_limits<std::uint32_t>::max() - next_base_;
}

}  // namespace rpcgen
