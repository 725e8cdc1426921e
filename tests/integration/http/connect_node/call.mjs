// Calls arith.Arith with Connect's own client:  node call.mjs http://127.0.0.1:PORT
import assert from "node:assert/strict";
import { Code, ConnectError, createClient } from "@connectrpc/connect";
import { createConnectTransport } from "@connectrpc/connect-node";
import { describeArith, formats } from "./arith.mjs";

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
  const { Arith, DivideByZero } = describeArith(duration);
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
