#include "tls/outgoing.h"

#include <array>
#include <cstring>
#include <new>
#include <span>

#include "tls/gather.h"

namespace tern::tls {

namespace {

// Four records with what is around them: as much as a connection gives a stream at a time.
constexpr std::size_t kGathered = 4 * (kRecord + 256);

std::span<std::byte, kGathered> gathering_memory() {
  thread_local std::array<std::byte, kGathered> memory;
  return memory;
}

IoResult blocked() {
  IoResult result;
  result.would_block = true;
  return result;
}

}  // namespace

IoResult Outgoing::write(ByteView record) {
  if (gathers_ && gathered_ + record.size() > kGathered) {
    if (IoResult result = write_gathered(); !result.ok()) return result;
  }
  if (waits()) {
    if (IoResult result = write_waiting(); !result.ok()) return result;
  }
  if (!gathers_ || record.size() > kGathered) return stream_.write_some({&record, 1});
  std::memcpy(gathering_memory().data() + gathered_, record.data(), record.size());
  gathered_ += record.size();
  IoResult result;
  result.bytes = record.size();
  return result;
}

IoResult Outgoing::flush() {
  gathers_ = false;
  IoResult result = write_waiting();
  // Nothing gathers while something waits.
  if (result.ok() && gathered_ > 0) result = write_gathered();
  gathered_ = 0;
  return result;
}

IoResult Outgoing::write_waiting() {
  while (waits()) {
    ByteView piece = waiting_.view();
    IoResult result = stream_.write_some({&piece, 1});
    if (result.error) return result;
    if (result.bytes == 0) return blocked();
    waiting_.consume(result.bytes);
    if (waiting_.empty()) waiting_.release();
  }
  return {};
}

// OpenSSL calls this, through which nothing may be thrown.
IoResult Outgoing::keep(ByteView rest) noexcept {
  try {
    waiting_.append(rest);
    return blocked();
  } catch (const std::bad_alloc&) {
    IoResult result;
    result.error = std::make_error_code(std::errc::not_enough_memory);
    return result;
  }
}

IoResult Outgoing::write_gathered() {
  ByteView rest = ByteView(gathering_memory()).first(gathered_);
  gathered_ = 0;
  while (!rest.empty()) {
    IoResult result = stream_.write_some({&rest, 1});
    if (result.error) return result;
    if (result.bytes == 0) return keep(rest);
    rest = rest.subspan(result.bytes);
  }
  return {};
}

}  // namespace tern::tls
