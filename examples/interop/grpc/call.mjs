// Calls interop_server with gRPC:  node call.mjs HOST:PORT INTEROP.PROTO
import grpc from "@grpc/grpc-js";
import { loadSync } from "@grpc/proto-loader";

const [address, proto] = process.argv.slice(2);
const loaded = loadSync(proto, { keepCase: true, longs: Number });
const { Arith, Foo, KVStoreService } = grpc.loadPackageDefinition(loaded).interop;
const stub = (Service) => new Service(address, grpc.credentials.createInsecure());

// A call as a promise.
const call = (service, method, request, milliseconds = 10_000) =>
  new Promise((resolve, reject) =>
    service[method](request, { deadline: Date.now() + milliseconds }, (error, reply) =>
      error ? reject(error) : resolve(reply)));

const arith = stub(Arith);
const product = await call(arith, "Multiply", { A: 7, B: 8 });
console.log(`Arith.Multiply(7, 8) = ${product.value}`);
const divided = await call(arith, "Divide", { A: 17, B: 5 });
console.log(`Arith.Divide(17, 5) = ${divided.Quo} remainder ${divided.Rem}`);
await call(arith, "Divide", { A: 1, B: 0 }).catch(({ code, details }) =>
  console.log(`Arith.Divide(1, 0): ${grpc.status[code]}: ${details}`));

const store = stub(KVStoreService);
await call(store, "Set", { values: ["language", "C++"] });
const text = await call(store, "Get", { value: "language" });
console.log(`KVStoreService.Get("language") = "${text.value}"`);
// A deadline travels along, and ends the handler, too.
await call(store, "Watch", { value: 60 }, 100).catch(({ code }) =>
  console.log(`KVStoreService.Watch(60), with 100 ms: ${grpc.status[code]}`));

// Two calls at once, on one connection.
const foo = stub(Foo);
const sums = await Promise.all([3, 4].map((n) => call(foo, "Sleep", { Num1: 1, Num2: n })));
console.log(`Foo.Sleep(1, 3) and Foo.Sleep(1, 4) = [${sums.map((sum) => sum.value).join(", ")}]`);
