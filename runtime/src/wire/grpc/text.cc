#include "wire/grpc/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <cstring>

#include "base/ascii.h"
#include "base/peer_text.h"
#include "codec/base64.h"

namespace tern::wire::grpc {

namespace {

constexpr std::string_view kBinary = "-bin";
constexpr std::size_t kMostDigits = 8;

constexpr std::array<std::string_view, 12> kOwn = {"te",
                                                   "content-type",
                                                   "content-length",
                                                   "connection",
                                                   "host",
                                                   "user-agent",
                                                   "trailer",
                                                   "upgrade",
                                                   "transfer-encoding",
                                                   "keep-alive",
                                                   "accept-encoding",
                                                   "proxy-connection"};

bool is_own(std::string_view name) noexcept {
  return name.starts_with(':') || name.starts_with("grpc-") ||
         std::find(kOwn.begin(), kOwn.end(), name) != kOwn.end();
}

// Lower case letters, digits and "-_.".
bool is_key(std::string_view name) noexcept {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
  });
}

bool is_printable(std::string_view value) noexcept {
  return std::all_of(value.begin(), value.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

// Several values can be joined with commas, since base64 has none.
Status add_binary(std::string_view name, std::string_view value, Metadata& metadata) {
  for (;;) {
    const std::size_t comma = value.find(',');
    std::string_view one = value.substr(0, comma);
    while (one.starts_with(' ')) one.remove_prefix(1);
    while (one.ends_with(' ')) one.remove_suffix(1);
    std::vector<std::byte> bytes;
    if (!codec::read_base64(one, bytes)) {
      return Status(Code::kInternal,
                    fmt::format("metadata: the value of \"{}\" is not base64: \"{}\"",
                                base::peer_text(name), base::peer_text(one)),
                    HandlerRan::kNo);
    }
    metadata.add(std::string(name), std::string(as_text(bytes)));
    if (comma == std::string_view::npos) return {};
    value.remove_prefix(comma + 1);
  }
}

void put_text(std::string_view text, Buffer& out) {
  const auto size = static_cast<std::uint32_t>(text.size());
  std::memcpy(out.grow(sizeof size), &size, sizeof size);
  out.append(text);
}

std::string take_text(ByteView& in) {
  std::uint32_t size = 0;
  std::memcpy(&size, in.data(), sizeof size);
  std::string text(as_text(in.subspan(sizeof size, size)));
  in = in.subspan(sizeof size + size);
  return text;
}

}  // namespace

std::optional<std::chrono::nanoseconds> read_timeout(std::string_view text) noexcept {
  using namespace std::chrono;
  if (text.size() < 2 || text.size() > kMostDigits + 1) return std::nullopt;
  std::int64_t count = 0;
  for (char c : text.substr(0, text.size() - 1)) {
    if (c < '0' || c > '9') return std::nullopt;
    count = count * 10 + (c - '0');
  }
  // Of hours 8 digits are more than nanoseconds can say.
  constexpr std::int64_t kMostHours = duration_cast<hours>(nanoseconds::max()).count();
  switch (text.back()) {
    case 'H':
      return hours(std::min(count, kMostHours));
    case 'M':
      return minutes(count);
    case 'S':
      return seconds(count);
    case 'm':
      return milliseconds(count);
    case 'u':
      return microseconds(count);
    case 'n':
      return nanoseconds(count);
    default:
      return std::nullopt;
  }
}

std::string timeout_text(std::chrono::nanoseconds timeout) {
  struct Unit {
    std::int64_t nanoseconds;
    char name;
  };
  constexpr std::array<Unit, 6> kUnits = {{{1, 'n'},
                                           {1'000, 'u'},
                                           {1'000'000, 'm'},
                                           {1'000'000'000, 'S'},
                                           {60'000'000'000, 'M'},
                                           {3'600'000'000'000, 'H'}}};
  constexpr std::int64_t kMost = 99'999'999;
  const std::int64_t left = std::max<std::int64_t>(timeout.count(), 1);
  for (const Unit& unit : kUnits) {
    const std::int64_t count = left / unit.nanoseconds + (left % unit.nanoseconds != 0 ? 1 : 0);
    if (count <= kMost) return fmt::format("{}{}", count, unit.name);
  }
  return fmt::format("{}H", kMost);  // more than nanoseconds can say
}

std::string escape_message(std::string_view message) {
  std::string result;
  result.reserve(message.size());
  for (char c : message) {
    if (c >= ' ' && c <= '~' && c != '%') {
      result += c;
    } else {
      result += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return result;
}

std::string unescape_message(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    std::uint8_t byte = 0;
    const char* digits = text.data() + i + 1;
    if (text[i] == '%' && i + 2 < text.size() &&
        std::from_chars(digits, digits + 2, byte, 16).ptr == digits + 2) {
      result += static_cast<char>(byte);
      i += 2;
    } else {
      result += text[i];
    }
  }
  return result;
}

std::string_view find_field(const Fields& fields, std::string_view name) noexcept {
  for (const auto& [key, value] : fields) {
    if (key == name) return value;
  }
  return {};
}

bool has_metadata(const Fields& fields) noexcept {
  return std::any_of(fields.begin(), fields.end(),
                     [](const auto& field) { return !is_own(field.first); });
}

Status read_metadata(const Fields& fields, Metadata& metadata) {
  for (const auto& [name, value] : fields) {
    if (is_own(name)) continue;
    if (name.ends_with(kBinary)) {
      Status failure = add_binary(name, value, metadata);
      if (!failure.ok()) return failure;
    } else {
      metadata.add(name, value);
    }
  }
  return {};
}

Status check_metadata(const Metadata& metadata, std::size_t most_bytes) {
  constexpr std::size_t kOverhead = 32;  // RFC 9113, section 6.5.2
  std::size_t bytes = 0;
  const auto wrong = [](std::string text) {
    return Status(Code::kInvalidArgument, "metadata: " + std::move(text), HandlerRan::kNo);
  };
  for (const auto& [key, value] : metadata) {
    const std::string name = base::to_lower(key);
    if (!is_key(name)) {
      return wrong(fmt::format("the key \"{}\"; expected letters, digits and \"-_.\"",
                               base::peer_text(key)));
    }
    if (is_own(name)) return wrong(fmt::format("the key \"{}\" is gRPC's or HTTP's own", name));
    const bool binary = name.ends_with(kBinary);
    if (!binary && !is_printable(value)) {
      return wrong(
          fmt::format("the value of \"{}\" is not printable ASCII: \"{}\"; expected that, "
                      "or a key that ends in \"-bin\"",
                      name, base::peer_text(value)));
    }
    bytes += name.size() + (binary ? codec::base64_size(value.size()) : value.size()) + kOverhead;
  }
  if (bytes <= most_bytes) return {};
  return Status(Code::kResourceExhausted,
                fmt::format("the metadata has {} bytes; the limit is {} (Limits::metadata_bytes)",
                            bytes, most_bytes),
                HandlerRan::kNo);
}

void add_metadata(const Metadata& metadata, Fields& fields) {
  for (const auto& [key, value] : metadata) {
    std::string name = base::to_lower(key);
    if (!is_key(name) || is_own(name)) continue;
    if (name.ends_with(kBinary)) {
      std::string text(codec::base64_size(value.size()), '\0');
      codec::write_base64(as_bytes(value), text.data());
      while (text.ends_with('=')) text.pop_back();
      fields.emplace_back(std::move(name), std::move(text));
    } else if (is_printable(value)) {
      fields.emplace_back(std::move(name), value);
    }
  }
}

void pack(const Fields& fields, Buffer& out) {
  for (const auto& [name, value] : fields) {
    put_text(name, out);
    put_text(value, out);
  }
}

void pack_metadata(const Fields& fields, Buffer& out) {
  for (const auto& [name, value] : fields) {
    if (is_own(name)) continue;
    put_text(name, out);
    put_text(value, out);
  }
}

Fields unpack(ByteView in) {
  Fields fields;
  while (!in.empty()) {
    std::string name = take_text(in);
    fields.emplace_back(std::move(name), take_text(in));
  }
  return fields;
}

}  // namespace tern::wire::grpc
