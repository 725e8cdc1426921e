// Calls arith.Arith with Connect's own client:  node call.mjs http://127.0.0.1:PORT
// The service is described as protoc would from a .proto that mirrors arith.rpc.
import assert from "node:assert/strict";
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
import { Code, ConnectError, createClient } from "@connectrpc/connect";
import { createConnectTransport } from "@connectrpc/connect-node";

const int64 = (name, number) => ({
  name,
  jsonName: name,
  number,
  type: Type.INT64,
  label: Label.OPTIONAL,
});

// A duration is nanoseconds in JSON.
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
const formats = [
  {
    useBinaryFormat: false,
    duration: ".google.protobuf.Int64Value",
    anHour: { value: 3600_000_000_000n },
  },
  { useBinaryFormat: true, duration: ".google.protobuf.Duration", anHour: { seconds: 3600n } },
];

async function failure(call) {
  try {
    await call;
  } catch (error) {
    return ConnectError.from(error);
  }
  assert.fail("the call has not failed");
}

const ways = formats.flatMap((format) => [false, true].map((useHttpGet) => ({ ...format, useHttpGet })));
for (const { useBinaryFormat, duration, anHour, useHttpGet } of ways) {
  const registry = createFileRegistry(describe(duration), (name) => known.get(name)?.proto);
  const Arith = registry.getService("arith.Arith");
  const DivideByZero = registry.getMessage("arith.DivideByZero");
  const client = createClient(
    Arith,
    createConnectTransport({
      baseUrl: process.argv[2],
      httpVersion: "1.1",
      useBinaryFormat,
      useHttpGet,
    }),
  );

  assert.equal((await client.multiply({ A: 7n, B: 8n })).value, 56n);
  // More than a double holds goes in quotes, both ways.
  assert.equal((await client.multiply({ A: -9007199254740993n, B: 1n })).value, -9007199254740993n);
  const large = await client.divide({ A: 9007199254740993n, B: 9007199254740992n });
  assert.deepEqual([large.Quo, large.Rem], [1n, 1n]);

  const quotient = await client.divide({ A: 17n, B: 5n });
  assert.deepEqual([quotient.Quo, quotient.Rem], [3n, 2n]);

  const byZero = await failure(client.divide({ A: 8n, B: 0n }));
  assert.equal(byZero.code, Code.InvalidArgument);
  assert.equal(byZero.rawMessage, "divide by zero");
  assert.equal(byZero.details[0].type, "arith.DivideByZero");
  assert.deepEqual(byZero.details[0].debug, { dividend: 8 });
  assert.deepEqual([...byZero.details[0].value], [8, 8]);
  assert.equal(byZero.findDetails(DivideByZero)[0].dividend, 8n);

  assert.equal((await failure(client.vanish({}))).code, Code.Unimplemented);

  const many = Array.from({ length: 100 }, (_, i) => client.multiply({ A: BigInt(i), B: 3n }));
  assert.deepEqual((await Promise.all(many)).map((one) => one.value),
                   many.map((_, i) => BigInt(3 * i)));

  const late = await failure(client.sleep(anHour, { timeoutMs: 50 }));
  assert.equal(late.code, Code.DeadlineExceeded);
}
console.log("all calls answered as expected");
process.exit(0);
