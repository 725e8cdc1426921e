"""Calls greeting.Greeter with grpcio over TLS:

  grpc_client.py HOST:PORT DIRECTORY
"""
import sys

import grpc


def read(directory, name):
    with open(f"{directory}/{name}", "rb") as file:
        return file.read()


def greet(where, credentials):
    # google.protobuf.StringValue, whose text is field 1.
    with grpc.secure_channel(where, credentials) as channel:
        call = channel.unary_unary("/greeting.Greeter/Greet")
        return call(b"\x0a\x05world", timeout=20)


where, directory = sys.argv[1:]
authority = read(directory, "authority.pem")
known = grpc.ssl_channel_credentials(authority, read(directory, "client.key"), read(directory, "client.pem"))
answer = greet(where, known)
assert answer == b"\x0a\x0chello, world", answer

try:
    greet(where, grpc.ssl_channel_credentials(authority))
except grpc.RpcError as error:
    assert error.code() == grpc.StatusCode.UNAVAILABLE, error
else:
    raise AssertionError("a client without a certificate was answered")

# Plaintext: the server says so in HTTP/2.
try:
    with grpc.insecure_channel(where) as channel:
        channel.unary_unary("/greeting.Greeter/Greet")(b"", timeout=20)
except grpc.RpcError as error:
    assert error.code() == grpc.StatusCode.UNAVAILABLE, error
else:
    raise AssertionError("plaintext was answered")
