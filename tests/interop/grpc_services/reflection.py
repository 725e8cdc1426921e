"""Learns from a server's reflection what it serves, and calls that, with Python's grpcio:
reflection.py FOLDER HOST:PORT

Knows nothing of the services before. FOLDER has what protoc says of them, which must be the same.
"""
import pathlib
import queue
import sys

import grpc
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
from stubs import TIMEOUT, expect, reflection, reflection_v1, reflection_v1alpha

folder, address = sys.argv[1], sys.argv[2]
channel = grpc.insecure_channel(address)


class Asker:
    """One stream of requests and their answers."""

    def __init__(self, pb):
        self.pb = pb
        self.requests = queue.Queue()
        self.answers = reflection(channel, pb)(iter(self.requests.get, None), timeout=TIMEOUT)

    def ask(self, **what):
        request = self.pb.ServerReflectionRequest(host=address, **what)
        self.requests.put(request)
        answer = next(self.answers)
        expect("the request", answer.original_request, request)
        expect("the host", answer.valid_host, address)
        return answer

    def files(self, **what):
        answer = self.ask(**what)
        if answer.HasField("error_response"):
            sys.exit(f"{what}: {answer.error_response}")
        return [descriptor_pb2.FileDescriptorProto.FromString(file)
                for file in answer.file_descriptor_response.file_descriptor_proto]

    def finish(self):
        self.requests.put(None)
        expect("more answers", list(self.answers), [])
        expect("the end", self.answers.code(), grpc.StatusCode.OK)


def add(pool, asker, name, known):
    """The file and all that it imports, as dynamic clients fetch them: file by file, by name."""
    if name in known:
        return
    found = asker.files(file_by_filename=name)[0]
    known[name] = found
    for dependency in found.dependency:
        add(pool, asker, dependency, known)
    pool.Add(found)


expected = {file.name: file for file in descriptor_pb2.FileDescriptorSet.FromString(
    pathlib.Path(folder, "expected.binpb").read_bytes()).file}

for pb in (reflection_v1, reflection_v1alpha):
    asker = Asker(pb)
    services = [service.name for service in asker.ask(list_services="").list_services_response.service]
    expect("the services", services, [
        "grpc.health.v1.Health", "grpc.reflection.v1.ServerReflection",
        "grpc.reflection.v1alpha.ServerReflection", "health_switch.Switch", "interop.Arith", "interop.Foo",
        "interop.HelloService", "interop.KVStoreService"])

    # All at once, as a file with its imports, and then file by file.
    at_once = asker.files(file_containing_symbol="interop.Arith")
    expect("the file of a service", at_once[0].name, "interop.proto")
    pool, known = descriptor_pool.DescriptorPool(), {}
    for service in services:
        file = asker.files(file_containing_symbol=service)[0]
        add(pool, asker, file.name, known)
        pool.FindServiceByName(service)
    for name, file in expected.items():
        expect(f"what rpcgen says of {name}", known[name], file)
    expect("the imports", sorted(file.name for file in at_once),
           sorted(["interop.proto", *expected["interop.proto"].dependency]))

    # What is published has the names and numbers that the stubs here have.
    for name, file in known.items():
        if not name.startswith("grpc/"):
            continue
        mine = descriptor_pb2.FileDescriptorProto()
        descriptor_pool.Default().FindFileByName(name).CopyToProto(mine)
        for each in (mine, file):
            for message in each.message_type:
                for field in message.field:
                    field.ClearField("json_name")  # CopyToProto() leaves it out
                for nested in message.nested_type:
                    for field in nested.field:
                        field.ClearField("json_name")
        expect(name, file, mine)

    # A call of a method that nothing here was compiled for.
    method = pool.FindMethodByName("interop.Arith.Divide")
    types = message_factory.MessageFactory(pool)
    request, reply = (types.GetPrototype(each) for each in (method.input_type, method.output_type))
    divide = channel.unary_unary("/interop.Arith/Divide", request.SerializeToString, reply.FromString)
    expect("17 by 5", divide(request(A=17, B=5), timeout=TIMEOUT), reply(Quo=3, Rem=2))

    # What is not there.
    error = asker.ask(file_containing_symbol="interop.Arit").error_response
    expect("an unknown symbol", (error.error_code, error.error_message),
           (5, 'reflection: there is no "interop.Arit"'))
    error = asker.ask(file_by_filename="arith.proto").error_response
    expect("an unknown file", error.error_code, 5)
    extension = pb.ExtensionRequest(containing_type="interop.Args", extension_number=7)
    error = asker.ask(file_containing_extension=extension).error_response
    expect("an unknown extension", error.error_code, 5)
    answer = asker.ask(all_extension_numbers_of_type="interop.Args").all_extension_numbers_response
    expect("the extensions of a message", (answer.base_type_name, list(answer.extension_number)),
           ("interop.Args", []))
    asker.finish()
print("the same by v1 and by v1alpha")
