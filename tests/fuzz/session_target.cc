#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>

#include "fuzz/session_script.h"
#include "fuzz/session_stream_words.h"
#include "fuzz/session_world.h"
#include "fuzz/targets.h"

namespace fuzz {
namespace {

using namespace std::chrono_literals;
using tern::test::SampleService;

constexpr std::size_t kSteps = 100;
// A step with a byte from this on is one of streams.
constexpr std::uint8_t kFirstStreamStep = 192;

class Session {
 public:
  explicit Session(Script& script) : script_(script), world_(script.byte()), words_(script) {}

  void run() {
    world_.connect(script_.byte());
    for (std::size_t step = 0; step < kSteps && !script_.ended(); ++step) {
      take_step();
      world_.expect_all_in_order();
    }
    world_.expect_every_answer();
    world_.stop();
  }

 private:
  enum class Step : std::uint8_t {
    kRequest,
    kDamagedRequest,
    kBytes,
    kCancel,
    kPing,
    kHold,
    kLetGo,
    kTime,
    kHalfClose,
    kLeave,
    kReading,
    kByteStream,
    kConnect,
    kOther,
    kDrain,
    kHurry,
    kCount
  };
  // Most are words.
  enum class StreamStep : std::uint8_t { kWords, kMoreWords, kDamagedWords, kKept, kCount };

  SessionPeer& peer() { return world_.peer(); }

  std::string draw_request() {
    static const tern::Method kUnknown{"sample.Sample",
                                       "Nothing",
                                       tern::method_id("sample.Sample", "Nothing"),
                                       SampleService::method(SampleService::kEcho).argument,
                                       SampleService::method(SampleService::kEcho).result,
                                       {},
                                       0ns,
                                       false};
    const std::uint8_t choice = script_.byte();
    const std::uint64_t id = script_.byte();
    const std::string text(script_.text());
    const tern::Nothing nothing;
    tern::Metadata metadata;
    if ((choice & 4) != 0) metadata.add("key", "value");
    if ((choice & 64) != 0) metadata.add("more", text);
    const std::chrono::nanoseconds timeout = (choice & 8) != 0 ? 300ms : 0ms;
    switch (choice & 3) {
      case 0:
        return peer().request(id, SampleService::method(SampleService::kEcho), &text, metadata,
                              timeout);
      case 1:
        return peer().request(id, SampleService::method(SampleService::kMeasure), &text, metadata,
                              timeout);
      case 2:
        return peer().request(id, SampleService::method(SampleService::kTouch), &nothing, metadata,
                              timeout);
      default:
        return peer().request(id, kUnknown, &text, metadata, timeout);
    }
  }

  std::string damage(std::string bytes) {
    for (std::uint8_t times = script_.byte() % 4; times > 0 && !bytes.empty(); --times) {
      const std::uint8_t how = script_.byte();
      const std::size_t at = script_.byte() % bytes.size();
      switch (how % 4) {
        case 0:
          bytes[at] = static_cast<char>(script_.byte());
          break;
        case 1:
          bytes.erase(at, 1 + how / 4);
          break;
        case 2:
          bytes.insert(at, script_.text());
          break;
        default:
          bytes.insert(at, bytes.substr(at, 1 + how / 4));
      }
    }
    return bytes;
  }

  void take_step() {
    const std::uint8_t choice = script_.byte();
    if (choice >= kFirstStreamStep) {
      take_stream_step(choice);
      return;
    }
    switch (static_cast<Step>(choice % static_cast<std::uint8_t>(Step::kCount))) {
      case Step::kRequest:
        peer().send(draw_request());
        return;
      case Step::kDamagedRequest:
        peer().give_up_answers();
        peer().send(damage(draw_request()));
        return;
      case Step::kBytes:
        peer().give_up_answers();
        peer().send(script_.text());
        return;
      case Step::kCancel:
        peer().give_up_answers();
        peer().send(peer().cancel(script_.byte()));
        return;
      case Step::kPing:
        peer().send(peer().ping(script_.byte()));
        return;
      case Step::kHold:
        peer().hold(!peer().held());
        return;
      case Step::kLetGo:
        peer().let_go(script_.byte());
        return;
      case Step::kTime: {
        constexpr std::array<std::chrono::nanoseconds, 8> kTimes = {1ns, 1ms, 100ms, 500ms,
                                                                    1s,  2s,  10s,   30s};
        world_.pass_time(kTimes[script_.byte() % kTimes.size()]);
        return;
      }
      case Step::kHalfClose:
        peer().give_up_answers();
        peer().half_close();
        return;
      case Step::kLeave:
        peer().give_up_answers();
        if ((script_.byte() & 1) != 0) {
          peer().reset();
        } else {
          peer().close();
        }
        return;
      case Step::kReading:
        peer().give_up_answers();
        peer().set_reads((script_.byte() & 1) != 0);
        return;
      case Step::kByteStream:
        disturb_byte_stream(script_.byte());
        return;
      case Step::kConnect:
        world_.connect(script_.byte());
        return;
      case Step::kOther:
        world_.give_turn(script_.byte());
        return;
      case Step::kDrain:
        world_.drain(std::chrono::milliseconds(100) * (script_.byte() % 32));
        return;
      case Step::kHurry:
        world_.hurry();
        world_.answer_pages();
        return;
      case Step::kCount:
        return;
    }
  }

  void take_stream_step(std::uint8_t choice) {
    switch (static_cast<StreamStep>(choice % static_cast<std::uint8_t>(StreamStep::kCount))) {
      case StreamStep::kWords:
      case StreamStep::kMoreWords:
        peer().send(words_.draw(peer()));
        return;
      case StreamStep::kDamagedWords:
        peer().give_up_answers();
        peer().send(damage(words_.draw(peer())));
        return;
      case StreamStep::kKept: {
        const std::uint8_t which = script_.byte();
        world_.feed().act(which, script_.byte());
        return;
      }
      case StreamStep::kCount:
        return;
    }
  }

  void disturb_byte_stream(std::uint8_t choice) {
    tern::test::StreamFaults faults;
    const std::size_t size = 1 + choice / 8;
    if ((choice & 1) != 0) faults.read_size = size;
    if ((choice & 2) != 0) faults.write_size = size;
    if ((choice & 4) != 0) {
      faults.capacity = 16 * size;
      peer().give_up_answers();
    }
    peer().server_end().set_faults(faults);
  }

  Script& script_;
  SessionWorld world_;
  StreamWords words_;
};

}  // namespace

void session(tern::ByteView input) {
  Script script(input);
  Session(script).run();
}

}  // namespace fuzz
