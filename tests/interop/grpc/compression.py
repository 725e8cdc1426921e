# Calls feed_server with Python's grpcio, compressed in one direction or the other:
#   compression.py FOLDER HOST:PORT
# FOLDER has what protoc made of feed.proto. A relay between both counts bytes, since grpcio does not
# say what was compressed. Fails with the first answer that is another.
import socket
import sys
import threading

import grpc

sys.path.insert(0, sys.argv[1])
import feed_pb2 as pb  # noqa: E402

TIMEOUT = 60
server_host, server_port = sys.argv[2].rsplit(":", 1)
counts = {"sent": 0, "received": 0}


def carry(source, target, what):
    while data := source.recv(65536):
        counts[what] += len(data)
        target.sendall(data)
    target.shutdown(socket.SHUT_WR)


def relay(listener):
    while True:
        client, _ = listener.accept()
        server = socket.create_connection((server_host, int(server_port)))
        for pair in ((client, server, "sent"), (server, client, "received")):
            threading.Thread(target=carry, args=pair, daemon=True).start()


listener = socket.create_server(("127.0.0.1", 0))
threading.Thread(target=relay, args=(listener,), daemon=True).start()
channel = grpc.insecure_channel("127.0.0.1:%d" % listener.getsockname()[1])
serializers = {
    "request_serializer": pb.Line.SerializeToString,
    "response_deserializer": pb.Line.FromString,
}
say = channel.unary_unary("/feed.Feed/Say", **serializers)
repeat = channel.stream_stream("/feed.Feed/Repeat", **serializers)
SIZE = 200000
GZIP = grpc.Compression.Gzip
IDENTITY = grpc.Compression.NoCompression


def expect(what, seen, wanted):
    if seen != wanted:
        sys.exit(f"{what}: expected {wanted!r}, came {seen!r}")


def expect_compressed(what, size, wanted, most):
    if (size < most) != wanted:
        sys.exit(f"{what}: {size} bytes; expected {'less' if wanted else 'more'} than {most}")


# Runs it, and says what has travelled.
def travelled(run):
    before = dict(counts)
    run()
    return {what: counts[what] - before[what] for what in counts}


for client_compresses in (False, True):
    for server_compresses in (False, True):
        what = f"a call, compressed {client_compresses}, {server_compresses}"
        text = ("compressed " if server_compresses else "as it is ") + "x" * SIZE

        def call():
            answer = say(
                pb.Line(text=text),
                timeout=TIMEOUT,
                compression=GZIP if client_compresses else IDENTITY,
            )
            expect(what, answer.text, text)

        moved = travelled(call)
        expect_compressed(what + ": sent", moved["sent"], client_compresses, SIZE // 10)
        expect_compressed(what + ": received", moved["received"], server_compresses, SIZE // 10)

for client_compresses in (False, True):
    what = f"a stream, compressed {client_compresses}"
    texts = [str(i) + "y" * 20000 for i in range(500)] + ["short", ""]

    def stream():
        lines = (pb.Line(text=text) for text in texts)
        how = GZIP if client_compresses else IDENTITY
        answers = repeat(lines, timeout=TIMEOUT, compression=how)
        expect(what, [line.text for line in answers], texts)

    moved = travelled(stream)
    whole = sum(map(len, texts))
    expect_compressed(what + ": sent", moved["sent"], client_compresses, whole // 10)
    expect_compressed(what + ": received", moved["received"], True, whole // 10)

# What becomes longer than the limit fails alone, before and behind good ones.
try:
    say(pb.Line(text="x" * (5 * 1024 * 1024)), timeout=TIMEOUT, compression=GZIP)
    sys.exit("a message that becomes too long: expected an error, came an answer")
except grpc.RpcError as error:
    expect("a message that becomes too long", error.code(), grpc.StatusCode.RESOURCE_EXHAUSTED)
expect("the next one", say(pb.Line(text="z"), timeout=TIMEOUT, compression=GZIP).text, "z")
