# Calls the streams of feed_server with Python's grpcio:  streams.py FOLDER HOST:PORT
# FOLDER has what protoc made of feed.proto. Fails with the first answer that is another.
import queue
import sys

import grpc

sys.path.insert(0, sys.argv[1])
import feed_pb2 as pb  # noqa: E402
from google.protobuf import empty_pb2  # noqa: E402

channel = grpc.insecure_channel(sys.argv[2])
TIMEOUT = 60


def serializers(request, reply):
    return {
        "request_serializer": request.SerializeToString,
        "response_deserializer": reply.FromString,
    }


count = channel.unary_stream("/feed.Feed/Count", **serializers(pb.From, pb.Tick))
add_up = channel.stream_unary("/feed.Feed/Sum", **serializers(pb.Tick, pb.Total))
echo = channel.stream_stream("/feed.Feed/Echo", **serializers(pb.Tick, pb.Tick))
leavers = channel.unary_unary("/feed.Feed/Leavers", **serializers(empty_pb2.Empty, pb.Left))


def expect(what, seen, wanted):
    if seen != wanted:
        sys.exit(f"{what}: expected {wanted!r}, came {seen!r}")


def ticks(numbers):
    return (pb.Tick(at=number) for number in numbers)


# Many small messages, and windows that have to be given back.
seen = [tick.at for tick in count(pb.From(at=5, count=50000), timeout=TIMEOUT)]
expect("50,000 ticks", seen, list(range(6, 50006)))

seen = []
try:
    for tick in count(pb.From(at=0, count=-3), timeout=TIMEOUT):
        seen.append(tick.at)
    sys.exit("an error behind three ticks: none came")
except grpc.RpcError as error:
    expect("the error's code", error.code(), grpc.StatusCode.NOT_FOUND)
    expect("the error's text", error.details(), "no more ticks")
expect("the ticks before the error", seen, [1, 2, 3])

for numbers in (range(0), range(1), range(20000)):
    total, call = add_up.with_call(ticks(numbers), timeout=TIMEOUT)
    expect(f"the sum of {len(numbers)}", total.sum, sum(numbers))
    expect("its trailing metadata", dict(call.trailing_metadata())["ticks"], str(len(numbers)))

expect(
    "10,000 echoes",
    [tick.at for tick in echo(ticks(range(10000)), timeout=TIMEOUT)],
    list(range(10000)),
)
# One behind the other: each answer is awaited.
asked = queue.Queue()
answers = echo(iter(asked.get, None), timeout=TIMEOUT)
for number in range(200):
    asked.put(pb.Tick(at=number))
    expect("an echo in turn", next(answers).at, number)
asked.put(None)
expect("the end of the echoes", list(answers), [])

# Streams that nobody reads hold up no other call.
unread = [count(pb.From(at=0, count=10**9)) for _ in range(20)]
for stream in unread:
    next(stream)
for _ in range(200):
    leavers(empty_pb2.Empty(), timeout=TIMEOUT)
expect("the sum beside them", add_up(ticks(range(1000)), timeout=TIMEOUT).sum, sum(range(1000)))
for stream in unread:
    stream.cancel()

# A handler hears that its caller has left, and that its time is up.
before = leavers(empty_pb2.Empty(), timeout=TIMEOUT).streams
waiting = count(pb.From(at=0))
expect("three ticks", [next(waiting).at for _ in range(3)], [1, 2, 3])
waiting.cancel()
late = count(pb.From(at=0), timeout=0.3)
try:
    list(late)
    sys.exit("a deadline: none came")
except grpc.RpcError as error:
    expect("a deadline", error.code(), grpc.StatusCode.DEADLINE_EXCEEDED)
while leavers(empty_pb2.Empty(), timeout=TIMEOUT).streams < before + 2:
    pass

expect("the sum, after all", add_up(ticks(range(10)), timeout=TIMEOUT).sum, 45)
