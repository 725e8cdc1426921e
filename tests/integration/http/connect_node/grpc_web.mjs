// Calls in gRPC-Web with Connect's own client, over HTTP/1.1:
//
//   node grpc_web.mjs http://127.0.0.1:PORT arith|feed
//
// of arith.Arith or feed.Feed.
import assert from "node:assert/strict";
import { Code, ConnectError, createClient } from "@connectrpc/connect";
import { createGrpcWebTransport } from "@connectrpc/connect-node";
import { describeArith, formats } from "./arith.mjs";
import { Feed } from "./feed.mjs";

const [, , baseUrl, service] = process.argv;

function clientOf(described, useBinaryFormat) {
  return createClient(
    described,
    createGrpcWebTransport({ baseUrl, httpVersion: "1.1", useBinaryFormat }),
  );
}

async function failure(call) {
  try {
    await call;
  } catch (error) {
    return ConnectError.from(error);
  }
  assert.fail("the call has not failed");
}

async function all(stream, seen = []) {
  for await (const tick of stream) seen.push(tick.at);
  return seen;
}

async function callArith({ useBinaryFormat, duration, anHour }) {
  const { Arith, DivideByZero } = describeArith(duration);
  const arith = clientOf(Arith, useBinaryFormat);

  assert.equal((await arith.multiply({ A: 7n, B: 8n })).value, 56n);
  assert.equal((await arith.multiply({})).value, 0n);
  assert.equal((await arith.multiply({ A: -9007199254740993n, B: 1n })).value, -9007199254740993n);

  const byZero = await failure(arith.divide({ A: 8n, B: 0n }));
  assert.equal(byZero.code, Code.InvalidArgument);
  assert.equal(byZero.rawMessage, "divide by zero");
  assert.equal(byZero.findDetails(DivideByZero)[0].dividend, 8n);

  assert.equal((await failure(arith.vanish({}))).code, Code.Unimplemented);

  const many = Array.from({ length: 100 }, (_, i) => arith.multiply({ A: BigInt(i), B: 3n }));
  assert.deepEqual((await Promise.all(many)).map((one) => one.value),
                   many.map((_, i) => BigInt(3 * i)));

  const late = await failure(arith.sleep(anHour, { timeoutMs: 50 }));
  assert.equal(late.code, Code.DeadlineExceeded);
}

async function callFeed({ useBinaryFormat }) {
  const feed = clientOf(Feed, useBinaryFormat);

  // More than a window.
  const ticks = await all(feed.count({ at: 5n, count: 10_000n }));
  assert.deepEqual(ticks, Array.from({ length: 10_000 }, (_, i) => BigInt(6 + i)));

  const before = [];
  const gone = await failure(all(feed.count({ count: -3n }), before));
  assert.deepEqual(before, [1n, 2n, 3n]);
  assert.equal(gone.code, Code.NotFound);
  assert.equal(gone.rawMessage, "no more ticks");

  assert.equal((await failure(all(feed.nothing({})))).code, Code.Unimplemented);
  async function* one() {
    yield { at: 1n };
  }
  assert.equal((await failure(feed.sum(one()))).code, Code.Unimplemented);
  assert.equal((await failure(all(feed.echo(one())))).code, Code.Unimplemented);
  assert.equal((await failure(all(feed.count({}, { timeoutMs: 300 })))).code, Code.DeadlineExceeded);

  // A caller that leaves cancels the handler.
  const { streams: had } = await feed.leavers({});
  const leaving = new AbortController();
  const left = await failure(
    (async () => {
      for await (const tick of feed.count({}, { signal: leaving.signal })) {
        if (tick.at === 3n) leaving.abort();
      }
    })(),
  );
  assert.equal(left.code, Code.Canceled);
  while ((await feed.leavers({})).streams === had);
}

for (const format of formats) await (service === "arith" ? callArith : callFeed)(format);
process.exit(0);
