// A room in which everybody hears what is said.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "farewell.h"
#include "streams.service.h"

// Threads: any.
class Room {
 public:
  // Whoever hears; put out by the room if it is too slow.
  class Member {
   public:
    // How the stream is ended: any thread, with the room's mutex.
    using End = std::function<void(const tern::Status& why)>;
    Member(tern::Writer<streams::Line> out, End end) : out_(std::move(out)), end_(std::move(end)) {}

   private:
    friend class Room;
    tern::Writer<streams::Line> out_;
    End end_;
  };

  // `end` of a handler that runs ends that. Without it the writer is a kept one, which is finished.
  std::shared_ptr<Member> join(tern::Writer<streams::Line> out, Member::End end = nullptr);
  void leave(const std::shared_ptr<Member>& member);
  // Ends the stream of a member that is here.
  void put_out(const std::shared_ptr<Member>& member, const tern::Status& why);
  void say(const streams::Line& line);
  std::size_t members();

 private:
  static void end(Member& member, const tern::Status& why);

  std::mutex mutex_;  // guards the following, and that one at a time writes to a member
  std::vector<std::shared_ptr<Member>> members_;
};

class ChatService final : public streams::ChatService {
 public:
  tern::Reply<void> Talk(tern::ServerContext& context, tern::Reader<streams::Line> in,
                         tern::Writer<streams::Line> out) override;
  tern::Reply<void> Listen(tern::ServerContext& context, tern::Writer<streams::Line> out) override;
  tern::Reply<void> Say(tern::ServerContext& context, streams::Line line) override;

  // For tests.
  std::size_t members() { return room_.members(); }

 private:
  class Seat;

  asio::awaitable<tern::Result<void>> talk(tern::ServerContext& context,
                                           tern::Reader<streams::Line> in,
                                           tern::Writer<streams::Line> out);

  Room room_;
};
