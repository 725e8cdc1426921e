// What a web page has to call Tern in gRPC-Web: the client of npm's grpc-web, and messages whose
// fields are integers, written by hand as protobuf has them. The page sets window.calls to this.
import { GrpcWebClientBase, MethodDescriptor, MethodType } from '/grpc-web.mjs';

function varint(value) {
  const bytes = [];
  for (value = BigInt.asUintN(64, BigInt(value)); value >= 0x80n; value >>= 7n) {
    bytes.push(Number(value & 0x7fn) | 0x80);
  }
  return [...bytes, Number(value)];
}

// [of field 1, of field 2, ...]
const write = (values) => Uint8Array.from(
  values.flatMap((value, i) => (value === 0 ? [] : [...varint((i + 1) << 3), ...varint(value)])));

// The same back, for messages with so many fields.
const read = (fields) => (bytes) => {
  const values = Array(fields).fill(0);
  let at = 0;
  const next = () => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = bytes[at++];
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt.asIntN(64, value);
    }
  };
  while (at < bytes.length) {
    const key = next();
    values[Number(key >> 3n) - 1] = Number(next());
  }
  return values;
};

const method = (name, type, fields) =>
  new MethodDescriptor(name, type, Array, Array, write, read(fields));
const methods = {
  multiply: method('/arith.Arith/Multiply', MethodType.UNARY, 1),
  divide: method('/arith.Arith/Divide', MethodType.UNARY, 2),
  count: method('/feed.Feed/Count', MethodType.SERVER_STREAMING, 1),
};

const failed = ({ code, message, metadata }) => ({ code, message, metadata });

// { result, status }, or { code, message, metadata } of the error.
function unary(format, server, name, argument, metadata = {}) {
  return new Promise((done) => {
    let result;
    let status;
    const call = new GrpcWebClientBase({ format }).rpcCall(
      server + methods[name].getName(), argument, metadata, methods[name],
      (error, value) => (error ? done(failed(error)) : (result = value)));
    call.on('status', (value) => (status = value));
    call.on('end', () => done({ result, status }));
  });
}

// The messages and how the stream has ended. `leave`: cancelled behind so many messages.
function stream(format, server, name, argument, { metadata = {}, leave = 0 } = {}) {
  return new Promise((done) => {
    const seen = [];
    const call = new GrpcWebClientBase({ format }).serverStreaming(
      server + methods[name].getName(), argument, metadata, methods[name]);
    call.on('data', (message) => {
      seen.push(message[0]);
      if (seen.length !== leave) return;
      call.cancel();
      done({ seen });
    });
    call.on('error', (error) => done({ seen, error: failed(error) }));
    call.on('end', () => done({ seen }));
  });
}

// A call that is aborted when `abort` is called.
function begin(format, server, name, argument) {
  const leaving = new AbortController();
  const end = new GrpcWebClientBase({ format })
    .unaryCall(server + methods[name].getName(), argument, {}, methods[name],
      { signal: leaving.signal })
    .then((value) => ({ value }), failed);
  return { abort: () => leaving.abort(), end };
}

window.calls = { unary, stream, begin };
