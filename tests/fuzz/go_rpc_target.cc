#include <memory>
#include <string>

#include "codec/sample_messages.h"
#include "fuzz/frames.h"
#include "fuzz/targets.h"
#include "wire/gee/json_client.h"
#include "wire/gee/json_server.h"
#include "wire/go/gob_client.h"
#include "wire/go/gob_server.h"

namespace fuzz {
namespace {

using sample::Args;

tern::Limits small_limits() {
  tern::Limits limits;
  limits.method_name_bytes = 32;
  limits.message_bytes = 512;
  return limits;
}

// As different types, some of which what came is not.
template <typename Frames>
std::string read_values(Frames& frames, const tern::wire::Frame& frame) {
  Args args;
  sample::Tree tree;
  std::string text;
  std::string why = frames.read_body(frame, tern::type_ops<Args>(), &args).to_string();
  why += frames.read_body(frame, tern::type_ops<sample::Tree>(), &tree).to_string();
  why += frames.read_body(frame, tern::type_ops<std::string>(), &text).to_string();
  return why + text;
}

template <typename Server, typename Client, typename... Dialect>
void both_sides(tern::ByteView input, Dialect... dialect) {
  const tern::Limits limits = small_limits();
  frames_however_cut([&] { return std::make_unique<Server>(dialect..., limits); }, input,
                     read_values<Server>);
  frames_however_cut([&] { return std::make_unique<Client>(dialect..., limits); }, input,
                     read_values<Client>);
  Server server(dialect..., limits);
  const Answers whole = answer_all<Args>(server, input, std::max<std::size_t>(input.size(), 1));
  Server again(dialect..., limits);
  const Answers pieces = answer_all<Args>(again, input, 3);
  expect(tern::as_text(whole.bytes.view()) == tern::as_text(pieces.bytes.view()),
         "the answers are the same however the bytes come");
  Client client(dialect..., tern::Limits());
  expect_understood<Args>(client, whole);
}

}  // namespace

void go_rpc(tern::ByteView input) {
  for (tern::wire::go::Dialect dialect :
       {tern::wire::go::Dialect::kNetRpc, tern::wire::go::Dialect::kGeeRpc}) {
    both_sides<tern::wire::go::ServerProtocol, tern::wire::go::ClientProtocol>(input, dialect);
  }
}

void gee_json(tern::ByteView input) {
  both_sides<tern::wire::gee::JsonServerProtocol, tern::wire::gee::JsonClientProtocol>(input);
}

}  // namespace fuzz
