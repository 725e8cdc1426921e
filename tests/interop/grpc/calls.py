# Calls interop_server with Python's grpcio:  calls.py FOLDER HOST:PORT
# FOLDER has what protoc made of interop.proto. Fails with the first answer that is another.
import sys
import threading

import grpc

sys.path.insert(0, sys.argv[1])
import interop_pb2 as pb  # noqa: E402
from google.protobuf import any_pb2, empty_pb2, wrappers_pb2  # noqa: E402

channel = grpc.insecure_channel(sys.argv[2], options=[("grpc.max_receive_message_length", -1)])
TIMEOUT = 20


def method(path, request, reply):
    return channel.unary_unary(
        "/interop." + path,
        request_serializer=request.SerializeToString,
        response_deserializer=reply.FromString,
    )


multiply = method("Arith/Multiply", pb.Args, wrappers_pb2.Int64Value)
divide = method("Arith/Divide", pb.Args, pb.Quotient)
get = method("KVStoreService/Get", wrappers_pb2.StringValue, wrappers_pb2.StringValue)
put = method("KVStoreService/Set", pb.SetRequest, empty_pb2.Empty)
watch = method("KVStoreService/Watch", wrappers_pb2.Int64Value, wrappers_pb2.StringValue)


def expect(what, seen, wanted):
    if seen != wanted:
        sys.exit(f"{what}: expected {wanted!r}, came {seen!r}")


def expect_error(what, call, code, text=None):
    try:
        call()
    except grpc.RpcError as error:
        expect(what, error.code(), code)
        if text is not None:
            expect(what, error.details(), text)
        return error
    sys.exit(f"{what}: expected {code}, came an answer")


expect("6 times 7", multiply(pb.Args(A=6, B=7), timeout=TIMEOUT).value, 42)
expect("17 by 5", divide(pb.Args(A=17, B=5), timeout=TIMEOUT), pb.Quotient(Quo=3, Rem=2))

error = expect_error(
    "1 by 0",
    lambda: divide(pb.Args(A=1, B=0), timeout=TIMEOUT),
    grpc.StatusCode.INVALID_ARGUMENT,
    "divide by zero",
)
# The third field of google.rpc.Status, an Any.
details = dict(error.trailing_metadata())["grpc-status-details-bin"]
packed = any_pb2.Any()
packed.ParseFromString(details[details.index(b"\x1a") + 2 :])
zero = pb.DivideByZero()
expect("the detail's type", packed.Unpack(zero), True)
expect("the detail", zero, pb.DivideByZero(dividend=1))

expect_error(
    "a key that is not there",
    lambda: get(wrappers_pb2.StringValue(value="nobody"), timeout=TIMEOUT),
    grpc.StatusCode.NOT_FOUND,
)
put(pb.SetRequest(values=["key", "value"]), timeout=TIMEOUT)
expect("a text", get(wrappers_pb2.StringValue(value="key"), timeout=TIMEOUT).value, "value")

# Longer than all windows, in both directions.
long = "x" * (3 * 1024 * 1024)
put(pb.SetRequest(values=["long", long]), timeout=TIMEOUT)
expect("a long text", get(wrappers_pb2.StringValue(value="long"), timeout=TIMEOUT).value, long)
expect_error(
    "a text over the limit",
    lambda: put(pb.SetRequest(values=["long", long + long]), timeout=TIMEOUT),
    grpc.StatusCode.RESOURCE_EXHAUSTED,
)

expect_error(
    "a deadline",
    lambda: watch(wrappers_pb2.Int64Value(value=60), timeout=0.2),
    grpc.StatusCode.DEADLINE_EXCEEDED,
)
waiting = watch.future(wrappers_pb2.Int64Value(value=60))
waiting.cancel()
expect("a call that was cancelled", waiting.cancelled(), True)

answered = threading.Event()
watched = watch.future(wrappers_pb2.Int64Value(value=60), timeout=TIMEOUT)
watched.add_done_callback(lambda _: answered.set())
while not answered.is_set():  # it may not have come to the server yet
    put(pb.SetRequest(values=["seen", "now"]), timeout=TIMEOUT)
expect("who watches", watched.result().value, "seen")

many = [multiply.future(pb.Args(A=i, B=i), timeout=TIMEOUT) for i in range(1000)]
expect("a thousand calls", [call.result().value for call in many], [i * i for i in range(1000)])

expect_error(
    "a method that is not there",
    lambda: method("Arith/Add", pb.Args, pb.Args)(pb.Args(), timeout=TIMEOUT),
    grpc.StatusCode.UNIMPLEMENTED,
    "unknown method Add for service interop.Arith",
)
expect_error(
    "a service that is not there",
    lambda: method("Nobody/Add", pb.Args, pb.Args)(pb.Args(), timeout=TIMEOUT),
    grpc.StatusCode.UNIMPLEMENTED,
    "unknown service interop.Nobody",
)
expect_error(
    "a request in an encoding that is not known",
    lambda: multiply(pb.Args(A=6, B=7), timeout=TIMEOUT, compression=grpc.Compression.Deflate),
    grpc.StatusCode.UNIMPLEMENTED,
    'grpc-encoding: "deflate" is not known; expected one of "identity,gzip"',
)
expect_error(
    "a stream for a method that has none",
    lambda: list(
        channel.stream_stream("/interop.Arith/Multiply")(iter([b"", b""]), timeout=TIMEOUT)
    ),
    grpc.StatusCode.UNIMPLEMENTED,
    "a second message came for a method that takes one",
)
expect("6 times 7, after all", multiply(pb.Args(A=6, B=7), timeout=TIMEOUT).value, 42)
