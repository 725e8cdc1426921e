#include "chaos/history.h"

#include <fcntl.h>
#include <time.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <system_error>

namespace tern::chaos {

Nanoseconds monotonic_now() noexcept {
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  return std::chrono::seconds(now.tv_sec) + Nanoseconds(now.tv_nsec);
}

History::History(const std::filesystem::path& path)
    : file_(::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644)) {
  if (file_ < 0) throw std::system_error(errno, std::generic_category(), path.string());
}

History::~History() {
  ::close(file_);
}

void History::add(Record record) {
  record.at = monotonic_now().count();
  ssize_t size = 0;
  while ((size = ::write(file_, &record, sizeof record)) < 0 && errno == EINTR) {
  }
  if (size != static_cast<ssize_t>(sizeof record)) {
    throw std::system_error(errno, std::generic_category(), "a history");
  }
}

std::optional<std::vector<Record>> read_history(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return std::nullopt;
  std::vector<Record> records;
  Record record;
  while (file.read(reinterpret_cast<char*>(&record), sizeof record)) {
    if (record.whole != Record::kWhole) return std::nullopt;
    records.push_back(record);
  }
  if (file.gcount() != 0) return std::nullopt;
  return records;
}

}  // namespace tern::chaos
