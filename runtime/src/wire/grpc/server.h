// A server's side of gRPC over HTTP/2.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <string_view>

#include "http2/server_session.h"
#include "tern/codegen/method.h"
#include "tern/compression.h"
#include "tern/limits.h"
#include "wire/grpc/message_codec.h"
#include "wire/grpc/request.h"
#include "wire/grpc/send_window.h"
#include "wire/grpc/stream_reader.h"
#include "wire/method_finder.h"
#include "wire/server_protocol.h"

namespace tern::wire::grpc {

// A request whose client sends one message comes as a frame when that is complete; one whose client
// streams comes at once, and its messages as they come. Messages of the first sort that are coming
// have Limits::chunked_bytes together, or there is one of them: the windows of the others wait.
class ServerProtocol final : public wire::ServerProtocol, private http2::SessionUser {
 public:
  // Both outlive this. Without `methods` no method streams. `compression`: of what answers a call
  // that says nothing else. Throws std::bad_alloc.
  explicit ServerProtocol(const Limits& limits, const MethodFinder* methods = nullptr,
                          Compression compression = Compression::kIdentity);

  std::string_view codec() const noexcept override { return "proto"; }
  bool has_metadata() const noexcept override { return true; }
  bool has_control_frames() const noexcept override { return true; }
  // Header compression has a memory, SETTINGS come first, and DATA before its trailers.
  bool keeps_order() const noexcept override { return true; }

  void set_time(Clock::TimePoint now) noexcept override { session_.set_time(now); }
  Progress next(ByteView in, Frame& frame, Status& why) override;
  bool in_frame() const noexcept override { return session_.in_frame() || coming_bytes_ > 0; }
  bool finished() const noexcept override {
    return session_.ended() && events_.empty() && slice_ == 0;
  }
  Status read_body(const Frame& frame, const TypeOps& type, void* argument) override;
  Status read_metadata(const Frame& frame, Metadata& metadata) override;

  Status write_reply(const ReplyHead& head, const TypeOps& type, const void* value,
                     Buffer& out) override;
  void write_error(const ReplyHead& head, const Status& status, Buffer& out) override;
  void write_answer(Buffer& out) override { write(out); }
  void write_broken(const Status& why, Buffer& out) override;
  bool moves_clients() const noexcept override { return true; }
  void write_going_away(std::string_view why, Buffer& out) override;
  Status unknown_method(std::string_view name, UnknownMethod why) override;
  Code unreadable() const noexcept override { return Code::kInternal; }
  void set_compression(std::uint64_t id, Compression how) noexcept override;

  // --- Streams ---

  bool has_streams() const noexcept override { return true; }
  // Of the request that next() has given last.
  std::uint64_t stream_window() const noexcept override { return last_window_; }
  std::uint64_t own_window() const noexcept override;
  const Codec& message_codec() const noexcept override { return *last_codec_; }
  std::shared_ptr<const void> codec_owner() const noexcept override { return last_codec_; }
  // A message of a stream begins with the first byte of its prefix.
  std::uint8_t message_cost() const noexcept override {
    return MessagePrefix::kSize - MessageCodec::kFlagBytes;
  }
  std::uint8_t message_envelope() const noexcept override { return MessageCodec::kFlagBytes; }
  bool takes_stream_data() const noexcept override { return session_.has_room_for_streams(); }
  void write_initial_metadata(std::uint64_t id, const Metadata& metadata, Buffer& out) override;
  void write_stream_data(const StreamPiece& piece, Buffer& out) override;
  void end_stream_data(Buffer& out) override { write(out); }
  void write_stream_end(std::uint64_t id, ByteView end, Buffer& out) override;
  void write_credit(std::uint64_t id, std::uint64_t bytes, Buffer& out) override;

 private:
  using StreamId = http2::StreamId;

  enum class Stage : std::uint8_t {
    kComing,    // its message is not complete
    kTold,      // it waits for next(), or the server has it
    kBegun,     // the same, and the head of the answer has been written
    kAnswered,  // the answer is on its way
  };
  struct Call {
    Request request;
    std::shared_ptr<MessageCodec> codec;  // of one that streams, since the server has it
    Compression compression = Compression::kIdentity;  // of the answer
    bool announced = false;  // the head of the answer says, or will say, that it may be compressed
    StreamReader messages;   // of a client that streams
    MethodKind kind = MethodKind::kUnary;
    Stage stage = Stage::kComing;
    std::size_t owed = 0;            // of its window: what has come and was not given back
    SendWindow window;               // for what the server sends
    std::uint64_t first_window = 0;  // of it, since the server has the request
  };
  // What next() is to give.
  struct Event {
    FrameKind kind;
    StreamId stream;
    StreamReader::Piece piece = {};  // without its bytes, which are in data_
    std::size_t start = 0;
    std::size_t size = 0;
    bool ends_side = false;
    std::uint64_t credit = 0;
  };

  void on_head(StreamId stream, http2::Head head) override;
  void on_data(StreamId stream, ByteView bytes) override;
  void on_end(StreamId stream) override;
  void on_window(StreamId stream, std::uint64_t bytes) override;
  void on_initial_window(std::int64_t change) override;
  void on_close(StreamId stream, std::uint32_t code) override;

  void answer_other(StreamId stream, int http_status);
  Call* find(std::uint64_t id) noexcept;
  // The same, if the server has it and has not answered.
  Call* find_open(std::uint64_t id) noexcept;
  static bool reads_messages(const Call& call) noexcept { return client_streams(call.kind); }
  void take_messages(StreamId stream, Call& call, ByteView bytes);
  void end_messages(StreamId stream, Call& call);
  void tell(StreamId stream, Call& call);
  void tell_if_complete(StreamId stream, Call& call);
  // Gives windows back while there is room for what they let come.
  void give_windows_back();
  // Whatever may leave.
  void write(Buffer& out);
  void take(const Event& event, Frame& frame);
  void take_request(Call& call, Frame& frame);
  http2::Fields head_of(const Call& call) const;
  static void compress(Call& call, Compression how) noexcept;
  void begin_answer(StreamId stream, Call& call, const Metadata* metadata);
  // What an answer ends with: for one that is not streamed, its message.
  struct End {
    Buffer body;
    http2::Fields trailers;
  };
  void end_answer(StreamId stream, Call& call, End end, Buffer& out);
  // For write_stream_end().
  static void put_end(const End& end, Buffer& out);

  const Limits& limits_;
  const MethodFinder* methods_;
  std::map<StreamId, Call> calls_;  // whose streams are open
  // Requests that are no calls, and HTTP's status for each: answered when they have come, so that
  // whoever sends them is not told that nobody reads them.
  std::map<StreamId, int> others_;
  std::deque<Event> events_;
  Buffer data_;                   // the bytes of pieces in events_
  std::size_t coming_bytes_ = 0;  // of messages that are not complete
  std::size_t owed_ = 0;          // the sum of the calls'
  std::size_t slice_ = 0;         // bytes that were read, and are consumed when events_ is empty
  StreamId taken_ = 0;            // the request that next() has given last; 0: none
  std::uint64_t last_window_ = 0;
  std::shared_ptr<MessageCodec> last_codec_;
  Compression compression_;
  bool going_away_ = false;
  bool unusable_ = false;  // what was written is lost: there was no memory
  http2::ServerSession session_;
};

}  // namespace tern::wire::grpc
