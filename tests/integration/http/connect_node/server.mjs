// Serves feed.Feed and arith.Arith with Connect's own server, over HTTP/1.1 or HTTP/2:
//
//   node server.mjs [h2]
//
// Its first line is the address that it listens on. Ends with SIGTERM.
import http from "node:http";
import http2 from "node:http2";
import { once } from "node:events";
import { Code, ConnectError } from "@connectrpc/connect";
import { connectNodeAdapter } from "@connectrpc/connect-node";
import { describeArith } from "./arith.mjs";
import { Feed } from "./feed.mjs";

const { Arith, DivideByZero } = describeArith(".google.protobuf.Duration");
let leavers = 0n;

const arith = {
  multiply: ({ A, B }) => ({ value: A * B }),
  divide({ A, B }) {
    if (B !== 0n) return { Quo: A / B, Rem: A % B };
    const detail = { desc: DivideByZero, value: { dividend: A } };
    throw new ConnectError("divide by zero", Code.InvalidArgument, undefined, [detail]);
  },
};

const feed = {
  async *count({ at, count }, context) {
    context.responseHeader.set("from", String(at));
    context.responseTrailer.set("took", "3ms");
    const many = count === 0n ? 3n : count < 0n ? -count : count;
    for (let i = 1n; i <= many; ++i) yield { at: at + i };
    if (count < 0n) {
      const detail = { desc: DivideByZero, value: { dividend: 9n } };
      throw new ConnectError("no more ticks", Code.NotFound, undefined, [detail]);
    }
    if (count !== 0n) return;
    if (!context.signal.aborted) await once(context.signal, "abort");
    ++leavers;
  },
  async sum(ticks, context) {
    let sum = 0n;
    let count = 0;
    for await (const { at } of ticks) {
      sum += at;
      ++count;
    }
    context.responseTrailer.set("ticks", String(count));
    return { sum };
  },
  async *echo(ticks) {
    yield* ticks;
  },
  leavers: () => ({ streams: leavers }),
};

const version = process.argv[2] === "h2" ? http2 : http;
const server = version.createServer(
  connectNodeAdapter({
    routes(router) {
      router.service(Arith, arith);
      router.service(Feed, feed);
    },
  }),
);
server.listen(0, "127.0.0.1", () => {
  console.log(`tcp@127.0.0.1:${server.address().port}`);
});
process.on("SIGTERM", () => process.exit(0));
