#include "room.h"

#include <algorithm>
#include <asio/experimental/awaitable_operators.hpp>
#include <utility>

std::shared_ptr<Room::Member> Room::join(tern::Writer<streams::Line> out, Member::End end) {
  auto member = std::make_shared<Member>(std::move(out), std::move(end));
  std::lock_guard lock(mutex_);
  members_.push_back(member);
  return member;
}

void Room::leave(const std::shared_ptr<Member>& member) {
  std::lock_guard lock(mutex_);
  std::erase(members_, member);
}

void Room::put_out(const std::shared_ptr<Member>& member, const tern::Status& why) {
  std::lock_guard lock(mutex_);
  if (std::erase(members_, member) > 0) end(*member, why);
}

// A Writer's finish() is for one that is kept: the stream of a handler that runs ends with that.
void Room::end(Member& member, const tern::Status& why) {
  if (member.end_) {
    member.end_(why);
  } else {
    member.out_.finish(why);
  }
}

// try_write() does not wait: a member that does not read holds up nobody. It says no to one that
// has left, too.
void Room::say(const streams::Line& line) {
  std::lock_guard lock(mutex_);
  std::erase_if(members_, [&line](const std::shared_ptr<Member>& member) {
    if (member->out_.try_write(line)) return false;
    end(*member, tern::Status(tern::Code::kResourceExhausted, "you hear too slowly for this room"));
    return true;
  });
}

std::size_t Room::members() {
  std::lock_guard lock(mutex_);
  return members_.size();
}

// In the room as long as its coroutine runs, however that ends.
class ChatService::Seat {
 public:
  Seat(Room& room, std::shared_ptr<Room::Member> member)
      : room_(room), member_(std::move(member)) {}
  Seat(const Seat&) = delete;
  Seat& operator=(const Seat&) = delete;
  ~Seat() { room_.leave(member_); }

 private:
  Room& room_;
  std::shared_ptr<Room::Member> member_;
};

tern::Reply<void> ChatService::Talk(tern::ServerContext& context, tern::Reader<streams::Line> in,
                                    tern::Writer<streams::Line> out) {
  return talk(context, std::move(in), std::move(out));
}

// The coroutine reads; the room writes. A talk has no end of its own: it ends when its caller says
// no more, when the room puts it out, or when the server goes away.
asio::awaitable<tern::Result<void>> ChatService::talk(tern::ServerContext& context,
                                                      tern::Reader<streams::Line> in,
                                                      tern::Writer<streams::Line> out) {
  using asio::experimental::awaitable_operators::operator||;
  auto farewell = std::make_shared<Farewell>(context.executor());
  context.on_drain([farewell] { farewell->say(going_away()); });
  Room::Member::End end = [farewell](const tern::Status& why) { farewell->say(why); };
  Seat seat(room_, room_.join(std::move(out), std::move(end)));
  streams::Line line;
  while (farewell->why().ok()) {
    // Whichever is first; the other one is cancelled. A read that is cancelled loses no line.
    auto first = co_await (in.read(line) || farewell->wait());
    if (first.index() == 1) break;
    if (!std::get<0>(first)) co_return in.status();
    room_.say(line);
  }
  co_return farewell->why();
}

// No coroutine: the stream is kept, and costs its memory only. The metadata leaves at once, so that
// a page knows that it listens before anybody has said a word.
tern::Reply<void> ChatService::Listen(tern::ServerContext& context,
                                      tern::Writer<streams::Line> out) {
  context.initial_metadata().add("room", "lobby");
  tern::Reply<void> reply = tern::kept(out);
  std::shared_ptr<Room::Member> member = room_.join(std::move(out));
  std::weak_ptr<Room::Member> weak = member;
  context.on_drain([this, weak] {
    if (auto here = weak.lock()) room_.put_out(here, going_away());
  });
  return reply;
}

tern::Reply<void> ChatService::Say(tern::ServerContext& /*context*/, streams::Line line) {
  room_.say(line);
  return {};
}
