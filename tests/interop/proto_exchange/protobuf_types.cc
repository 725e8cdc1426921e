#include "protobuf_types.h"

#include <google/protobuf/descriptor.pb.h>
#include <google/protobuf/dynamic_message.h>
#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <google/protobuf/stubs/logging.h>

#include <fstream>
#include <stdexcept>

namespace tern::test {

namespace pb = google::protobuf;

struct ProtobufTypes::Parts {
  pb::DescriptorPool from_file;
  pb::DynamicMessageFactory for_file;
  const pb::DescriptorPool* pool = &from_file;
  pb::MessageFactory* factory = &for_file;
};

ProtobufTypes::ProtobufTypes() : parts_(std::make_unique<Parts>()) {
  parts_->pool = pb::DescriptorPool::generated_pool();
  parts_->factory = pb::MessageFactory::generated_factory();
}

ProtobufTypes::ProtobufTypes(const std::string& file) : parts_(std::make_unique<Parts>()) {
  std::ifstream in(file, std::ios::binary);
  pb::FileDescriptorSet set;
  if (!set.ParseFromIstream(&in)) throw std::runtime_error(file + " holds no types");
  for (const pb::FileDescriptorProto& one : set.file()) {
    if (!parts_->from_file.BuildFile(one)) throw std::runtime_error(one.name() + " cannot be used");
  }
}

ProtobufTypes::~ProtobufTypes() = default;

const pb::Descriptor* ProtobufTypes::find(const std::string& type) const {
  return parts_->pool->FindMessageTypeByName(type);
}

namespace {

void add_members(pb::Message& message) {
  const pb::Descriptor& type = *message.GetDescriptor();
  const pb::Reflection& all = *message.GetReflection();
  for (int i = 0; i < type.field_count(); ++i) {
    const pb::FieldDescriptor* field = type.field(i);
    if (field->cpp_type() != pb::FieldDescriptor::CPPTYPE_MESSAGE) continue;
    if (field->is_repeated()) {
      for (int at = 0; at < all.FieldSize(message, field); ++at) {
        add_members(*all.MutableRepeatedMessage(&message, field, at));
      }
    } else if (all.HasField(message, field) || !field->containing_oneof()) {
      add_members(*all.MutableMessage(&message, field));
    }
  }
}

std::string in_order(const pb::Message& message) {
  std::string bytes;
  pb::io::StringOutputStream stream(&bytes);
  pb::io::CodedOutputStream out(&stream);
  out.SetSerializationDeterministic(true);
  message.SerializeToCodedStream(&out);
  return bytes;
}

}  // namespace

ProtobufTypes::Outcome ProtobufTypes::pass(const std::string& type, const std::string& bytes,
                                           Keep keep) {
  Outcome outcome;
  const pb::Descriptor* descriptor = find(type);
  if (!descriptor) {
    outcome.error = "there is no type " + type;
    return outcome;
  }
  const pb::LogSilencer silence;  // of strings that are not UTF-8
  std::unique_ptr<pb::Message> message(parts_->factory->GetPrototype(descriptor)->New());
  if (!message->ParseFromString(bytes)) {
    outcome.error = "cannot be parsed as " + type;
    return outcome;
  }
  outcome.text = message->ShortDebugString();
  outcome.bytes = in_order(*message);
  const std::size_t before = message->ByteSizeLong();
  message->DiscardUnknownFields();
  outcome.has_unknown = message->ByteSizeLong() != before;
  if (keep == Keep::kKnown) {
    add_members(*message);
    outcome.bytes = in_order(*message);
  }
  return outcome;
}

ProtobufTypes::Outcome ProtobufTypes::pass(const std::string& type, const std::string& bytes) {
  return pass(type, bytes, Keep::kAll);
}

ProtobufTypes::Outcome ProtobufTypes::pass_whole(const std::string& type,
                                                 const std::string& bytes) {
  return pass(type, bytes, Keep::kKnown);
}

}  // namespace tern::test
