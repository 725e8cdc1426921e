# Serves grpc.testing.TestService with Python's grpcio, as gRPC's interop cases want it:
#   case_server.py FOLDER
# FOLDER has what protoc made of test_service.proto. The first line is where it listens: with mutual
# TLS if CERTIFICATES in the environment is a directory of make_certificates.sh.
import os
import sys
import time
from concurrent import futures

import grpc

sys.path.insert(0, sys.argv[1])
import test_service_pb2 as pb  # noqa: E402

INITIAL = "x-grpc-test-echo-initial"
TRAILING = "x-grpc-test-echo-trailing-bin"
CODES = {code.value[0]: code for code in grpc.StatusCode}


def echo_metadata(context):
    came = dict(context.invocation_metadata())
    if INITIAL in came:
        context.send_initial_metadata(((INITIAL, came[INITIAL]),))
    if TRAILING in came:
        context.set_trailing_metadata(((TRAILING, came[TRAILING]),))


def echo_status(request, context):
    if request.HasField("response_status"):
        context.abort(CODES[request.response_status.code], request.response_status.message)


def zeros(size):
    return pb.Payload(body=bytes(size))


def unary_call(request, context):
    if request.HasField("response_compressed") and request.response_compressed.value:
        context.set_compression(grpc.Compression.Gzip)
    echo_metadata(context)
    echo_status(request, context)
    return pb.SimpleResponse(payload=zeros(request.response_size))


def responses(request, context):
    for wanted in request.response_parameters:
        if wanted.interval_us > 0:
            time.sleep(wanted.interval_us / 1e6)
        if not (wanted.HasField("compressed") and wanted.compressed.value):
            context.disable_next_message_compression()
        yield pb.StreamingOutputCallResponse(payload=zeros(wanted.size))


def streaming_output_call(request, context):
    context.set_compression(grpc.Compression.Gzip)
    echo_metadata(context)
    echo_status(request, context)
    yield from responses(request, context)


def streaming_input_call(requests, context):
    total = sum(len(request.payload.body) for request in requests)
    return pb.StreamingInputCallResponse(aggregated_payload_size=total)


def full_duplex_call(requests, context):
    echo_metadata(context)
    for request in requests:
        echo_status(request, context)
        yield from responses(request, context)


METHODS = {
    "EmptyCall": (grpc.unary_unary_rpc_method_handler, lambda e, c: pb.Empty(), pb.Empty),
    "UnaryCall": (grpc.unary_unary_rpc_method_handler, unary_call, pb.SimpleRequest),
    "StreamingOutputCall": (
        grpc.unary_stream_rpc_method_handler,
        streaming_output_call,
        pb.StreamingOutputCallRequest,
    ),
    "StreamingInputCall": (
        grpc.stream_unary_rpc_method_handler,
        streaming_input_call,
        pb.StreamingInputCallRequest,
    ),
    "FullDuplexCall": (
        grpc.stream_stream_rpc_method_handler,
        full_duplex_call,
        pb.StreamingOutputCallRequest,
    ),
}

server = grpc.server(futures.ThreadPoolExecutor(max_workers=8))
handlers = {
    name: make(behaviour, request.FromString, lambda reply: reply.SerializeToString())
    for name, (make, behaviour, request) in METHODS.items()
}
server.add_generic_rpc_handlers(
    (grpc.method_handlers_generic_handler("grpc.testing.TestService", handlers),)
)


def credentials(directory):
    def read(name):
        with open(f"{directory}/{name}", "rb") as file:
            return file.read()

    own = (read("server.key"), read("server.pem"))
    return grpc.ssl_server_credentials([own], read("authority.pem"), require_client_auth=True)


if certificates := os.environ.get("CERTIFICATES"):
    transport = "tls"
    port = server.add_secure_port("127.0.0.1:0", credentials(certificates))
else:
    transport = "tcp"
    port = server.add_insecure_port("127.0.0.1:0")
server.start()
print(f"grpc+{transport}@127.0.0.1:{port}", flush=True)
server.wait_for_termination()
