#include "fuzz/session_answers.h"

#include <chrono>
#include <utility>

#include "fuzz/expect.h"
#include "fuzz/session_envelopes.h"
#include "http/head.h"
#include "tern/endpoint.h"
#include "tern/limits.h"
#include "wire/client_setup.h"
#include "wire/json_extent.h"
#include "wire/json_members.h"
#include "wire/native/client.h"

namespace fuzz {
namespace {

// Whether a row of the table is the one of this address.
bool is(const tern::wire::Protocol& protocol, tern::Endpoint::Protocol address) {
  return &protocol == &tern::wire::protocol_of_address(address, {});
}

}  // namespace

void AnswerCount::speak(const tern::wire::Protocol& protocol, const tern::Codec* codec) {
  if (is(protocol, tern::Endpoint::Protocol::kConnect)) {
    form_ = Form::kHttp;
    return;
  }
  if (is(protocol, tern::Endpoint::Protocol::kJsonRpc)) {
    form_ = Form::kJson;
    return;
  }
  form_ = Form::kFrames;
  if (codec != nullptr) {
    frames_ = std::make_unique<tern::wire::native::ClientProtocol>(*codec, tern::Limits());
    return;
  }
  const tern::Endpoint endpoint;
  const tern::CodecRegistry codecs;
  const tern::Limits limits;
  const std::chrono::nanoseconds time{0};
  tern::wire::ClientPreface preface;
  const bool made =
      protocol.call({endpoint, limits, codecs, protocol.option_codec, time, time, false}, preface)
          .ok();
  expect(made, "each protocol has a client");
  frames_ = std::move(preface.protocol);
}

void AnswerCount::read(std::string& bytes, const std::vector<bool>& bodies, StreamLedger& streams) {
  switch (form_) {
    case Form::kNone:
      expect(bytes.empty(), "nothing is said before a protocol is spoken");
      return;
    case Form::kFrames:
      read_frames(bytes, &streams);
      return;
    case Form::kJson:
      read_json(bytes);
      return;
    case Form::kHttp:
      read_http(bytes, bodies);
      return;
  }
}

void AnswerCount::add_written(std::string_view answer) {
  std::string bytes(answer);
  if (form_ == Form::kFrames) return read_frames(bytes, nullptr);
  if (form_ == Form::kJson) return read_json(bytes);
  tern::http::HeadReader reader(tern::http::HeadReader::Side::kResponse);
  tern::http::Head head;
  tern::http::Fault fault;
  std::size_t size = 0;
  const bool whole = reader.read(tern::as_bytes(answer), head, size, fault) ==
                     tern::http::HeadReader::Step::kWhole;
  expect(whole, "a server writes the head of an answer at once");
  if (head.status < 200) return;
  ++total_;
  bodies_.push_back(answer.size() > size);
}

void AnswerCount::add_stream() {
  ++total_;
  bodies_.push_back(true);
}

std::size_t AnswerCount::replies(std::uint64_t id) const {
  const auto found = counts_.find({tern::wire::FrameKind::kReply, id});
  return found == counts_.end() ? 0 : found->second;
}

void AnswerCount::read_frames(std::string& bytes, StreamLedger* streams) {
  std::size_t at = 0;
  while (at < bytes.size()) {
    tern::wire::Frame frame;
    tern::Status why;
    const auto progress = frames_->next(tern::as_bytes(bytes).subspan(at), frame, why);
    expect(progress.step != tern::wire::FrameStep::kBroken, "a client can read what a server says");
    if (progress.step == tern::wire::FrameStep::kMore) break;
    at += progress.consumed;
    if (progress.step != tern::wire::FrameStep::kFrame) continue;
    if (streams) streams->came(frame);
    switch (frame.kind) {
      case tern::wire::FrameKind::kPong:
        ++counts_[{tern::wire::FrameKind::kPong, frame.id}];
        break;
      case tern::wire::FrameKind::kReply:
      case tern::wire::FrameKind::kError:
        ++counts_[{tern::wire::FrameKind::kReply, frame.id}];
        ++total_;
        break;
      default:
        break;
    }
  }
  bytes.erase(0, at);
}

void AnswerCount::read_json(std::string& bytes) {
  std::size_t at = 0;
  while (true) {
    at += tern::wire::json_space(tern::as_bytes(bytes).subspan(at));
    tern::wire::JsonExtent extent;
    const auto kind = extent.scan(tern::as_bytes(bytes).subspan(at));
    expect(kind != tern::wire::JsonExtent::Kind::kBroken, "a client can read what a server says");
    if (kind == tern::wire::JsonExtent::Kind::kMore) break;
    std::string_view value = std::string_view(bytes).substr(at, extent.size());
    at += extent.size();
    expect(value.front() == '{' || value.front() == '[', "an answer is an object or a batch");
    if (value.front() == '{') {
      ++total_;
      continue;
    }
    while (!tern::wire::next_json_element(value).empty()) ++total_;
  }
  bytes.erase(0, at);
}

void AnswerCount::read_http(std::string& bytes, const std::vector<bool>& bodies) {
  while (true) {
    tern::http::HeadReader reader(tern::http::HeadReader::Side::kResponse);
    tern::http::Head head;
    tern::http::Fault fault;
    std::size_t size = 0;
    const auto step = reader.read(tern::as_bytes(bytes), head, size, fault);
    expect(step != tern::http::HeadReader::Step::kBroken, "a client can read what a server says");
    if (step == tern::http::HeadReader::Step::kMore) return;
    if (head.status >= 200) {
      expect(bodies_.size() < bodies.size(), "nothing is answered that was not asked");
      if (head.chunked) {
        const std::size_t body = stream_body_size(head, std::string_view(bytes).substr(size));
        if (body == 0) return;
        size += body;
      } else if (head.status == 200 && !head.content_length) {
        size = bytes.size();  // a stream to HTTP/1.0, which nothing follows
      } else if (bodies[bodies_.size()]) {
        size += static_cast<std::size_t>(head.content_length.value_or(0));
      }
      if (bytes.size() < size) return;
      bodies_.push_back(bodies[bodies_.size()]);
      ++total_;
    }
    bytes.erase(0, size);
  }
}

bool AnswerCount::within(const AnswerCount& asked) const {
  if (total_ > asked.total_) return false;
  for (const auto& [key, count] : counts_) {
    const auto found = asked.counts_.find(key);
    if (found == asked.counts_.end() || found->second < count) return false;
  }
  return true;
}

}  // namespace fuzz
