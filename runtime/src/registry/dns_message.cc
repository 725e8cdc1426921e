#include "registry/dns_message.h"

#include <fmt/format.h>

#include "base/ascii.h"

namespace tern::registry {

namespace {

constexpr std::size_t kHeaderSize = 12;
constexpr std::size_t kRecordHead = 10;  // behind the owner
constexpr std::size_t kMaxName = 255;    // as bytes of a message
constexpr unsigned kPointer = 0xC0;

unsigned byte_at(ByteView bytes, std::size_t at) noexcept {
  return std::to_integer<unsigned>(bytes[at]);
}

Status wrong(std::size_t at, std::string_view what) {
  return Status(Code::kDataLoss, fmt::format("at byte {}: {}", at, what), HandlerRan::kNo);
}

Status too_short(std::size_t at, std::size_t size, std::string_view what, std::size_t left) {
  return wrong(at, fmt::format("expected {} bytes of {}, not {}", size, what, left));
}

// A dot that is part of a label, and what is no letter to print, as "\046".
void append_label(std::string& name, ByteView label) {
  if (!name.empty()) name += '.';
  for (std::byte one : label) {
    char c = static_cast<char>(one);
    bool plain = c > ' ' && c < '\x7f' && c != '.' && c != '\\';
    if (plain) {
      name += c;
    } else {
      name += fmt::format("\\{:03}", std::to_integer<unsigned>(one));
    }
  }
}

// Reads the name at `at` and moves `at` behind it. A pointer leads to an earlier place than all
// that have been read of this name, so that it ends.
Status read_name(ByteView bytes, std::size_t& at, std::string& name) {
  name.clear();
  std::size_t size = 0;
  std::size_t here = at;
  std::size_t earliest = at;
  bool jumped = false;
  while (true) {
    if (here >= bytes.size()) return too_short(here, 1, "a name", 0);
    unsigned length = byte_at(bytes, here);
    if ((length & kPointer) == kPointer) {
      if (bytes.size() - here < 2) return too_short(here, 2, "a pointer to a name", 1);
      std::size_t target = ((length & ~kPointer) << 8) | byte_at(bytes, here + 1);
      if (!jumped) at = here + 2;
      if (target >= earliest) {
        return wrong(here, fmt::format("a name goes on at byte {}; expected a place before byte {}",
                                       target, earliest));
      }
      jumped = true;
      here = earliest = target;
      continue;
    }
    if ((length & kPointer) != 0) {
      return wrong(here, fmt::format("expected a label of at most 63 bytes, not {}", length));
    }
    ++here;
    if (length == 0) break;
    if (bytes.size() - here < length) {
      return too_short(here, length, "a label", bytes.size() - here);
    }
    size += length + 1;
    if (size + 1 > kMaxName) {
      return wrong(at, fmt::format("a name has more than {} bytes", kMaxName));
    }
    append_label(name, bytes.subspan(here, length));
    here += length;
  }
  if (!jumped) at = here;
  if (name.empty()) name = ".";
  return {};
}

std::string_view without_final_dot(std::string_view name) noexcept {
  if (name.size() > 1 && name.ends_with('.')) name.remove_suffix(1);
  return name;
}

}  // namespace

std::uint16_t DnsMessage::number16(ByteView bytes, std::size_t at) noexcept {
  return static_cast<std::uint16_t>((byte_at(bytes, at) << 8) | byte_at(bytes, at + 1));
}

Status DnsMessage::need(std::size_t size, std::string_view what) const {
  std::size_t left = bytes_.size() - at_;
  return left < size ? too_short(at_, size, what, left) : Status();
}

Status DnsMessage::take_name(std::string& name) {
  return read_name(bytes_, at_, name);
}

Result<DnsHeader> DnsMessage::header() {
  Status status = need(kHeaderSize, "a header");
  if (!status.ok()) return status;
  DnsHeader header;
  header.answer = (byte_at(bytes_, 2) & 0x80) != 0;
  header.code = static_cast<std::uint8_t>(byte_at(bytes_, 3) & 0x0f);
  header.questions = number16(bytes_, 4);
  header.answers = number16(bytes_, 6);
  at_ = kHeaderSize;
  return header;
}

Status DnsMessage::skip_question() {
  constexpr std::size_t kTypeAndClass = 4;
  std::string name;
  Status status = take_name(name);
  if (status.ok()) status = need(kTypeAndClass, "a question");
  if (status.ok()) at_ += kTypeAndClass;
  return status;
}

Result<DnsRecord> DnsMessage::record() {
  DnsRecord record;
  Status status = take_name(record.owner);
  if (status.ok()) status = need(kRecordHead, "a record");
  if (!status.ok()) return status;
  record.type = number16(bytes_, at_);
  record.dns_class = number16(bytes_, at_ + 2);
  record.ttl =
      (std::uint32_t{number16(bytes_, at_ + 4)} << 16) | std::uint32_t{number16(bytes_, at_ + 6)};
  record.size = number16(bytes_, at_ + 8);
  at_ += kRecordHead;
  status = need(record.size, "a record's data");
  if (!status.ok()) return status;
  record.at = at_;
  at_ += record.size;
  return record;
}

Result<std::string> DnsMessage::name_in(const DnsRecord& record, std::size_t offset) const {
  if (record.size <= offset) {
    return too_short(record.at, offset + 1, "a record's data", record.size);
  }
  std::size_t at = record.at + offset;
  std::string name;
  Status status = read_name(bytes_, at, name);
  if (!status.ok()) return status;
  if (at != record.at + record.size) {
    return wrong(record.at + offset, fmt::format("a name ends at byte {}; expected it to end with "
                                                 "the record's data, at byte {}",
                                                 at, record.at + record.size));
  }
  return name;
}

bool same_dns_name(std::string_view one, std::string_view other) noexcept {
  one = without_final_dot(one);
  other = without_final_dot(other);
  return base::equal_ignoring_case(one, other);
}

}  // namespace tern::registry
