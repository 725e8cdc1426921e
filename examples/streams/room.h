// A room in which everybody hears what is said.
#pragma once

#include <cstddef>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "streams.service.h"

// Threads: any.
class Room {
 public:
  // Whoever hears; ended by the room if it is too slow.
  class Member {
   public:
    explicit Member(tern::Writer<streams::Line> out) : out_(std::move(out)) {}

   private:
    friend class Room;
    tern::Writer<streams::Line> out_;
  };

  std::shared_ptr<Member> join(tern::Writer<streams::Line> out);
  void leave(const std::shared_ptr<Member>& member);
  void say(const streams::Line& line);
  std::size_t members();

 private:
  std::mutex mutex_;  // guards the following, and that one at a time writes to a member
  std::vector<std::shared_ptr<Member>> members_;
};

class ChatService final : public streams::ChatService {
 public:
  tern::Reply<void> Talk(tern::ServerContext& context, tern::Reader<streams::Line> in,
                         tern::Writer<streams::Line> out) override;
  tern::Reply<void> Listen(tern::ServerContext& context, tern::Writer<streams::Line> out) override;
  tern::Reply<void> Say(tern::ServerContext& context, streams::Line line) override;

 private:
  asio::awaitable<tern::Result<void>> talk(tern::Reader<streams::Line> in,
                                           std::shared_ptr<Room::Member> self);

  Room room_;
};
