// gRPC's side of a server, with nghttp2's client at the other end.
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "codec/sample_messages.h"
#include "tern/codegen/type_ops_of.h"
#include "wire/grpc/http2_client.h"
#include "wire/over_http2/server.h"
#include "wire/over_http2/server_setup.h"

namespace tern::test {

using Step = wire::FrameStep;

// A frame, and what its views show.
struct Got {
  wire::Frame frame;
  std::string method;
  std::string body;
};

class GrpcServer : public testing::Test {
 protected:
  explicit GrpcServer(const Limits& limits_in = Limits()) : setup(limits_in) {}

  // Carries what the client sends to the server and what that writes back, until both are quiet.
  std::vector<Got> exchange() {
    std::vector<Got> got;
    for (std::string bytes = client->take_bytes(); !bytes.empty(); bytes = client->take_bytes()) {
      read(bytes, got);
      flush();
    }
    return got;
  }
  void read(std::string_view bytes, std::vector<Got>& got) {
    while (!bytes.empty() && !server.finished()) {
      Got one;
      Status why;
      const wire::FrameProgress progress = server.next(as_bytes(bytes), one.frame, why);
      bytes.remove_prefix(progress.consumed);
      if (progress.step == Step::kFrame) {
        one.method = one.frame.method_name;
        one.body = as_text(one.frame.body);
        metadata.clear();
        if (one.frame.kind == wire::FrameKind::kRequest) {
          metadata_read = server.read_metadata(one.frame, metadata);
        }
        got.push_back(std::move(one));
      } else if (progress.step == Step::kAnswer) {
        server.write_answer(out);
      } else if (progress.step == Step::kBroken) {
        broken = why;
        server.write_broken(why, out);
        return;
      }
    }
  }
  void flush() {
    client->receive(as_text(out.view()));
    out.clear();
  }
  std::int32_t call(const Fields& more = {}, std::string_view message = "\x08\x02") {
    const std::int32_t stream = client->begin(grpc_head("/sample.S/Do", more));
    client->send(stream, grpc_message(message), true);
    return stream;
  }
  wire::ReplyHead head(const Got& got, const Metadata* trailing = nullptr) {
    wire::ReplyHead result;
    result.id = got.frame.id;
    result.metadata = trailing;
    return result;
  }
  void reply(const Got& got, const sample::Point& value, const Metadata* trailing = nullptr) {
    ASSERT_TRUE(
        server.write_reply(head(got, trailing), type_ops<sample::Point>(), &value, out).ok());
    flush();
  }
  void fail(const Got& got, const Status& why) {
    server.write_error(head(got), why, out);
    flush();
  }

  Http2Setup setup;
  Limits& limits = setup.limits;
  wire::over_http2::ServerProtocol server{setup.get()};
  std::unique_ptr<Http2Client> client = std::make_unique<Http2Client>();
  Buffer out;
  Metadata metadata;
  Status metadata_read;
  Status broken;
};

}  // namespace tern::test
