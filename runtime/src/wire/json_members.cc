#include "wire/json_members.h"

#include <fmt/format.h>

#include "base/ascii.h"
#include "codec/json_number.h"
#include "codec/json_reader.h"
#include "codec/json_text.h"
#include "codec/utf8.h"
#include "wire/json_extent.h"

namespace tern::wire {

namespace {

constexpr std::string_view kReplacement = "\\ufffd";

DecodeLimits limits_of(std::size_t depth) {
  DecodeLimits limits;
  limits.depth = depth;
  return limits;
}

template <typename T>
bool read_integer(std::string_view text, T& out) {
  return codec::is_json_integer(text) && codec::parse_json_integer(text, out) == codec::Parsed::kOk;
}

}  // namespace

JsonObject read_json_members(std::string_view text, std::span<JsonMember> members,
                             std::size_t depth) {
  codec::JsonReader reader(as_bytes(text), limits_of(depth));
  auto not_json = [&reader] {
    return JsonObject{JsonObject::Kind::kNotJson, reader.failure().status()};
  };
  std::size_t space = json_space(as_bytes(text));
  if (space == text.size() || text[space] != '{') {
    std::string_view value;
    if (!reader.ok() || !reader.raw_value(value) || !reader.end()) return not_json();
    return {JsonObject::Kind::kNotObject,
            Status(Code::kInvalidArgument,
                   fmt::format("got {}; expected an object", json_kind(value)), HandlerRan::kNo)};
  }
  JsonObject object;
  std::size_t count = 0;
  std::string key;
  if (!reader.ok() || !reader.begin_map(count)) return not_json();
  while (reader.next_entry()) {
    std::string_view value;
    if (!reader.key_string(key) || !reader.raw_value(value)) return not_json();
    for (JsonMember& member : members) {
      if (!base::equal_ignoring_case(key, member.name)) continue;
      if (member.text.empty()) {
        member.text = value;
      } else if (object.why.ok()) {
        object.kind = JsonObject::Kind::kRepeated;
        object.why = Status(Code::kInvalidArgument,
                            fmt::format("duplicate key \"{}\"", member.name), HandlerRan::kNo);
      }
      break;
    }
  }
  if (!reader.ok() || !reader.end()) return not_json();
  return object;
}

std::string_view next_json_element(std::string_view& rest) {
  auto pass_space = [&rest] { rest.remove_prefix(json_space(as_bytes(rest))); };
  pass_space();
  if (!rest.empty() && (rest.front() == '[' || rest.front() == ',')) {
    rest.remove_prefix(1);
    pass_space();
  }
  if (rest.empty()) return {};
  if (rest.front() == ']') {
    rest.remove_prefix(1);
    return {};
  }
  JsonExtent extent;
  extent.scan(as_bytes(rest));
  std::string_view element = rest.substr(0, extent.size());
  rest.remove_prefix(element.size());
  return element;
}

bool read_json_string(std::string_view text, std::string& scratch, std::string_view& out) {
  if (text.size() < 2 || text.front() != '"') return false;
  std::string_view inside = text.substr(1, text.size() - 2);
  if (codec::string_run(inside) == inside.size()) {
    out = inside;
    return true;
  }
  codec::JsonReader reader(as_bytes(text), DecodeLimits());
  if (!reader.ok() || !reader.string(scratch) || !reader.end()) return false;
  out = scratch;
  return true;
}

bool read_json_integer(std::string_view text, std::int64_t& out) {
  return read_integer(text, out);
}

bool read_json_integer(std::string_view text, std::uint64_t& out) {
  return read_integer(text, out);
}

std::string_view json_kind(std::string_view text) noexcept {
  if (text.empty()) return "nothing";
  switch (text.front()) {
    case '{':
      return "an object";
    case '[':
      return "a list";
    case '"':
      return "a string";
    case 't':
      return "true";
    case 'f':
      return "false";
    case 'n':
      return "null";
    default:
      return "a number";
  }
}

void put_json_string(std::string_view text, Buffer& out) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  auto put_plain = [&out](std::string_view plain) {
    for (;;) {
      std::size_t good = codec::utf8_prefix(plain);
      out.append(plain.substr(0, good));
      if (good == plain.size()) return;
      out.append(kReplacement);
      plain.remove_prefix(good + 1);
    }
  };
  out.append("\"");
  for (;;) {
    std::size_t plain = codec::string_run(text);
    put_plain(text.substr(0, plain));
    if (plain == text.size()) break;
    const char c = text[plain];
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      const char escape[] = {'\\', c};
      out.append(std::string_view(escape, sizeof escape));
    } else if (c == '\n') {
      out.append("\\n");
    } else {
      const char escape[] = {'\\', 'u', '0', '0', kDigits[byte >> 4], kDigits[byte & 15]};
      out.append(std::string_view(escape, sizeof escape));
    }
    text.remove_prefix(plain + 1);
  }
  out.append("\"");
}

}  // namespace tern::wire
