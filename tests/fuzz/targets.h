// What the fuzzers do with an input, and the tests with each file of the corpora.
#pragma once

#include "tern/buffer.h"

namespace fuzz {

// Decodes `input` as several types. Of what is taken the copy must be taken too, and be the same:
// ends the program otherwise.
void native(tern::ByteView input);
void proto(tern::ByteView input);
void json(tern::ByteView input);
// `input` is a stream: likewise for each of its values.
void gob(tern::ByteView input);
// `input` is what a peer sends that speaks JSON-RPC or GeeRPC's JSON, a client or a server: whole
// or byte by byte, it must come to the same; what is answered must be JSON, and nothing may stay
// open.
void json_rpc(tern::ByteView input);
// `input` is what a peer sends behind the handshake of our own frames, of GeeRPC or net/rpc in gob,
// or of GeeRPC in JSON; a client or a server: whole or in pieces, it must come to the same; each
// request has one answer, which the other side can read.
void native_frames(tern::ByteView input);
void go_rpc(tern::ByteView input);
void gee_json(tern::ByteView input);
// `input` begins a connection: what its first bytes decide, those behind them must not change.
void sniff(tern::ByteView input);
// The same of the whole handshake, a client's; or it is what a server says to one.
void handshake(tern::ByteView input);
// `input` is what a server answers to calls over HTTP/1.1: it must be read the same however it is
// cut, and each answer is that of the next call.
void http_client(tern::ByteView input);
// `input` is what a client sends over HTTP/1.1: it must be answered the same however it is cut.
void http(tern::ByteView input);
// `input` is what a client sends over HTTP/2 behind the preface: each request is told once, and
// what belongs to a stream comes behind its request and before its end.
void grpc(tern::ByteView input);
// `input` is what a server answers over HTTP/2, behind its SETTINGS, to a call of each kind: each
// call ends once, and what comes of it comes before that.
void grpc_client(tern::ByteView input);
// The same in Connect, in JSON and in protobuf.
void connect_h2_client(tern::ByteView input);
// `input` is what a server answers in gRPC-Web, over HTTP/1.1, to calls and to a stream behind
// them: it must be read the same however it is cut, and each answer is that of the next call.
void grpc_web_client(tern::ByteView input);
// `input` is what a nameserver answers to a question for "a.test".
void dns_answer(tern::ByteView input);
// `input` is a file of servers: of what is taken, what is written of it is taken for the same, and
// a beginning of it has no other servers.
void server_file(tern::ByteView input);

// `input` is what an HTTP registry lists, in JSON or in a header, or what a server says to it, on
// five lines: what is taken can be written, and is taken for the same.
void http_registry(tern::ByteView input);
// `input` is what etcd answers.
void etcd(tern::ByteView input);

// `input` is what befalls a server, step by step: clients that speak any protocol, well and badly,
// in pieces or without reading, who leave; time that passes; its end. session_target.cc has the
// steps.
void session(tern::ByteView input);

// `input` is a file for rpcgen, and those that it can import, with a line "--" between them: it
// becomes C++ in which brackets match, or errors with their places.
void idl(tern::ByteView input);

}  // namespace fuzz
