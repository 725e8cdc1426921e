"""Serves greeting.Greeter with grpcio over mutual TLS, and prints its address:

  grpc_server.py DIRECTORY
"""
import sys
from concurrent import futures

import grpc


def read(directory, name):
    with open(f"{directory}/{name}", "rb") as file:
        return file.read()


class Greeter(grpc.GenericRpcHandler):
    def service(self, details):
        if details.method != "/greeting.Greeter/Greet":
            return None
        return grpc.unary_unary_rpc_method_handler(self.greet)

    def greet(self, request, context):
        # google.protobuf.StringValue, whose text is field 1.
        text = b"hello, " + request[2:]
        return bytes([0x0A, len(text)]) + text


directory = sys.argv[1]
server = grpc.server(futures.ThreadPoolExecutor(max_workers=2))
server.add_generic_rpc_handlers((Greeter(),))
port = server.add_secure_port("127.0.0.1:0", grpc.ssl_server_credentials(
    [(read(directory, "server.key"), read(directory, "server.pem"))],
    root_certificates=read(directory, "authority.pem"), require_client_auth=True))
server.start()
print(f"grpc+tls@127.0.0.1:{port}", flush=True)
server.wait_for_termination()
