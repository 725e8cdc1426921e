// grpc.testing.TestService for grpc-js, of the .proto file that rpcgen writes.
import grpc from "@grpc/grpc-js";
import { loadSync } from "@grpc/proto-loader";

const definition = loadSync("test_service.proto", { keepCase: true, longs: Number });
export const { TestService } = grpc.loadPackageDefinition(definition).grpc.testing;
export const zeros = (size) => ({ body: Buffer.alloc(size) });
