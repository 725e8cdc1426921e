"""grpc.health.v1 and grpc.reflection for Python's grpcio, of the published .proto files."""
import sys

import grpc

sys.path.insert(0, sys.argv[1] + "/stubs")
import grpc_health_v1_health_pb2 as health_pb  # noqa: E402
import grpc_reflection_v1_reflection_pb2 as reflection_v1  # noqa: E402
import grpc_reflection_v1alpha_reflection_pb2 as reflection_v1alpha  # noqa: E402

TIMEOUT = 20


class Health:
    def __init__(self, channel):
        names = (health_pb.HealthCheckRequest.SerializeToString, health_pb.HealthCheckResponse.FromString)
        self._check = channel.unary_unary("/grpc.health.v1.Health/Check", *names)
        self._watch = channel.unary_stream("/grpc.health.v1.Health/Watch", *names)

    def check(self, service):
        """The name of the status."""
        answer = self._check(health_pb.HealthCheckRequest(service=service), timeout=TIMEOUT)
        return status_name(answer)

    def watch(self, service):
        return self._watch(health_pb.HealthCheckRequest(service=service), timeout=TIMEOUT)


def status_name(answer):
    return health_pb.HealthCheckResponse.ServingStatus.Name(answer.status)


def reflection(channel, pb):
    """The bidirectional stream of a version: reflection_v1 or reflection_v1alpha."""
    return channel.stream_stream(
        f"/{pb.DESCRIPTOR.package}.ServerReflection/ServerReflectionInfo",
        pb.ServerReflectionRequest.SerializeToString,
        pb.ServerReflectionResponse.FromString,
    )


def expect(what, seen, wanted):
    if seen != wanted:
        sys.exit(f"{what}: expected {wanted!r}, came {seen!r}")


def expect_error(what, call, code, text=None):
    try:
        call()
    except grpc.RpcError as error:
        expect(what, error.code(), code)
        if text is not None:
            expect(what, error.details(), text)
        return
    sys.exit(f"{what}: expected {code}, came an answer")
