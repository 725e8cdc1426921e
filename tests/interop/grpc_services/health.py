"""Asks a server for its health with Python's grpcio:  health.py FOLDER SERVER

SERVER is the program, which is started and ended here. Fails with the first answer that is another.
"""
import json
import pathlib
import signal
import subprocess
import sys

import grpc
from google.protobuf import descriptor_pb2, descriptor_pool, empty_pb2, message_factory, wrappers_pb2
from stubs import TIMEOUT, Health, expect, expect_error, status_name

folder, program = sys.argv[1], sys.argv[2]
server = subprocess.Popen([program], stdout=subprocess.PIPE, text=True)
address = server.stdout.readline().strip().removeprefix("tcp@")
channel = grpc.insecure_channel(address)
health = Health(channel)

# The messages of the server's own services, from what protoc says.
pool = descriptor_pool.DescriptorPool()
for file in descriptor_pb2.FileDescriptorSet.FromString(
    pathlib.Path(folder, "expected.binpb").read_bytes()
).file:
    pool.Add(file)
types = message_factory.MessageFactory(pool)
Setting = types.GetPrototype(pool.FindMessageTypeByName("health_switch.Setting"))
Args = types.GetPrototype(pool.FindMessageTypeByName("interop.Args"))
_set = channel.unary_unary("/health_switch.Switch/Set", Setting.SerializeToString, empty_pb2.Empty.FromString)


def set_serving(service, serving):
    _set(Setting(service=service, serving=serving), timeout=TIMEOUT)


def probe(*arguments):
    probe_program = pathlib.Path(__file__).with_name("health_probe.py")
    return subprocess.run([sys.executable, probe_program, folder, *arguments], stdout=subprocess.DEVNULL,
                          timeout=TIMEOUT).returncode


try:
    # Check, as probes ask.
    expect("the server", health.check(""), "SERVING")
    expect("a service", health.check("interop.Arith"), "SERVING")
    expect_error("an unknown service", lambda: health.check("interop.Arit"), grpc.StatusCode.NOT_FOUND,
                 'health: there is no service "interop.Arit"')
    expect("the probe", probe(address), 0)
    expect("the probe of a service", probe(address, "interop.Arith"), 0)
    expect("the probe of an unknown service", probe(address, "interop.Arit"), 3)
    set_serving("interop.Arith", False)
    expect("the probe of a service that does not serve", probe(address, "interop.Arith"), 4)
    set_serving("interop.Arith", True)

    # Watch.
    watch = health.watch("interop.Arith")
    expect("a watch", status_name(next(watch)), "SERVING")
    unknown = health.watch("a.database")
    expect("a watch of what is unknown", status_name(next(unknown)), "SERVICE_UNKNOWN")
    set_serving("interop.Arith", False)
    expect("a watch", status_name(next(watch)), "NOT_SERVING")
    set_serving("a.database", True)
    expect("a watch of what is known now", status_name(next(unknown)), "SERVING")
    unknown.cancel()

    # gRPC's own client watches the health of the servers that it balances over, if its service
    # configuration says so, and calls none that does not serve.
    configuration = {
        "loadBalancingConfig": [{"round_robin": {}}],
        "healthCheckConfig": {"serviceName": "interop.Arith"},
    }
    balanced = grpc.insecure_channel(address, options=[("grpc.service_config", json.dumps(configuration))])
    multiply = balanced.unary_unary("/interop.Arith/Multiply", Args.SerializeToString,
                                    wrappers_pb2.Int64Value.FromString)
    expect_error("a call of what does not serve", lambda: multiply(Args(A=6, B=7), timeout=TIMEOUT),
                 grpc.StatusCode.UNAVAILABLE)
    waiting = multiply.future(Args(A=6, B=7), timeout=TIMEOUT, wait_for_ready=True)
    set_serving("interop.Arith", True)
    expect("a call of what serves again", waiting.result().value, 42)
    expect("a watch", status_name(next(watch)), "SERVING")
    balanced.close()

    # A drain, while a call of 2 s runs.
    FooArgs = types.GetPrototype(pool.FindMessageTypeByName("interop.FooArgs"))
    sleep = channel.unary_unary("/interop.Foo/Sleep", FooArgs.SerializeToString,
                                wrappers_pb2.Int64Value.FromString)
    running = sleep.future(FooArgs(Num1=2, Num2=40), timeout=TIMEOUT)
    everything = health.watch("")
    expect("a watch of the server", status_name(next(everything)), "SERVING")
    # Its answer shows that the call before it has come, since both are of one connection.
    expect("the server", health.check(""), "SERVING")
    server.send_signal(signal.SIGTERM)
    expect("a watch of the server that drains", status_name(next(everything)), "NOT_SERVING")
    expect("a watch of a service of it", status_name(next(watch)), "NOT_SERVING")
    expect_error("the end of a watch", lambda: next(everything), grpc.StatusCode.UNAVAILABLE,
                 "health: the server goes away")
    expect_error("the end of a watch", lambda: next(watch), grpc.StatusCode.UNAVAILABLE)
    expect("a call that ran", running.result().value, 42)
    expect("the server's end", server.wait(TIMEOUT), 0)
    expect("the probe of a server that is gone", probe(address), 2)
finally:
    server.kill()
