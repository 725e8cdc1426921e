# Serves interop.rpc and feed.rpc with Python's grpcio:  server.py FOLDER
# FOLDER has what protoc made of their .proto files. The first line is where it listens. Ends with
# SIGTERM, when its calls have ended.
import signal
import sys
import threading
import time
from concurrent import futures

import grpc

sys.path.insert(0, sys.argv[1])
import feed_pb2 as feed  # noqa: E402
import interop_pb2 as pb  # noqa: E402
from google.protobuf import any_pb2, empty_pb2, wrappers_pb2  # noqa: E402

TEXT = wrappers_pb2.StringValue
NUMBER = wrappers_pb2.Int64Value


def varint(number):
    out = bytearray()
    while number >= 0x80:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)
    return bytes(out)


# google.rpc.Status, which Debian has no Python for: code = 1, message = 2, details = 3.
def fail(context, code, text, detail=None):
    if detail is not None:
        packed = any_pb2.Any()
        packed.Pack(detail)
        body = packed.SerializeToString()
        status = b"\x08" + varint(code.value[0])
        status += b"\x12" + varint(len(text)) + text.encode()
        status += b"\x1a" + varint(len(body)) + body
        context.set_trailing_metadata((("grpc-status-details-bin", status),))
    context.abort(code, text)


def divide(args, context):
    if args.B == 0:
        fail(context, grpc.StatusCode.INVALID_ARGUMENT, "divide by zero",
             pb.DivideByZero(dividend=args.A))
    return pb.Quotient(Quo=args.A // args.B, Rem=args.A % args.B)


texts = {}
changed = threading.Condition()
sets = []


def get(key, context):
    with changed:
        if key.value not in texts:
            fail(context, grpc.StatusCode.NOT_FOUND, "not found", pb.NotFound(key=key.value))
        return TEXT(value=texts[key.value])


def put(request, context):
    key, text = getattr(request, request.DESCRIPTOR.fields[0].name)
    with changed:
        texts[key] = text
        sets.append(key)
        changed.notify_all()
    return empty_pb2.Empty()


def watch(timeout, context):
    with changed:
        seen = len(sets)
        if not changed.wait_for(lambda: len(sets) > seen, timeout.value):
            fail(context, grpc.StatusCode.DEADLINE_EXCEEDED, "timed out",
                 pb.TimedOut(seconds=timeout.value))
        return TEXT(value=sets[seen])


known = set()


def login(request, context):
    if request.value != "user:pass":
        fail(context, grpc.StatusCode.UNAUTHENTICATED, "username or password incorrect")
    known.add(context.peer())
    return TEXT(value="welcome")


def hello(request, context):
    if context.peer() not in known:
        fail(context, grpc.StatusCode.UNAUTHENTICATED, "not login")
    return TEXT(value=f"Hello {request.value}, from {context.peer()}")


def sleep(args, context):
    time.sleep(args.Num1)
    return NUMBER(value=args.Num1 + args.Num2)


leavers = 0


def count(asked, context):
    left = threading.Event()

    # Also of a caller who leaves before all ticks are written.
    def note_end():
        global leavers
        leavers += asked.count == 0
        left.set()

    context.add_callback(note_end)
    context.send_initial_metadata((("from", str(asked.at)), ("raw-bin", b"\x00\xff")))
    context.set_trailing_metadata((("took", "3ms"),))
    for i in range(abs(asked.count) or 3):
        yield feed.Tick(at=asked.at + 1 + i)
    if asked.count < 0:
        context.abort(grpc.StatusCode.DATA_LOSS, "the tape is torn: 100 %, \u00e4h")
    if asked.count == 0:
        left.wait()


def add_up(ticks, context):
    return feed.Total(sum=sum(tick.at for tick in ticks))


def echo(ticks, context):
    for tick in ticks:
        yield tick


def say(line, context):
    context.set_compression(grpc.Compression.Gzip)
    return line


def repeat(lines, context):
    context.set_compression(grpc.Compression.Gzip)
    for line in lines:
        yield line


UNARY = grpc.unary_unary_rpc_method_handler
METHODS = {
    "interop.Arith": {
        "Multiply": (UNARY, lambda a, c: NUMBER(value=a.A * a.B), pb.Args),
        "Divide": (UNARY, divide, pb.Args),
    },
    "interop.KVStoreService": {
        "Get": (UNARY, get, TEXT),
        "Set": (UNARY, put, pb.SetRequest),
        "Watch": (UNARY, watch, NUMBER),
    },
    "interop.HelloService": {"Login": (UNARY, login, TEXT), "Hello": (UNARY, hello, TEXT)},
    "interop.Foo": {
        "Sum": (UNARY, lambda a, c: NUMBER(value=a.Num1 + a.Num2), pb.FooArgs),
        "Sleep": (UNARY, sleep, pb.FooArgs),
    },
    "feed.Feed": {
        "Count": (grpc.unary_stream_rpc_method_handler, count, feed.From),
        "Sum": (grpc.stream_unary_rpc_method_handler, add_up, feed.Tick),
        "Echo": (grpc.stream_stream_rpc_method_handler, echo, feed.Tick),
        "Say": (UNARY, say, feed.Line),
        "Repeat": (grpc.stream_stream_rpc_method_handler, repeat, feed.Line),
        "Leavers": (UNARY, lambda e, c: feed.Left(streams=leavers), empty_pb2.Empty),
    },
}

server = grpc.server(futures.ThreadPoolExecutor(max_workers=8))
for service, methods in METHODS.items():
    handlers = {
        name: make(behaviour, request.FromString, lambda reply: reply.SerializeToString())
        for name, (make, behaviour, request) in methods.items()
    }
    server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(service, handlers),))
port = server.add_insecure_port("127.0.0.1:0")
server.start()
stopping = threading.Event()
signal.signal(signal.SIGTERM, lambda *_: stopping.set())
print(f"grpc+tcp@127.0.0.1:{port}", flush=True)
stopping.wait()
# What has begun may finish.
server.stop(10).wait()
