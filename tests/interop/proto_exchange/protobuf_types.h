// Google's protobuf, with the .proto files that rpcgen has written.
#pragma once

#include <memory>
#include <string>

namespace tern::test {

// Types are found by their full names, without generated code.
class ProtobufTypes {
 public:
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

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace tern::test
