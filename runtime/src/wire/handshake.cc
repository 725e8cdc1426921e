#include "wire/handshake.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>

#include "wire/client_setup.h"

namespace tern {

namespace {

bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

bool same_key(std::string_view a, std::string_view b) {
  auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [lower](char x, char y) { return lower(x) == lower(y); });
}

Status wrong(std::string what) {
  return Status(Code::kInvalidArgument, "handshake: " + std::move(what), HandlerRan::kNo);
}

std::string_view kind_of(const simdjson::dom::element& value) {
  switch (value.type()) {
    case simdjson::dom::element_type::ARRAY:
      return "an array";
    case simdjson::dom::element_type::OBJECT:
      return "an object";
    case simdjson::dom::element_type::INT64:
      return "a number";
    case simdjson::dom::element_type::UINT64:
      return "a number over 9223372036854775807";
    case simdjson::dom::element_type::DOUBLE:
      return "a number with a fraction or exponent";
    case simdjson::dom::element_type::STRING:
      return "a string";
    case simdjson::dom::element_type::BOOL:
      return "a boolean";
    case simdjson::dom::element_type::NULL_VALUE:
      return "null";
  }
  return "something else";
}

// One key of the object and where its value goes; `seen` refuses a second one.
class KeyReader {
 public:
  KeyReader(std::string_view key, const simdjson::dom::element& value) : key_(key), value_(value) {}

  // True if the key was this one; a value that does not fit sets the failure.
  bool integer(std::string_view name, bool& seen, std::int64_t& out) {
    if (!matches(name, seen)) return false;
    if (value_.get_int64().get(out) != simdjson::SUCCESS) {
      failure_ = wrong(fmt::format("{} is {}; expected an integer", name, kind_of(value_)));
    } else if (out < 0) {
      failure_ = wrong(fmt::format("{} is {}; expected 0 or more", name, out));
    }
    return true;
  }
  bool boolean(std::string_view name, bool& seen, bool& out) {
    if (!matches(name, seen)) return false;
    if (value_.get_bool().get(out) != simdjson::SUCCESS) {
      failure_ = wrong(fmt::format("{} is {}; expected true or false", name, kind_of(value_)));
    }
    return true;
  }
  bool text(std::string_view name, bool& seen, std::string& out) {
    if (!matches(name, seen)) return false;
    std::string_view view;
    if (value_.get_string().get(view) != simdjson::SUCCESS) {
      failure_ = wrong(fmt::format("{} is {}; expected a string", name, kind_of(value_)));
    } else {
      out = view;
    }
    return true;
  }

  Status take_failure() { return std::move(failure_); }

 private:
  bool matches(std::string_view name, bool& seen) {
    if (!same_key(key_, name)) return false;
    if (seen) failure_ = wrong(fmt::format("key \"{}\" stands there twice", name));
    seen = true;
    return true;
  }

  std::string_view key_;
  simdjson::dom::element value_;
  Status failure_;
};

// Calls `read(KeyReader&)` for each key.
template <typename F>
Status for_each_key(std::string_view text, std::string_view what, F read) {
  simdjson::dom::parser parser;
  simdjson::dom::element document;
  auto error = parser.parse(text.data(), text.size()).get(document);
  if (error != simdjson::SUCCESS) {
    return wrong(fmt::format("the {} is not JSON: {}", what, simdjson::error_message(error)));
  }
  simdjson::dom::object object;
  if (document.get_object().get(object) != simdjson::SUCCESS) {
    return wrong(fmt::format("the {} is {}; expected an object", what, kind_of(document)));
  }
  for (auto field : object) {
    KeyReader reader(field.key, field.value);
    read(reader);
    if (Status failure = reader.take_failure(); !failure.ok()) return failure;
  }
  return {};
}

std::string json_string(std::string_view text) {
  std::string out = "\"";
  for (char c : text) {
    auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (byte < 0x20) {
      out += fmt::format("\\u{:04x}", byte);
    } else {
      out += c;
    }
  }
  return out + '"';
}

}  // namespace

JsonObjectExtent find_json_object(ByteView in, std::size_t limit) noexcept {
  using Kind = JsonObjectExtent::Kind;
  std::size_t end = std::min(in.size(), limit);
  std::size_t depth = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < end; ++i) {
    char c = static_cast<char>(in[i]);
    if (in_string) {
      if (c == '\\') {
        ++i;
      } else if (c == '"') {
        in_string = false;
      }
    } else if (depth == 0 && c != '{') {
      if (!is_space(c)) return {Kind::kBroken, i};
    } else if (c == '"') {
      in_string = true;
    } else if (c == '{') {
      ++depth;
    } else if (c == '}' && --depth == 0) {
      return {Kind::kWhole, i + 1};
    }
  }
  return {in.size() >= limit ? Kind::kBroken : Kind::kMore, end};
}

Result<Option> parse_option(std::string_view text) {
  Option option;
  std::int64_t magic = 0, connect = 0, handle = 0;
  bool saw_magic = false, saw_codec = false, saw_connect = false, saw_handle = false,
       saw_version = false, saw_serves = false;
  Status failure = for_each_key(text, "Option", [&](KeyReader& key) {
    key.integer("MagicNumber", saw_magic, magic) ||
        key.text("CodecType", saw_codec, option.codec_type) ||
        key.integer("ConnectTimeout", saw_connect, connect) ||
        key.integer("HandleTimeout", saw_handle, handle) ||
        key.integer("Version", saw_version, option.version) ||
        key.boolean("Serves", saw_serves, option.serves);
  });
  if (!failure.ok()) return failure;
  if (!saw_magic) return wrong(fmt::format("there is no MagicNumber; expected {}", kMagicNumber));
  if (magic != kMagicNumber) {
    return wrong(fmt::format("MagicNumber is {}; expected {}", magic, kMagicNumber));
  }
  if (!saw_codec) return wrong("there is no CodecType");
  option.connect_timeout = std::chrono::nanoseconds(connect);
  option.handle_timeout = std::chrono::nanoseconds(handle);
  return option;
}

Result<OptionReply> parse_option_reply(std::string_view text) {
  OptionReply reply;
  std::int64_t magic = 0, message = 0, calls = 0;
  bool saw_magic = false, saw_version = false, saw_message = false, saw_calls = false,
       saw_error = false, saw_going_away = false;
  Status failure = for_each_key(text, "server's answer", [&](KeyReader& key) {
    key.integer("MagicNumber", saw_magic, magic) ||
        key.integer("Version", saw_version, reply.version) ||
        key.integer("MaxMessageBytes", saw_message, message) ||
        key.integer("MaxCallsInFlight", saw_calls, calls) ||
        key.text("Error", saw_error, reply.error) ||
        key.boolean("GoingAway", saw_going_away, reply.going_away);
  });
  if (!failure.ok()) return failure;
  if (!saw_magic || magic != kMagicNumber) {
    return wrong(
        fmt::format("the server's answer has MagicNumber {}; expected {}", magic, kMagicNumber));
  }
  reply.max_message_bytes = static_cast<std::uint64_t>(message);
  reply.max_calls_in_flight = static_cast<std::uint64_t>(calls);
  return reply;
}

Option option_of(const ClientSetup& setup) {
  Option option;
  option.codec_type = setup.codec;
  option.connect_timeout = std::max(setup.connect_timeout, std::chrono::nanoseconds::zero());
  option.handle_timeout = std::max(setup.handle_timeout, std::chrono::nanoseconds::zero());
  return option;
}

std::string to_line(const Option& option) {
  std::string version = option.version > 0 ? fmt::format(",\"Version\":{}", option.version) : "";
  std::string_view serves = option.serves ? ",\"Serves\":true" : "";
  return fmt::format(
      "{{\"MagicNumber\":{},\"CodecType\":{},\"ConnectTimeout\":{},\"HandleTimeout\":{}{}{}}}\n",
      kMagicNumber, json_string(option.codec_type), option.connect_timeout.count(),
      option.handle_timeout.count(), version, serves);
}

std::string to_line(const OptionReply& reply) {
  if (!reply.error.empty()) {
    return fmt::format("{{\"MagicNumber\":{},\"Version\":{},\"Error\":{}{}}}\n", kMagicNumber,
                       reply.version, json_string(reply.error),
                       reply.going_away ? ",\"GoingAway\":true" : "");
  }
  return fmt::format(
      "{{\"MagicNumber\":{},\"Version\":{},\"MaxMessageBytes\":{},\"MaxCallsInFlight\":{}}}\n",
      kMagicNumber, reply.version, reply.max_message_bytes, reply.max_calls_in_flight);
}

}  // namespace tern
