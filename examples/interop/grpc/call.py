# Calls interop_server with gRPC:  call.py HOST:PORT
# protoc has made interop_pb2 and interop_pb2_grpc of interop.proto; PYTHONPATH says where they are.
import sys

import grpc
import interop_pb2 as interop
from google.protobuf import wrappers_pb2 as wrappers
from interop_pb2_grpc import ArithStub, FooStub, KVStoreServiceStub

with grpc.insecure_channel(sys.argv[1]) as channel:
    arith = ArithStub(channel)
    product = arith.Multiply(interop.Args(A=7, B=8), timeout=10)
    print(f"Arith.Multiply(7, 8) = {product.value}")
    divided = arith.Divide(interop.Args(A=17, B=5), timeout=10)
    print(f"Arith.Divide(17, 5) = {divided.Quo} remainder {divided.Rem}")
    try:
        arith.Divide(interop.Args(A=1, B=0), timeout=10)
    except grpc.RpcError as error:
        print(f"Arith.Divide(1, 0): {error.code().name}: {error.details()}")

    store = KVStoreServiceStub(channel)
    store.Set(interop.SetRequest(values=["language", "C++"]), timeout=10)
    text = store.Get(wrappers.StringValue(value="language"), timeout=10)
    print(f'KVStoreService.Get("language") = "{text.value}"')
    # A deadline travels along, and ends the handler, too.
    try:
        store.Watch(wrappers.Int64Value(value=60), timeout=0.1)
    except grpc.RpcError as error:
        print(f"KVStoreService.Watch(60), with 100 ms: {error.code().name}")

    # Two calls at once, on one connection.
    foo = FooStub(channel)
    sums = [foo.Sleep.future(interop.FooArgs(Num1=1, Num2=n), timeout=10) for n in (3, 4)]
    print(f"Foo.Sleep(1, 3) and Foo.Sleep(1, 4) = {[one.result().value for one in sums]}")
