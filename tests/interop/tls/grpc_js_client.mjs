// Calls greeting.Greeter with grpc-js over mutual TLS:  grpc_js_client.mjs HOST:PORT DIRECTORY
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import grpc from "@grpc/grpc-js";

const [where, directory] = process.argv.slice(2);
const read = (name) => readFileSync(join(directory, name));
const same = (bytes) => bytes;
const Greeter = grpc.makeGenericClientConstructor({
  Greet: {
    path: "/greeting.Greeter/Greet",
    requestStream: false,
    responseStream: false,
    requestSerialize: same,
    requestDeserialize: same,
    responseSerialize: same,
    responseDeserialize: same,
  },
});

// google.protobuf.StringValue, whose text is field 1.
function greet(credentials) {
  const client = new Greeter(where, credentials);
  return new Promise((resolve, reject) => {
    client.Greet(Buffer.from("\n\x05world"), { deadline: Date.now() + 20_000 }, (error, reply) => {
      client.close();
      if (error) reject(error);
      else resolve(reply.toString());
    });
  });
}

const authority = read("authority.pem");
const known = grpc.credentials.createSsl(authority, read("client.key"), read("client.pem"));
assert.equal(await greet(known), "\n\x0chello, world");
await assert.rejects(greet(grpc.credentials.createSsl(authority)), { code: grpc.status.UNAVAILABLE });
await assert.rejects(greet(grpc.credentials.createInsecure()), { code: grpc.status.UNAVAILABLE });
