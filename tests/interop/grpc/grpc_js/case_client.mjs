// Runs gRPC's interop cases with grpc-js:  node case_client.mjs HOST:PORT
// A line for each case says whether it passes; fails if one ends in a way that is not known here.
import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, createServer } from "node:net";
import grpc from "@grpc/grpc-js";
import { TestService, zeros } from "./service.mjs";

const LARGE_REQUEST = 271828;
const LARGE_RESPONSE = 314159;
const NO_PROBE =
  "without the probe: a handler cannot see whether a request was compressed, so that bytes are " +
  "counted on the way";
const { status: Status } = grpc;

// --- What counts the bytes of either direction ---

const counts = { sent: 0, received: 0 };
const [host, port] = process.argv[2].split(":");
const relay = createServer((client) => {
  const server = connect(Number(port), host);
  for (const [from, to, what] of [[client, server, "sent"], [server, client, "received"]]) {
    from.on("data", (bytes) => {
      counts[what] += bytes.length;
      to.write(bytes);
    });
    from.on("end", () => to.end());
    from.on("error", () => to.destroy());
  }
});
await once(relay.listen(0, "127.0.0.1"), "listening");

async function travelled(run) {
  const before = { ...counts };
  await run();
  return { sent: counts.sent - before.sent, received: counts.received - before.received };
}

// --- Calls ---

// grpc-js has no word of its own for a message that is not to be compressed; an interceptor has.
const NO_COMPRESSION = 2; // grpc-js's WriteFlags.NoCompress
class MessageByMessage extends grpc.InterceptingCall {
  sendMessageWithContext(context, message) {
    const flags = message.expect_compressed?.value === false ? NO_COMPRESSION : 0;
    super.sendMessageWithContext({ ...context, flags }, message);
  }
}

const insecure = grpc.credentials.createInsecure();
const client = new TestService(process.argv[2], insecure);
const counted = new TestService(`127.0.0.1:${relay.address().port}`, insecure, {
  "grpc.default_compression_algorithm": grpc.compressionAlgorithms.gzip,
  interceptors: [(options, next) => new MessageByMessage(next(options))],
});
const within = () => ({ deadline: Date.now() + 60_000 });

// What became of a call.
function unary(stub, method, request, metadata = new grpc.Metadata()) {
  return new Promise((resolve) => {
    const seen = {};
    const call = stub[method](request, metadata, within(), (error, response) => {
      Object.assign(seen, { error, response });
    });
    call.on("metadata", (initial) => Object.assign(seen, { initial }));
    call.on("status", (status) => resolve({ ...seen, status }));
  });
}

// A stream of responses, each awaited.
class Responses {
  constructor(call) {
    this.call = call;
    this.status = new Promise((resolve) => call.on("status", resolve));
    this.initial = new Promise((resolve) => call.on("metadata", resolve));
    call.on("error", () => {}); // the status says it
    this.iterator = call[Symbol.asyncIterator]();
  }
  // -1: there is none.
  async nextSize() {
    const { done, value } = await this.iterator.next().catch(() => ({ done: true }));
    return done ? -1 : value.payload?.body.length ?? 0;
  }
  async expectSizes(...sizes) {
    for (const size of [...sizes, -1]) assert.equal(await this.nextSize(), size);
    assert.equal((await this.status).code, Status.OK);
  }
}

const largeRequest = (fields = {}) => ({
  response_size: LARGE_RESPONSE,
  payload: zeros(LARGE_REQUEST),
  ...fields,
});
const asksFor = (sizes, payload) => ({
  response_parameters: sizes.map((size) => ({ size })),
  ...(payload === undefined ? {} : { payload: zeros(payload) }),
});

function expectLarge({ status, response }) {
  assert.equal(status.code, Status.OK, status.details);
  assert.ok(response.payload.body.equals(Buffer.alloc(LARGE_RESPONSE)));
}
function expectBetween(bytes, least, most) {
  assert.ok(bytes >= least && bytes < most, `${bytes} bytes went; expected ${least} to ${most}`);
}
function expectShort(bytes, whole, compressed) {
  expectBetween(bytes, compressed ? 1 : whole, compressed ? whole / 10 : 2 * whole);
}

function upload(stub, requests) {
  return new Promise((resolve, reject) => {
    const call = stub.StreamingInputCall(within(), (error, response) => {
      if (error) reject(error);
      else resolve(response.aggregated_payload_size);
    });
    for (const request of requests) call.write(request);
    call.end();
  });
}

function unimplemented(service) {
  return new Promise((resolve) => {
    client.makeUnaryRequest(
      `/grpc.testing.${service}/UnimplementedCall`,
      () => Buffer.alloc(0),
      (bytes) => bytes,
      {},
      within(),
      (error) => resolve(error?.code),
    );
  });
}

// --- The cases ---

const cases = {
  async empty_unary() {
    const { status, response } = await unary(client, "EmptyCall", {});
    assert.equal(status.code, Status.OK, status.details);
    assert.deepEqual({ ...response }, {});
  },
  async large_unary() {
    expectLarge(await unary(client, "UnaryCall", largeRequest()));
  },
  async client_compressed_unary() {
    for (const value of [true, false]) {
      const request = largeRequest({ expect_compressed: { value } });
      const { sent } = await travelled(async () =>
        expectLarge(await unary(counted, "UnaryCall", request)));
      expectShort(sent, LARGE_REQUEST, value);
    }
    return NO_PROBE;
  },
  async server_compressed_unary() {
    for (const value of [true, false]) {
      const request = largeRequest({ response_compressed: { value } });
      const { received } = await travelled(async () =>
        expectLarge(await unary(counted, "UnaryCall", request)));
      expectShort(received, LARGE_RESPONSE, value);
    }
  },
  async client_compressed_streaming() {
    const { sent } = await travelled(async () => {
      const sum = await upload(counted, [
        { expect_compressed: { value: true }, payload: zeros(27182) },
        { expect_compressed: { value: false }, payload: zeros(45904) },
      ]);
      assert.equal(sum, 73086);
    });
    expectBetween(sent, 45904, 45904 + 27182 / 10);
    return NO_PROBE;
  },
  async server_compressed_streaming() {
    const request = asksFor([31415, 92653]);
    request.response_parameters[0].compressed = { value: true };
    request.response_parameters[1].compressed = { value: false };
    const { received } = await travelled(() =>
      new Responses(counted.StreamingOutputCall(request, within())).expectSizes(31415, 92653));
    expectBetween(received, 92653, 92653 + 31415 / 2);
  },
  async client_streaming() {
    const requests = [27182, 8, 1828, 45904].map((size) => ({ payload: zeros(size) }));
    assert.equal(await upload(client, requests), 74922);
  },
  async server_streaming() {
    const sizes = [31415, 9, 2653, 58979];
    await new Responses(client.StreamingOutputCall(asksFor(sizes), within())).expectSizes(...sizes);
  },
  async ping_pong() {
    const responses = new Responses(client.FullDuplexCall(within()));
    for (const [size, payload] of [[31415, 27182], [9, 8], [2653, 1828], [58979, 45904]]) {
      responses.call.write(asksFor([size], payload));
      assert.equal(await responses.nextSize(), size);
    }
    responses.call.end();
    await responses.expectSizes();
  },
  async empty_stream() {
    const responses = new Responses(client.FullDuplexCall(within()));
    responses.call.end();
    await responses.expectSizes();
  },
  async custom_metadata() {
    const value = Buffer.from([0xab, 0xab, 0xab]);
    const metadata = new grpc.Metadata();
    metadata.set("x-grpc-test-echo-initial", "test_initial_metadata_value");
    metadata.set("x-grpc-test-echo-trailing-bin", value);
    const expectEcho = (initial, status) => {
      assert.deepEqual(initial.get("x-grpc-test-echo-initial"), ["test_initial_metadata_value"]);
      assert.deepEqual(status.metadata.get("x-grpc-test-echo-trailing-bin"), [value]);
    };
    const seen = await unary(client, "UnaryCall", largeRequest(), metadata);
    expectLarge(seen);
    expectEcho(seen.initial, seen.status);
    const responses = new Responses(client.FullDuplexCall(metadata, within()));
    responses.call.write(asksFor([LARGE_RESPONSE], LARGE_REQUEST));
    responses.call.end();
    await responses.expectSizes(LARGE_RESPONSE);
    expectEcho(await responses.initial, await responses.status);
  },
  async status_code_and_message() {
    const request = { response_status: { code: 2, message: "test status message" } };
    const { status } = await unary(client, "UnaryCall", request);
    assert.deepEqual([status.code, status.details], [Status.UNKNOWN, "test status message"]);
    const responses = new Responses(client.FullDuplexCall(within()));
    responses.call.end(request);
    assert.equal(await responses.nextSize(), -1);
    const { code, details } = await responses.status;
    assert.deepEqual([code, details], [Status.UNKNOWN, "test status message"]);
  },
  async special_status_message() {
    const message = "\t\ntest with whitespace\r\nand Unicode BMP \u263a and non-BMP \u{1f608}\t\n";
    const { status } = await unary(client, "UnaryCall", { response_status: { code: 2, message } });
    assert.deepEqual([status.code, status.details], [Status.UNKNOWN, message]);
  },
  async unimplemented_method() {
    assert.equal(await unimplemented("TestService"), Status.UNIMPLEMENTED);
  },
  async unimplemented_service() {
    assert.equal(await unimplemented("UnimplementedService"), Status.UNIMPLEMENTED);
  },
  async cancel_after_begin() {
    const code = await new Promise((resolve) => {
      client.StreamingInputCall(within(), (error) => resolve(error?.code)).cancel();
    });
    assert.equal(code, Status.CANCELLED);
  },
  async cancel_after_first_response() {
    const responses = new Responses(client.FullDuplexCall(within()));
    responses.call.write(asksFor([31415], 27182));
    assert.equal(await responses.nextSize(), 31415);
    responses.call.cancel();
    assert.equal((await responses.status).code, Status.CANCELLED);
  },
  async timeout_on_sleeping_server() {
    const responses = new Responses(client.FullDuplexCall({ deadline: Date.now() + 1 }));
    responses.call.write(asksFor([], 27182));
    assert.equal((await responses.status).code, Status.DEADLINE_EXCEEDED);
  },
};

let good = true;
for (const [name, run] of Object.entries(cases)) {
  try {
    const but = await run();
    console.log(`${name}: passes${but ? ` (${but})` : ""}`);
  } catch (failure) {
    console.log(`${name}: fails: ${failure.message}`);
    good = false;
  }
}
process.exit(good ? 0 : 1);
