#include <memory>
#include <string>

#include "codec/sample_messages.h"
#include "fuzz/frames.h"
#include "fuzz/targets.h"
#include "tern/codegen/type_ops_of.h"
#include "wire/connect/client_body.h"
#include "wire/json_rpc/http_client_body.h"
#include "wire/over_http/client.h"

namespace fuzz {
namespace {

using Client = tern::wire::over_http::ClientProtocol;

constexpr std::uint64_t kRequests = 3;

constexpr tern::Method kMethod{"arith.Arith",
                               "Multiply",
                               1,
                               &tern::type_ops<sample::Args>,
                               &tern::type_ops<sample::Args>,
                               {},
                               std::chrono::nanoseconds(0),
                               false};

tern::Limits small_limits() {
  tern::Limits limits;
  limits.message_bytes = 256;
  return limits;
}

// That waits for so many answers.
template <typename Body, typename... More>
std::unique_ptr<Client> waiting_client(More... more) {
  auto client = std::make_unique<Client>(small_limits(), "host:1", std::make_unique<Body>(more...));
  for (std::uint64_t id = 1; id <= kRequests; ++id) {
    tern::wire::RequestHead head;
    head.id = id;
    head.method = &kMethod;
    const sample::Args args(6, 7);
    tern::Buffer out;
    expect(client->write_request(head, tern::type_ops<sample::Args>(), &args, out).ok(),
           "a request can be written");
  }
  return client;
}

std::string read_parts(Client& client, const tern::wire::Frame& frame) {
  if (frame.kind == tern::wire::FrameKind::kGoingAway) return {};
  expect(frame.id >= 1 && frame.id <= kRequests, "an answer is one of a request's");
  expect(frame.body.size() <= small_limits().message_bytes, "a message is within its limit");
  tern::Metadata metadata;
  std::string text = client.read_metadata(frame, metadata).to_string();
  for (const auto& [name, value] : metadata) text.append(name).append("=").append(value);
  sample::Args args;
  const tern::TypeOps& type = tern::type_ops<sample::Args>();
  if (frame.kind == tern::wire::FrameKind::kReply)
    text += client.read_body(frame, type, &args).to_string();
  if (!frame.detail_type.empty()) text += client.read_detail(frame, type, &args).to_string();
  return text;
}

// The answers come in the order of the requests, and no answer comes twice.
void expect_order(Client& client, tern::ByteView input) {
  std::uint64_t last = 0;
  read_frames(client, input, 16,
              [&](tern::wire::FrameStep step, const tern::wire::Frame& frame, const auto&) {
                if (step != tern::wire::FrameStep::kFrame ||
                    frame.kind == tern::wire::FrameKind::kGoingAway)
                  return true;
                expect(frame.id == last + 1, "answers are those of the requests in their order");
                last = frame.id;
                return !client.finished();
              });
}

}  // namespace

void http_client(tern::ByteView input) {
  auto connect = [] { return waiting_client<tern::wire::connect::ClientBody>(); };
  auto connect_in_protobuf = [] {
    using Connect = tern::wire::connect::ClientBody;
    return waiting_client<Connect>(Connect::Messages::kProto);
  };
  auto json_rpc = [] {
    return waiting_client<tern::wire::json_rpc::ClientBody>(small_limits(), "/rpc");
  };
  frames_however_cut(connect, input, read_parts);
  frames_however_cut(connect_in_protobuf, input, read_parts);
  frames_however_cut(json_rpc, input, read_parts);
  expect_order(*connect(), input);
  expect_order(*connect_in_protobuf(), input);
  expect_order(*json_rpc(), input);
}

}  // namespace fuzz
