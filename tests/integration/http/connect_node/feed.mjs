// feed.Feed, described as protoc would from a .proto that mirrors feed.rpc.
import { create, createFileRegistry } from "@bufbuild/protobuf";
import {
  FieldDescriptorProto_Label as Label,
  FieldDescriptorProto_Type as Type,
  FileDescriptorProtoSchema,
} from "@bufbuild/protobuf/wkt";

const int64 = (name, number) => ({
  name,
  jsonName: name,
  number,
  type: Type.INT64,
  label: Label.OPTIONAL,
});

const file = create(FileDescriptorProtoSchema, {
  name: "feed.proto",
  package: "feed",
  syntax: "proto3",
  messageType: [
    { name: "From", field: [int64("at", 1), int64("count", 2)] },
    { name: "Tick", field: [int64("at", 1)] },
    { name: "Total", field: [int64("sum", 1)] },
    { name: "Left", field: [int64("streams", 1)] },
    { name: "Empty" },
  ],
  service: [
    {
      name: "Feed",
      method: [
        { name: "Count", inputType: ".feed.From", outputType: ".feed.Tick", serverStreaming: true },
        { name: "Sum", inputType: ".feed.Tick", outputType: ".feed.Total", clientStreaming: true },
        {
          name: "Echo",
          inputType: ".feed.Tick",
          outputType: ".feed.Tick",
          clientStreaming: true,
          serverStreaming: true,
        },
        { name: "Leavers", inputType: ".feed.Empty", outputType: ".feed.Left" },
        // The server has no such method.
        { name: "Nothing", inputType: ".feed.From", outputType: ".feed.Tick", serverStreaming: true },
      ],
    },
  ],
});
export const Feed = createFileRegistry(file, () => undefined).getService("feed.Feed");
