// How targets read frames: as a connection does, in pieces.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "fuzz/expect.h"
#include "tern/buffer.h"
#include "tern/codegen/type_ops.h"
#include "tern/metadata.h"
#include "wire/client_protocol.h"
#include "wire/server_protocol.h"

namespace fuzz {

// Offers `input` to a reader of either side, `piece` bytes more each time and not before there are
// as many as it wants. `on_step` gets each step but kMore, with the frame and the reason, and says
// whether to go on.
template <typename Frames, typename OnStep>
void read_frames(Frames& frames, tern::ByteView input, std::size_t piece, OnStep on_step) {
  std::size_t at = 0;
  std::size_t come = 0;
  std::size_t wanted = 0;
  while (come < input.size()) {
    come += std::min(piece, input.size() - come);
    // At the end all of it, since what is broken may be seen before all is there that was wanted.
    while (at < come && (come - at >= wanted || come == input.size())) {
      tern::wire::Frame frame;
      tern::Status why;
      const tern::wire::FrameProgress progress =
          frames.next(input.subspan(at, come - at), frame, why);
      expect(progress.consumed <= come - at, "no more is consumed than is there");
      wanted = 0;
      if (progress.step == tern::wire::FrameStep::kMore) {
        expect(progress.consumed == 0, "what waits for more consumes nothing");
        expect(progress.wanted == 0 || progress.wanted > come - at, "more is wanted than is there");
        wanted = progress.wanted;
        break;
      }
      at += progress.consumed;
      if (progress.step == tern::wire::FrameStep::kBroken) {
        expect(!why.ok() && !why.message().empty(), "what is broken has a reason");
      }
      if (!on_step(progress.step, frame, why) || progress.step == tern::wire::FrameStep::kBroken)
        return;
    }
  }
}

inline std::string describe(const tern::wire::Frame& frame) {
  return fmt::format("{} {} {} '{}' {} {} {} {} '{}' '{}' '{}' '{}' {} {} {} {} {} {} {} {}\n",
                     static_cast<int>(frame.kind), frame.id, frame.method_id, frame.method_name,
                     frame.timeout.count(), frame.idempotent_only, static_cast<int>(frame.code),
                     static_cast<int>(frame.ran), frame.message, frame.detail_type,
                     tern::as_text(frame.metadata), tern::as_text(frame.body),
                     frame.refused.to_string(), static_cast<int>(frame.limit), frame.opens_stream,
                     frame.continues, frame.ends_side, frame.initial_metadata, frame.whole,
                     frame.credit);
}

// All that a reader finds in `input`, as text.
template <typename Frames, typename ReadValue>
std::string frames_of(Frames& frames, tern::ByteView input, std::size_t piece,
                      ReadValue read_value) {
  std::string seen;
  read_frames(
      frames, input, piece,
      [&](tern::wire::FrameStep step, const tern::wire::Frame& frame, const tern::Status& why) {
        if (step == tern::wire::FrameStep::kFrame) seen += describe(frame) + read_value(frame);
        if (step == tern::wire::FrameStep::kBroken) seen += "broken: " + why.to_string();
        return true;
      });
  return seen;
}

// `make` makes a reader, which finds the same in `input` however that is cut.
template <typename Make, typename ReadValue>
std::string frames_however_cut(Make make, tern::ByteView input, ReadValue read_value) {
  auto read = [&](std::size_t piece) {
    auto frames = make();
    return frames_of(*frames, input, piece,
                     [&](const tern::wire::Frame& frame) { return read_value(*frames, frame); });
  };
  std::string whole = read(std::max<std::size_t>(input.size(), 1));
  for (std::size_t piece : {1u, 7u})
    expect(read(piece) == whole, "the frames are the same in pieces");
  return whole;
}

// What a server has answered.
struct Answers {
  tern::Buffer bytes;
  std::vector<std::uint64_t> ids;  // of the requests
};

// Answers each request at once: with its argument, a T, or with the reason that there is none.
template <typename T>
Answers answer_all(tern::wire::ServerProtocol& frames, tern::ByteView input, std::size_t piece) {
  Answers answers;
  read_frames(
      frames, input, piece,
      [&](tern::wire::FrameStep step, const tern::wire::Frame& frame, const tern::Status& why) {
        const std::size_t before = answers.bytes.size();
        if (step == tern::wire::FrameStep::kBroken) frames.write_broken(why, answers.bytes);
        if (step == tern::wire::FrameStep::kAnswer) frames.write_answer(answers.bytes);
        // GeeRPC in JSON answers with 0 what has no id; our own frames have other words.
        if (answers.bytes.size() > before && !frames.has_control_frames()) {
          answers.ids.push_back(0);
        }
        if (step != tern::wire::FrameStep::kFrame) return true;
        if (frame.kind != tern::wire::FrameKind::kRequest) return true;
        tern::wire::ReplyHead head;
        head.id = frame.id;
        T value;
        const tern::TypeOps& type = tern::type_ops<T>();
        tern::Metadata metadata;
        tern::Status failure = frame.refused;
        if (failure.ok()) failure = frames.read_metadata(frame, metadata);
        if (failure.ok()) failure = frames.read_body(frame, type, &value);
        if (failure.ok()) failure = frames.write_reply(head, type, &value, answers.bytes);
        if (!failure.ok()) frames.write_error(head, failure, answers.bytes);
        frames.give_back_memory(frames.memory_kept());
        answers.ids.push_back(frame.id);
        return true;
      });
  return answers;
}

// The answers are one for each request, in their order, and a client can read them.
template <typename T>
void expect_understood(tern::wire::ClientProtocol& frames, const Answers& answers) {
  std::vector<std::uint64_t> ids;
  read_frames(frames, answers.bytes.view(), std::max<std::size_t>(answers.bytes.size(), 1),
              [&](tern::wire::FrameStep step, const tern::wire::Frame& frame, const tern::Status&) {
                expect(step != tern::wire::FrameStep::kBroken,
                       "a client can read what a server answers");
                if (step != tern::wire::FrameStep::kFrame) return true;
                if (frame.kind == tern::wire::FrameKind::kGoingAway) return true;
                ids.push_back(frame.id);
                T value;
                expect(frame.kind == tern::wire::FrameKind::kError ||
                           frames.read_body(frame, tern::type_ops<T>(), &value).ok(),
                       "a client can read a result");
                return true;
              });
  expect(ids == answers.ids, "each request has one answer, which is its own");
}

}  // namespace fuzz
