// What Go wrote (data/gob_vectors.jsonl), and how to compare it.
#pragma once

#include <fstream>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>

#include "codec/gob_number.h"
#include "codec/gob_types.h"
#include "codec_testing.h"

namespace sample {

inline std::string json_member(const std::string& line, const std::string& key) {
  const std::string before = "\"" + key + "\":\"";
  const std::size_t at = line.find(before);
  if (at == std::string::npos) return "";
  const std::size_t start = at + before.size();
  return line.substr(start, line.find('"', start) - start);
}

// The bytes of each vector, by name.
inline std::map<std::string, std::string> gob_vectors() {
  std::ifstream in(TERN_CODEC_TEST_DATA "/gob_vectors.jsonl");
  std::map<std::string, std::string> found;
  for (std::string line; std::getline(in, line);) {
    found[json_member(line, "name")] = unhex(json_member(line, "hex"));
  }
  return found;
}

// What a stream says, message by message: a definition by its kind, names and types, which are
// numbered as they appear; a value by its type's number and its bytes, to the last one. So streams
// can be compared although type ids are the sender's choice, and Go's come from a counter of the
// whole program.
class GobDescription {
 public:
  explicit GobDescription(std::string_view stream) {
    tern::ByteView in = tern::as_bytes(stream);
    while (!in.empty()) {
      const std::uint64_t size = number(in);
      message(in.first(size));
      in = in.subspan(size);
    }
  }
  const std::string& text() const { return text_; }

 private:
  static std::uint64_t number(tern::ByteView& in) {
    std::uint64_t value = 0;
    const std::byte* at = tern::codec::take_gob_uint(in.data(), in.data() + in.size(), value);
    if (at == nullptr) throw std::runtime_error("no number");
    in = in.subspan(static_cast<std::size_t>(at - in.data()));
    return value;
  }
  std::string type(std::int32_t id) {
    if (id < 64) return std::to_string(id);
    return "#" + std::to_string(numbers_.try_emplace(id, numbers_.size()).first->second);
  }
  void message(tern::ByteView in) {
    const auto id = static_cast<std::int32_t>(tern::codec::gob_unfolded(number(in)));
    if (id > 0) {
      text_ += "value " + type(id) + ": " + hex(in) + "\n";
      return;
    }
    std::size_t size = 0;
    const tern::Status status = types_.define(id, in, size);
    if (!status.ok() || size != in.size()) throw std::runtime_error("no definition");
    const tern::codec::GobType& defined = *types_.find(-id);
    text_ += "type " + type(-id) + " kind " + std::to_string(static_cast<int>(defined.kind));
    if (defined.kind == tern::codec::GobKind::kStruct) text_ += " " + std::string(defined.name());
    text_ += " of " + type(defined.key) + " " + type(defined.element);
    for (const tern::codec::GobField& field : defined.fields) {
      text_ += ", " + std::string(defined.name(field)) + " " + type(field.type);
    }
    text_ += "\n";
  }

  tern::codec::GobTypes types_;
  std::map<std::int32_t, std::size_t> numbers_;
  std::string text_;
};

}  // namespace sample
