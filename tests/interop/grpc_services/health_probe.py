"""Asks a server for its health, as probes of containers do:  health_probe.py FOLDER HOST:PORT [SERVICE]

The exit status is that of grpc_health_probe: 0 if it serves, 2 if it cannot be reached, 3 if it does
not answer such questions or not this one, 4 if it does not serve.
"""
import sys

import grpc
from stubs import Health

channel = grpc.insecure_channel(sys.argv[2])
try:
    grpc.channel_ready_future(channel).result(timeout=5)
except grpc.FutureTimeoutError:
    print("cannot be reached")
    sys.exit(2)
try:
    status = Health(channel).check(sys.argv[3] if len(sys.argv) > 3 else "")
except grpc.RpcError as error:
    print(error.code().name, error.details())
    sys.exit(3)
print(status)
sys.exit(0 if status == "SERVING" else 4)
