// Streams of feed.Feed with Connect's own client:  node streams.mjs http://127.0.0.1:PORT
import assert from "node:assert/strict";
import { Code, ConnectError, createClient } from "@connectrpc/connect";
import { createConnectTransport } from "@connectrpc/connect-node";
import { Feed } from "./feed.mjs";

async function* ticks(count) {
  for (let at = 1n; at <= count; ++at) yield { at };
}

async function failureOf(stream, seen = []) {
  try {
    for await (const tick of stream) seen.push(tick.at);
  } catch (error) {
    return ConnectError.from(error);
  }
  assert.fail("the stream ended without an error");
}

for (const useBinaryFormat of [false, true]) {
  const feed = createClient(
    Feed,
    createConnectTransport({ baseUrl: process.argv[2], httpVersion: "1.1", useBinaryFormat }),
  );

  // A server's stream, more than a window.
  let next = 6n;
  for await (const tick of feed.count({ at: 5n, count: 10_000n })) assert.equal(tick.at, next++);
  assert.equal(next, 10_006n);

  // Many beside each other.
  await Promise.all(
    Array.from({ length: 20 }, async () => {
      let last = 0n;
      for await (const tick of feed.count({ count: 500n })) last = tick.at;
      assert.equal(last, 500n);
    }),
  );

  // An error behind the messages.
  const before = [];
  const gone = await failureOf(feed.count({ count: -3n }), before);
  assert.deepEqual(before, [1n, 2n, 3n]);
  assert.equal(gone.code, Code.NotFound);
  assert.equal(gone.rawMessage, "no more ticks");

  // A client's stream, with trailing metadata.
  let trailers;
  const total = await feed.sum(ticks(1000n), { onTrailer: (all) => (trailers = all) });
  assert.equal(total.sum, 500_500n);
  assert.equal(trailers.get("ticks"), "1000");
  assert.equal((await feed.sum(ticks(0n))).sum, 0n);

  // What the server does not have, and what HTTP/1.1 cannot carry.
  assert.equal((await failureOf(feed.nothing({}))).code, Code.Unimplemented);
  assert.ok(await failureOf(feed.echo(ticks(3n))));

  // A time limit.
  assert.equal((await failureOf(feed.count({}, { timeoutMs: 300 }))).code, Code.DeadlineExceeded);

  // A caller that leaves cancels the handler.
  const { streams: had } = await feed.leavers({});
  const leaving = new AbortController();
  let seen = 0;
  const left = await failureOf(
    (async function* () {
      for await (const tick of feed.count({}, { signal: leaving.signal })) {
        if (++seen === 3) leaving.abort();
        yield tick;
      }
    })(),
  );
  assert.equal(left.code, Code.Canceled);
  while ((await feed.leavers({})).streams === had);
}
