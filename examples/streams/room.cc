#include "room.h"

#include <algorithm>
#include <utility>

std::shared_ptr<Room::Member> Room::join(tern::Writer<streams::Line> out) {
  auto member = std::make_shared<Member>(std::move(out));
  std::lock_guard lock(mutex_);
  members_.push_back(member);
  return member;
}

void Room::leave(const std::shared_ptr<Member>& member) {
  std::lock_guard lock(mutex_);
  std::erase(members_, member);
}

// try_write() does not wait: a member that does not read holds up nobody. It says no to one that
// has left, too.
void Room::say(const streams::Line& line) {
  std::lock_guard lock(mutex_);
  std::erase_if(members_, [&line](const std::shared_ptr<Member>& member) {
    if (member->out_.try_write(line)) return false;
    member->out_.finish(
        tern::Status(tern::Code::kResourceExhausted, "you hear too slowly for this room"));
    return true;
  });
}

std::size_t Room::members() {
  std::lock_guard lock(mutex_);
  return members_.size();
}

// The coroutine reads; the room writes.
tern::Reply<void> ChatService::Talk(tern::ServerContext& /*context*/,
                                    tern::Reader<streams::Line> in,
                                    tern::Writer<streams::Line> out) {
  std::shared_ptr<Room::Member> self = room_.join(std::move(out));
  return talk(std::move(in), std::move(self));
}

asio::awaitable<tern::Result<void>> ChatService::talk(tern::Reader<streams::Line> in,
                                                      std::shared_ptr<Room::Member> self) {
  streams::Line line;
  while (co_await in.read(line)) room_.say(line);
  room_.leave(self);
  co_return in.status();
}

// No coroutine: the stream is kept, and costs its memory only. The metadata leaves at once, so that
// a page knows that it listens before anybody has said a word.
tern::Reply<void> ChatService::Listen(tern::ServerContext& context,
                                      tern::Writer<streams::Line> out) {
  context.initial_metadata().add("room", "lobby");
  tern::Reply<void> reply = tern::kept(out);
  room_.join(std::move(out));
  return reply;
}

tern::Reply<void> ChatService::Say(tern::ServerContext& /*context*/, streams::Line line) {
  room_.say(line);
  return {};
}
