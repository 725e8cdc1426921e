// Serves grpc.testing.TestService with grpc-js, as gRPC's interop cases want it. The first line is
// where it listens: with mutual TLS if CERTIFICATES in the environment is a directory of
// make_certificates.sh.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import grpc from "@grpc/grpc-js";
import { TestService, zeros } from "./service.mjs";

const INITIAL = "x-grpc-test-echo-initial";
const TRAILING = "x-grpc-test-echo-trailing-bin";

// Sends the initial metadata that is asked for, and returns the trailing.
function echoMetadata(call) {
  const [initial] = call.metadata.get(INITIAL);
  if (initial !== undefined) {
    const metadata = new grpc.Metadata();
    metadata.set(INITIAL, initial);
    call.sendMetadata(metadata);
  }
  const trailing = new grpc.Metadata();
  for (const value of call.metadata.get(TRAILING)) trailing.add(TRAILING, value);
  return trailing;
}

const errorOf = (status) => ({ code: status.code, details: status.message });

function emptyCall(call, done) {
  done(null, {});
}

function unaryCall(call, done) {
  const trailing = echoMetadata(call);
  const { response_status: status, response_size: size = 0 } = call.request;
  if (status) return done(errorOf(status), null, trailing);
  done(null, { payload: zeros(size) }, trailing);
}

// Throws what the call is to end with.
async function answer(call, request) {
  if (request.response_status) throw errorOf(request.response_status);
  for (const { size = 0, interval_us: interval = 0 } of request.response_parameters ?? []) {
    if (interval > 0) await sleep(interval / 1000);
    if (!call.write({ payload: zeros(size) })) {
      await new Promise((resolve) => call.once("drain", resolve).once("cancelled", resolve));
    }
  }
}

async function streamingOutputCall(call) {
  const trailing = echoMetadata(call);
  try {
    await answer(call, call.request);
    call.end(trailing);
  } catch (error) {
    call.emit("error", error);
  }
}

function streamingInputCall(call, done) {
  let size = 0;
  call.on("data", ({ payload }) => {
    size += payload?.body?.length ?? 0;
  });
  call.on("end", () => done(null, { aggregated_payload_size: size }));
}

async function fullDuplexCall(call) {
  const trailing = echoMetadata(call);
  try {
    // A loop that ends early is to leave the stream as it is: its status has not been sent.
    for await (const request of call.iterator({ destroyOnReturn: false })) {
      await answer(call, request);
    }
    call.end(trailing);
  } catch (error) {
    if (!call.cancelled) call.emit("error", error);
  }
}

const server = new grpc.Server();
server.addService(TestService.service, {
  EmptyCall: emptyCall,
  UnaryCall: unaryCall,
  StreamingOutputCall: streamingOutputCall,
  StreamingInputCall: streamingInputCall,
  FullDuplexCall: fullDuplexCall,
});

function mutualTls(directory) {
  const read = (name) => readFileSync(join(directory, name));
  const own = { private_key: read("server.key"), cert_chain: read("server.pem") };
  return grpc.ServerCredentials.createSsl(read("authority.pem"), [own], true);
}

const certificates = process.env.CERTIFICATES;
const credentials = certificates
  ? mutualTls(certificates)
  : grpc.ServerCredentials.createInsecure();
server.bindAsync("127.0.0.1:0", credentials, (error, port) => {
  if (error) throw error;
  console.log(`grpc+${certificates ? "tls" : "tcp"}@127.0.0.1:${port}`);
});
