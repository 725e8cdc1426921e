// Bytes to read, as protobuf's conformance suite makes them: for each field of a message what is
// valid, what is valid although nobody writes it, and what must be refused.
#pragma once

#include <string>
#include <vector>

namespace google::protobuf {
class Descriptor;
}  // namespace google::protobuf

namespace tern::test {

struct WireCase {
  std::string name;
  std::string bytes;
  // It has a number that is too large for its place: a varint of more than 64 bits, or a tag of
  // more than 32. Readers differ: protobuf's library drops the bits beyond.
  bool has_too_many_bits = false;
};

// Which of them are valid is for a reader to say.
std::vector<WireCase> wire_cases(const google::protobuf::Descriptor& message);

}  // namespace tern::test
