# Runs gRPC's interop cases with Python's grpcio:  case_client.py FOLDER HOST:PORT
# FOLDER has what protoc made of test_service.proto. A line for each case says whether it passes;
# fails if one ends in a way that is not known here.
import queue
import random
import socket
import sys
import threading

import grpc

sys.path.insert(0, sys.argv[1])
import test_service_pb2 as pb  # noqa: E402

TIMEOUT = 60
LARGE_REQUEST = 271828
LARGE_RESPONSE = 314159
NO_PROBE = (
    "without the probe: a handler cannot see whether a request was compressed, so that bytes are "
    "counted on the way"
)
WHOLE_STREAM = (
    "compression is set for a whole stream, so that bytes which gzip cannot shorten stand for the "
    "message that is not to be compressed"
)
GZIP = grpc.Compression.Gzip


class Failure(Exception):
    pass


def expect(what, seen, wanted):
    if seen != wanted:
        raise Failure(f"{what}: expected {wanted!r}, came {seen!r}")


def expect_between(what, size, least, most):
    if not least <= size < most:
        raise Failure(f"{what}: {size} bytes went; expected {least} to {most}")


def expect_short(what, size, whole, compressed):
    expect_between(what, size, 1 if compressed else whole, whole // 10 if compressed else 2 * whole)


class Relay:
    """Counts what goes either way."""

    def __init__(self, server):
        host, port = server.rsplit(":", 1)
        self.server = (host, int(port))
        self.counts = {"sent": 0, "received": 0}
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.address = "127.0.0.1:%d" % self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            client, _ = self.listener.accept()
            server = socket.create_connection(self.server)
            for pair in ((client, server, "sent"), (server, client, "received")):
                threading.Thread(target=self.carry, args=pair, daemon=True).start()

    def carry(self, source, target, what):
        while data := source.recv(65536):
            self.counts[what] += len(data)
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)

    def travelled(self, run):
        before = dict(self.counts)
        run()
        return {what: self.counts[what] - before[what] for what in self.counts}


class Stub:
    def __init__(self, address):
        self.channel = grpc.insecure_channel(address)
        make = self.method
        self.empty_call = make("unary_unary", "EmptyCall", pb.Empty, pb.Empty)
        self.unary_call = make("unary_unary", "UnaryCall", pb.SimpleRequest, pb.SimpleResponse)
        self.streaming_output_call = make(
            "unary_stream",
            "StreamingOutputCall",
            pb.StreamingOutputCallRequest,
            pb.StreamingOutputCallResponse,
        )
        self.streaming_input_call = make(
            "stream_unary",
            "StreamingInputCall",
            pb.StreamingInputCallRequest,
            pb.StreamingInputCallResponse,
        )
        self.full_duplex_call = make(
            "stream_stream",
            "FullDuplexCall",
            pb.StreamingOutputCallRequest,
            pb.StreamingOutputCallResponse,
        )

    def method(self, kind, name, request, reply, service="TestService"):
        return getattr(self.channel, kind)(
            f"/grpc.testing.{service}/{name}",
            request_serializer=request.SerializeToString,
            response_deserializer=reply.FromString,
        )


stub = Stub(sys.argv[2])
relay = Relay(sys.argv[2])
counted = Stub(relay.address)


def zeros(size):
    return pb.Payload(body=bytes(size))


def large_request(**fields):
    return pb.SimpleRequest(
        response_size=LARGE_RESPONSE, payload=zeros(LARGE_REQUEST), **fields
    )


def expect_large(response):
    expect("the response", response.payload.body, bytes(LARGE_RESPONSE))


def asks_for(*sizes, payload=None):
    request = pb.StreamingOutputCallRequest(
        response_parameters=[pb.ResponseParameters(size=size) for size in sizes]
    )
    if payload is not None:
        request.payload.body = bytes(payload)
    return request


def sizes_of(responses):
    return [len(response.payload.body) for response in responses]


class Requests:
    """What a stream is asked for, one by one."""

    def __init__(self):
        self.queue = queue.Queue()

    def put(self, request):
        self.queue.put(request)

    def end(self):
        self.queue.put(None)

    def __iter__(self):
        return iter(self.queue.get, None)


def status_of(call):
    try:
        call()
    except grpc.RpcError as error:
        return error.code(), error.details()
    return grpc.StatusCode.OK, ""


def empty_unary():
    expect("EmptyCall", stub.empty_call(pb.Empty(), timeout=TIMEOUT), pb.Empty())


def large_unary():
    expect_large(stub.unary_call(large_request(), timeout=TIMEOUT))


def client_compressed_unary():
    for compressed in (True, False):
        request = large_request(expect_compressed=pb.BoolValue(value=compressed))
        how = GZIP if compressed else grpc.Compression.NoCompression
        moved = relay.travelled(
            lambda: expect_large(counted.unary_call(request, timeout=TIMEOUT, compression=how))
        )
        expect_short("the request", moved["sent"], LARGE_REQUEST, compressed)
    return NO_PROBE


def server_compressed_unary():
    for compressed in (True, False):
        request = large_request(response_compressed=pb.BoolValue(value=compressed))
        moved = relay.travelled(
            lambda: expect_large(counted.unary_call(request, timeout=TIMEOUT))
        )
        expect_short("the response", moved["received"], LARGE_RESPONSE, compressed)


def client_compressed_streaming():
    requests = [
        pb.StreamingInputCallRequest(
            expect_compressed=pb.BoolValue(value=True), payload=zeros(27182)
        ),
        pb.StreamingInputCallRequest(
            expect_compressed=pb.BoolValue(value=False),
            payload=pb.Payload(body=random.Random(1).randbytes(45904)),
        ),
    ]

    def run():
        response = counted.streaming_input_call(iter(requests), timeout=TIMEOUT, compression=GZIP)
        expect("the sum", response.aggregated_payload_size, 73086)

    expect_between("the stream", relay.travelled(run)["sent"], 45904, 45904 + 27182 // 10)
    return NO_PROBE + "; " + WHOLE_STREAM


def server_compressed_streaming():
    request = asks_for(31415, 92653)
    request.response_parameters[0].compressed.value = True
    request.response_parameters[1].compressed.value = False

    def run():
        responses = counted.streaming_output_call(request, timeout=TIMEOUT)
        expect("the responses", sizes_of(responses), [31415, 92653])

    expect_between("the responses", relay.travelled(run)["received"], 92653, 92653 + 31415 // 2)


def client_streaming():
    requests = (
        pb.StreamingInputCallRequest(payload=zeros(size)) for size in (27182, 8, 1828, 45904)
    )
    response = stub.streaming_input_call(requests, timeout=TIMEOUT)
    expect("the sum", response.aggregated_payload_size, 74922)


def server_streaming():
    sizes = [31415, 9, 2653, 58979]
    responses = stub.streaming_output_call(asks_for(*sizes), timeout=TIMEOUT)
    expect("the responses", sizes_of(responses), sizes)


def ping_pong():
    requests = Requests()
    responses = stub.full_duplex_call(iter(requests), timeout=TIMEOUT)
    for size, payload in ((31415, 27182), (9, 8), (2653, 1828), (58979, 45904)):
        requests.put(asks_for(size, payload=payload))
        expect("a response", len(next(responses).payload.body), size)
    requests.end()
    expect("what comes behind the last response", list(responses), [])


def empty_stream():
    expect("the responses", list(stub.full_duplex_call(iter(()), timeout=TIMEOUT)), [])


def custom_metadata():
    initial = ("x-grpc-test-echo-initial", "test_initial_metadata_value")
    trailing = ("x-grpc-test-echo-trailing-bin", b"\xab\xab\xab")

    def expect_echo(call):
        expect("the initial metadata", dict(call.initial_metadata()).get(initial[0]), initial[1])
        expect("the trailing metadata", dict(call.trailing_metadata()).get(trailing[0]), trailing[1])

    response, call = stub.unary_call.with_call(
        large_request(), timeout=TIMEOUT, metadata=(initial, trailing)
    )
    expect_large(response)
    expect_echo(call)
    stream = stub.full_duplex_call(
        iter([asks_for(LARGE_RESPONSE, payload=LARGE_REQUEST)]),
        timeout=TIMEOUT,
        metadata=(initial, trailing),
    )
    expect("the responses", sizes_of(stream), [LARGE_RESPONSE])
    expect_echo(stream)


def status_code_and_message():
    wanted = pb.EchoStatus(code=2, message="test status message")
    outcome = (grpc.StatusCode.UNKNOWN, wanted.message)
    request = pb.SimpleRequest(response_status=wanted)
    expect("UnaryCall", status_of(lambda: stub.unary_call(request, timeout=TIMEOUT)), outcome)
    asked = pb.StreamingOutputCallRequest(response_status=wanted)
    stream = stub.full_duplex_call(iter([asked]), timeout=TIMEOUT)
    expect("FullDuplexCall", status_of(lambda: list(stream)), outcome)


def special_status_message():
    text = "\t\ntest with whitespace\r\nand Unicode BMP \u263a and non-BMP \U0001f608\t\n"
    request = pb.SimpleRequest(response_status=pb.EchoStatus(code=2, message=text))
    seen = status_of(lambda: stub.unary_call(request, timeout=TIMEOUT))
    expect("UnaryCall", seen, (grpc.StatusCode.UNKNOWN, text))


def expect_unimplemented(service):
    call = stub.method("unary_unary", "UnimplementedCall", pb.Empty, pb.Empty, service)
    code, _ = status_of(lambda: call(pb.Empty(), timeout=TIMEOUT))
    expect("UnimplementedCall", code, grpc.StatusCode.UNIMPLEMENTED)


def unimplemented_method():
    expect_unimplemented("TestService")


def unimplemented_service():
    expect_unimplemented("UnimplementedService")


def cancel_after_begin():
    requests = Requests()
    call = stub.streaming_input_call.future(iter(requests), timeout=TIMEOUT)
    call.cancel()
    expect("the call is cancelled", call.cancelled(), True)
    expect("its code", call.code(), grpc.StatusCode.CANCELLED)
    requests.end()


def cancel_after_first_response():
    requests = Requests()
    stream = stub.full_duplex_call(iter(requests), timeout=TIMEOUT)
    requests.put(asks_for(31415, payload=27182))
    expect("the response", len(next(stream).payload.body), 31415)
    stream.cancel()
    expect("the stream", status_of(lambda: next(stream))[0], grpc.StatusCode.CANCELLED)
    requests.end()


def timeout_on_sleeping_server():
    requests = Requests()
    requests.put(asks_for(payload=27182))
    stream = stub.full_duplex_call(iter(requests), timeout=0.001)
    expect("the stream", status_of(lambda: next(stream))[0], grpc.StatusCode.DEADLINE_EXCEEDED)
    requests.end()


CASES = (
    empty_unary,
    large_unary,
    client_compressed_unary,
    server_compressed_unary,
    client_compressed_streaming,
    server_compressed_streaming,
    client_streaming,
    server_streaming,
    ping_pong,
    empty_stream,
    custom_metadata,
    status_code_and_message,
    special_status_message,
    unimplemented_method,
    unimplemented_service,
    cancel_after_begin,
    cancel_after_first_response,
    timeout_on_sleeping_server,
)
good = True
for case in CASES:
    try:
        but = case()
        print(f"{case.__name__}: passes" + (f" ({but})" if but else ""), flush=True)
    except (Failure, grpc.RpcError, StopIteration) as failure:
        print(f"{case.__name__}: fails: {failure}", flush=True)
        good = False
sys.exit(0 if good else 1)
