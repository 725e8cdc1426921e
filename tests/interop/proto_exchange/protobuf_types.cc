#include "protobuf_types.h"

#include <google/protobuf/descriptor.pb.h>
#include <google/protobuf/dynamic_message.h>
#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>

#include <fstream>
#include <stdexcept>

namespace tern::test {

namespace pb = google::protobuf;

struct ProtobufTypes::Parts {
  pb::DescriptorPool pool;
  pb::DynamicMessageFactory factory;
};

ProtobufTypes::ProtobufTypes(const std::string& file) : parts_(std::make_unique<Parts>()) {
  std::ifstream in(file, std::ios::binary);
  pb::FileDescriptorSet set;
  if (!set.ParseFromIstream(&in)) throw std::runtime_error(file + " holds no types");
  for (const pb::FileDescriptorProto& one : set.file()) {
    if (!parts_->pool.BuildFile(one)) throw std::runtime_error(one.name() + " cannot be used");
  }
}

ProtobufTypes::~ProtobufTypes() = default;

ProtobufTypes::Outcome ProtobufTypes::pass(const std::string& type, const std::string& bytes) {
  Outcome outcome;
  const pb::Descriptor* descriptor = parts_->pool.FindMessageTypeByName(type);
  if (!descriptor) {
    outcome.error = "there is no type " + type;
    return outcome;
  }
  std::unique_ptr<pb::Message> message(parts_->factory.GetPrototype(descriptor)->New());
  if (!message->ParseFromString(bytes)) {
    outcome.error = "cannot be parsed as " + type;
    return outcome;
  }
  outcome.text = message->ShortDebugString();
  {
    pb::io::StringOutputStream stream(&outcome.bytes);
    pb::io::CodedOutputStream out(&stream);
    out.SetSerializationDeterministic(true);
    message->SerializeToCodedStream(&out);
  }
  const std::size_t before = message->ByteSizeLong();
  message->DiscardUnknownFields();
  outcome.has_unknown = message->ByteSizeLong() != before;
  return outcome;
}

}  // namespace tern::test
