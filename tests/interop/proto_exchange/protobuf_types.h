// Google's protobuf, with the .proto files that rpcgen has written.
#pragma once

#include <memory>
#include <string>

namespace google::protobuf {
class Descriptor;
}  // namespace google::protobuf

namespace tern::test {

// Types are found by their full names.
class ProtobufTypes {
 public:
  // Those whose code, written by protoc, is linked into the program.
  ProtobufTypes();
  // Those of a file that protoc has written, a FileDescriptorSet. Throws std::runtime_error.
  explicit ProtobufTypes(const std::string& file);
  ProtobufTypes(const ProtobufTypes&) = delete;
  ProtobufTypes& operator=(const ProtobufTypes&) = delete;
  ~ProtobufTypes();

  struct Outcome {
    std::string error;  // empty: it has read the bytes
    std::string bytes;  // what it writes
    std::string text;   // what it has read, for people
    bool has_unknown = false;
  };
  // Reads a message of the type, and writes it again, map entries in order.
  Outcome pass(const std::string& type, const std::string& bytes);
  // The same as a program writes it that has structs as members, and forgets what it does not know:
  // messages that are not optional are there.
  Outcome pass_whole(const std::string& type, const std::string& bytes);
  // Null if there is no such type.
  const google::protobuf::Descriptor* find(const std::string& type) const;

 private:
  enum class Keep { kAll, kKnown };
  Outcome pass(const std::string& type, const std::string& bytes, Keep keep);

  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace tern::test
