#include <algorithm>
#include <string>

#include "codec/sample_messages.h"
#include "fuzz/expect.h"
#include "fuzz/targets.h"
#include "tern/codegen/type_ops_of.h"
#include "wire/gee/json_client.h"
#include "wire/gee/json_server.h"
#include "wire/json_members.h"
#include "wire/json_rpc/client.h"
#include "wire/json_rpc/json_rpc_responder.h"

namespace fuzz {
namespace {

using tern::test::JsonRpcResponder;
using Step = tern::wire::FrameStep;

// Each line of what a server writes is a value.
void expect_json_lines(std::string_view text) {
  while (!text.empty()) {
    std::size_t end = text.find('\n');
    expect(end != std::string_view::npos, "an answer ends with a newline");
    expect(tern::wire::read_json_members(text.substr(0, end), {}, 300).kind !=
               tern::wire::JsonObject::Kind::kNotJson,
           "an answer is JSON");
    text.remove_prefix(end + 1);
  }
}

// What is sent back to the letter can hold newlines of its own.
bool has_newline(std::string_view text) {
  return text.find('\n') != std::string_view::npos;
}

void as_server(std::string_view text) {
  JsonRpcResponder whole(JsonRpcResponder::Input::kStream);
  JsonRpcResponder bytewise(JsonRpcResponder::Input::kStream);
  std::string answer = whole.exchange(text);
  expect(answer == bytewise.exchange(text, 1), "bytes that come one by one come to the same");
  expect(whole.broken() == bytewise.broken(), "and end in the same way");
  JsonRpcResponder message(JsonRpcResponder::Input::kMessage);
  std::string body = message.exchange(text);
  body += message.answer_later();
  expect(message.frames().answered(), "nothing of a message stays open");
  if (has_newline(text)) return;
  expect_json_lines(answer);
  expect_json_lines(body);
}

// All frames of `text` as text, offered in pieces of `piece` bytes.
template <typename Protocol>
std::string frames_of(Protocol& frames, std::string_view text, std::size_t piece) {
  std::string seen;
  std::string waiting;
  while (!text.empty()) {
    waiting += text.substr(0, piece);
    text.remove_prefix(std::min(piece, text.size()));
    while (!waiting.empty()) {
      tern::wire::Frame frame;
      tern::Status why;
      tern::wire::FrameProgress progress = frames.next(tern::as_bytes(waiting), frame, why);
      if (progress.step == Step::kBroken) return seen + " broken";
      if (progress.step == Step::kMore) break;
      expect(progress.consumed > 0 && progress.consumed <= waiting.size(), "a frame has its bytes");
      if (progress.step == Step::kFrame) {
        sample::Args args;
        bool read = frames.read_body(frame, tern::type_ops<sample::Args>(), &args).ok();
        seen += std::to_string(frame.id) + ' ' + std::string(frame.method_name) + ' ' +
                std::string(frame.message) + ' ' + std::string(frame.detail_type) + ' ' +
                std::string(tern::as_text(frame.body)) + (read ? " read;" : ";");
      }
      waiting.erase(0, progress.consumed);
    }
  }
  return seen;
}

template <typename Make>
void both_ways(Make make, std::string_view text) {
  auto whole = make();
  auto bytewise = make();
  expect(frames_of(whole, text, text.size()) == frames_of(bytewise, text, 1),
         "bytes that come one by one come to the same frames");
}

}  // namespace

void json_rpc(tern::ByteView input) {
  std::string_view text = tern::as_text(input);
  as_server(text);
  both_ways(
      [] {
        return tern::wire::json_rpc::ClientProtocol(tern::wire::json_rpc::Version::k2,
                                                    tern::Limits());
      },
      text);
  both_ways([] { return tern::wire::gee::JsonServerProtocol(tern::Limits()); }, text);
  both_ways([] { return tern::wire::gee::JsonClientProtocol(tern::Limits()); }, text);
}

}  // namespace fuzz
