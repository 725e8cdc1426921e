// Each file of the corpora, as one input.
#include "fuzz/corpus.h"

#include <gtest/gtest.h>

#include "fuzz/targets.h"

namespace fuzz {
namespace {

TEST(Corpus, OfTheNativeCodecIsSurvived) {
  replay("native", &native);
}

TEST(Corpus, OfProtobufIsSurvived) {
  replay("proto", &proto);
}

TEST(Corpus, OfJsonIsSurvived) {
  replay("json", &json);
}

TEST(Corpus, OfGobIsSurvived) {
  replay("gob", &gob);
}

TEST(Corpus, OfNativeFramesIsSurvived) {
  replay("native_frames", &native_frames);
}

TEST(Corpus, OfNetRpcAndGeeRpcInGobIsSurvived) {
  replay("go_rpc", &go_rpc);
}

TEST(Corpus, OfGeeRpcInJsonIsSurvived) {
  replay("gee_json", &gee_json);
}

TEST(Corpus, OfJsonRpcIsSurvived) {
  replay("json_rpc", &json_rpc);
}

TEST(Corpus, OfHttpIsSurvived) {
  replay("http", &http);
}

TEST(Corpus, OfGrpcIsSurvived) {
  replay("grpc", &grpc);
}

TEST(Corpus, OfAnswersOfGrpcIsSurvived) {
  replay("grpc_client", &grpc_client);
}

TEST(Corpus, OfAnswersOfConnectOverHttp2IsSurvived) {
  replay("connect_h2_client", &connect_h2_client);
}

TEST(Corpus, OfAnswersOfGrpcWebIsSurvived) {
  replay("grpc_web_client", &grpc_web_client);
}

TEST(Corpus, OfAnswersOverHttpIsSurvived) {
  replay("http_client", &http_client);
}

TEST(Corpus, OfFirstBytesIsSurvived) {
  replay("sniff", &sniff);
}

TEST(Corpus, OfHandshakesIsSurvived) {
  replay("handshake", &handshake);
}

TEST(Corpus, OfSessionsIsSurvived) {
  replay("session", &session);
}

TEST(Corpus, OfHttpRegistriesIsSurvived) {
  replay("http_registry", &http_registry);
}

TEST(Corpus, OfDnsAnswersIsSurvived) {
  replay("dns_answer", &dns_answer);
}

TEST(Corpus, OfServerFilesIsSurvived) {
  replay("server_file", &server_file);
}

}  // namespace
}  // namespace fuzz
