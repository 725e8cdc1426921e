// arith.Arith, described as protoc would from a .proto that mirrors arith.rpc.
import { create, createFileRegistry } from "@bufbuild/protobuf";
import {
  FieldDescriptorProto_Label as Label,
  FieldDescriptorProto_Type as Type,
  FileDescriptorProtoSchema,
  MethodOptions_IdempotencyLevel as Idempotency,
  file_google_protobuf_duration,
  file_google_protobuf_empty,
  file_google_protobuf_wrappers,
} from "@bufbuild/protobuf/wkt";

const int64 = (name, number) => ({
  name,
  jsonName: name,
  number,
  type: Type.INT64,
  label: Label.OPTIONAL,
});

const describe = (duration) => create(FileDescriptorProtoSchema, {
  name: "arith.proto",
  package: "arith",
  syntax: "proto3",
  dependency: [...known.keys()],
  messageType: [
    { name: "Args", field: [int64("A", 1), int64("B", 2)] },
    { name: "Quotient", field: [int64("Quo", 1), int64("Rem", 2)] },
    { name: "DivideByZero", field: [int64("dividend", 1)] },
  ],
  service: [
    {
      name: "Arith",
      method: [
        {
          name: "Multiply",
          inputType: ".arith.Args",
          outputType: ".google.protobuf.Int64Value",
          options: { idempotencyLevel: Idempotency.NO_SIDE_EFFECTS },
        },
        { name: "Divide", inputType: ".arith.Args", outputType: ".arith.Quotient" },
        { name: "Sleep", inputType: duration, outputType: ".google.protobuf.Empty" },
        { name: "Vanish", inputType: ".arith.Args", outputType: ".arith.Quotient" },
      ],
    },
  ],
});
const known = new Map([
  ["google/protobuf/duration.proto", file_google_protobuf_duration],
  ["google/protobuf/empty.proto", file_google_protobuf_empty],
  ["google/protobuf/wrappers.proto", file_google_protobuf_wrappers],
]);

// The service and its error, by what a duration is: nanoseconds in JSON, Duration in protobuf.
export function describeArith(duration) {
  const registry = createFileRegistry(describe(duration), (name) => known.get(name)?.proto);
  return {
    Arith: registry.getService("arith.Arith"),
    DivideByZero: registry.getMessage("arith.DivideByZero"),
  };
}

export const formats = [
  {
    useBinaryFormat: false,
    duration: ".google.protobuf.Int64Value",
    anHour: { value: 3600_000_000_000n },
  },
  { useBinaryFormat: true, duration: ".google.protobuf.Duration", anHour: { seconds: 3600n } },
];
