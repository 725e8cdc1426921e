#include "fuzz/session_stream_ledger.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "fuzz/expect.h"
#include "fuzz/session_feed.h"
#include "serve/sample_service.h"
#include "tern/metadata.h"
#include "wire/check_limits.h"
#include "wire/frame.h"

namespace fuzz {
namespace {

using tern::wire::FrameKind;

template <typename F>
const tern::Method* find_if(F matches) {
  using tern::test::SampleService;
  for (const auto position :
       {SampleService::kEcho, SampleService::kMeasure, SampleService::kTouch}) {
    if (const tern::Method& method = SampleService::method(position); matches(method)) {
      return &method;
    }
  }
  for (const auto position : {SessionFeed::kWatch, SessionFeed::kUpload, SessionFeed::kChat}) {
    if (const tern::Method& method = SessionFeed::method(position); matches(method)) {
      return &method;
    }
  }
  return nullptr;
}

}  // namespace

std::shared_ptr<SessionStream> StreamBook::find(std::string_view serial) const {
  const auto at = streams_.find(serial);
  return at != streams_.end() && at->second->clear() ? at->second : nullptr;
}

void StreamBook::add(const std::shared_ptr<SessionStream>& stream) {
  const auto [at, is_new] = streams_.emplace(stream->serial(), stream);
  if (is_new) return;
  at->second->blur();
  stream->blur();
}

const tern::Method* SessionMethods::find_method(std::string_view name) const noexcept {
  return find_if([name](const tern::Method& method) {
    return name.size() == method.service.size() + 1 + method.name.size() &&
           name.starts_with(method.service) && name[method.service.size()] == '.' &&
           name.ends_with(method.name);
  });
}

const tern::Method* SessionMethods::find_id(std::uint32_t id) noexcept {
  return find_if([id](const tern::Method& method) { return method.id == id; });
}

SessionStream* StreamLedger::find(std::uint64_t id) const noexcept {
  const auto at = streams_.find(id);
  return at == streams_.end() ? nullptr : at->second.get();
}

// --- The client ---

// Whatever is wrong with it, it is answered; then it has no handler, and nothing is sent to it.
void StreamLedger::opened(tern::wire::ServerProtocol& reader, const tern::wire::Frame& frame,
                          bool id_is_taken) {
  tern::Metadata metadata;
  const bool has_metadata = reader.read_metadata(frame, metadata).ok();
  const tern::Method* method = frame.method_id != 0
                                   ? SessionMethods::find_id(frame.method_id)
                                   : SessionMethods().find_method(frame.method_name);
  SessionStream::Setup setup;
  if (has_metadata) setup.serial = metadata.get(StreamBook::kKey);
  setup.kind = method ? method->kind : tern::MethodKind::kUnary;
  setup.codec = &reader.message_codec();
  setup.client_window = reader.has_credit() ? reader.stream_window() : SessionStream::kNoWindow;
  setup.server_window = limits_.stream_window;
  if (reader.own_window() > 0) setup.server_window = reader.own_window();
  if (!reader.has_credit()) setup.server_window = SessionStream::kNoWindow;
  auto stream = std::make_shared<SessionStream>(std::move(setup));
  if (stream->serial().empty() || id_is_taken) stream->blur();
  if (!stream->serial().empty()) book_.add(stream);
  if (SessionStream* before = find(frame.id)) {
    if (!before->over()) before->blur();
  }
  streams_[frame.id] = std::move(stream);
}

bool StreamLedger::asked(std::uint64_t id) noexcept {
  const auto at = streams_.find(id);
  if (at == streams_.end() || !at->second) return true;
  if (at->second->over()) {
    at->second = nullptr;
    return true;
  }
  at->second->blur();
  return false;
}

StreamLedger::Outcome StreamLedger::said(const tern::wire::Frame& frame, bool id_is_taken) {
  // The server takes what is not above the highest id for one that has ended.
  if (streams_.empty() || frame.id > streams_.rbegin()->first) return Outcome::kEnds;
  SessionStream* stream = find(frame.id);
  // The id of a call that may still run.
  if (!stream || !stream->clear()) return id_is_taken ? Outcome::kMayEnd : Outcome::kLives;
  if (frame.kind == FrameKind::kReplyCredit) {
    stream->said_credit(frame.credit);
  } else {
    stream->said_data(frame);
  }
  return Outcome::kLives;
}

bool StreamLedger::cancelled(std::uint64_t id, bool id_is_taken) noexcept {
  SessionStream* stream = find(id);
  if (!stream || !stream->clear()) return !id_is_taken;
  if (stream->over() || stream->cancelled()) return true;
  stream->said_cancel();
  ++given_up_;
  return true;
}

// --- The server ---

void StreamLedger::came(const tern::wire::Frame& frame) {
  if (frame.kind == FrameKind::kPing) ++pings_;
  const bool of_stream =
      frame.kind == FrameKind::kReplyStreamData || frame.kind == FrameKind::kRequestCredit;
  const bool end = frame.kind == FrameKind::kReply || frame.kind == FrameKind::kError;
  if (!of_stream && !end) return;
  expect(end || streams_.count(frame.id) > 0, "nothing comes of a stream that was not opened");
  SessionStream* stream = find(frame.id);
  if (!stream) return;
  if (frame.kind == FrameKind::kReplyStreamData) {
    stream->came_data(frame);
  } else if (frame.kind == FrameKind::kRequestCredit) {
    stream->came_credit(frame.credit);
  } else {
    if (stream->clear() && stream->cancelled()) --given_up_;
    stream->came_end(frame.kind == FrameKind::kReply ? tern::Code::kOk : frame.code);
  }
}

// --- Both ---

void StreamLedger::expect_settled() const {
  std::uint64_t beyond = 0;
  std::size_t live = 0;
  const SessionStream* alone = nullptr;
  for (const auto& [id, stream] : streams_) {
    if (!stream) continue;
    stream->expect_settled();
    beyond += stream->beyond_window();
    if (stream->over() || stream->cancelled()) continue;
    ++live;
    alone = stream.get();
  }
  expect(beyond <= tern::wire::stream_budget(limits_), "what is granted is within the budget");
  if (live == 1) alone->expect_rest_granted();
}

void StreamLedger::for_each(
    const std::function<void(std::uint64_t id, const SessionStream&)>& visit) const {
  for (const auto& [id, stream] : streams_) {
    if (stream && !stream->over()) visit(id, *stream);
  }
}

}  // namespace fuzz
