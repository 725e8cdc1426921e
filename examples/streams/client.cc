// Every kind of stream:  streams_client ADDRESS        a tour, one line for each step
//                        streams_client ADDRESS NAME   the chat: says what standard input has
// The exit status is 0 if everything was as it should be.
#include <asio/co_spawn.hpp>
#include <asio/io_context.hpp>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <iomanip>
#include <iostream>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "streams.service.h"
#include "tern/tern.h"
#include "traffic.h"

namespace {

void report(std::string_view what, const std::string& text) {
  std::cout << std::left << std::setw(9) << what << text << std::endl;
}

bool failed(std::string_view what, const tern::Status& status) {
  report(what, status.to_string() + "    <- not what was expected");
  return false;
}

// A plain loop: it reads what the server writes, and waits while there is nothing.
asio::awaitable<bool> watch(streams::StoreStub store) {
  streams::WatchRequest request(0);
  tern::ServerStream<streams::Change> changes = store.Watch(request);
  const std::vector<std::string> texts = {"one", "two", "three"};
  for (const std::string& text : texts) {
    streams::Entry entry("key", text);
    tern::Call<std::int64_t> set = store.Set(entry);
    tern::Result<std::int64_t> revision = co_await set.async();
    if (!revision.ok()) co_return failed("watch", revision.status());
  }
  streams::Change change;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    if (!co_await changes.read(change)) co_return failed("watch", changes.status());
    report("watch", std::to_string(change.revision) + ": " + change.key + " is " + change.text);
  }
  // The same for a caller without streams, a call for each change.
  request.revision = 2;
  tern::Call<streams::Change> next = store.Next(request);
  tern::Result<streams::Change> third = co_await next.async();
  if (!third.ok()) co_return failed("poll", third.status());
  report("poll", std::to_string(third->revision) + ": " + third->key + " is " + third->text);
  co_return true;  // the stream is dropped here, which cancels it
}

// write() waits while the server has enough to do.
asio::awaitable<bool> upload(streams::FilesStub files) {
  constexpr int kPieces = 64;
  tern::ClientStream<streams::Piece, streams::Summary> pieces = files.Upload();
  streams::Piece piece;
  piece.data.resize(16 * 1024, std::byte('x'));
  for (int i = 1; i <= kPieces; ++i) {
    if (!co_await pieces.write(piece)) break;  // finish() says why
    if (i % (kPieces / 4) == 0) report("upload", std::to_string(100 * i / kPieces) + " %");
  }
  tern::Result<streams::Summary> sum = co_await pieces.finish();
  if (!sum.ok()) co_return failed("upload", sum.status());
  report("upload",
         std::to_string(sum->pieces) + " pieces, " + std::to_string(sum->bytes) + " bytes arrived");
  co_return sum->bytes == kPieces * 16 * 1024;
}

asio::awaitable<bool> hear(std::string_view who,
                           tern::BidiStream<streams::Line, streams::Line>& room) {
  streams::Line line;
  if (!co_await room.read(line)) co_return failed(who, room.status());
  report("chat", std::string(who) + " hears " + line.name + " say: " + line.text);
  co_return true;
}

// Both sides write when they like.
asio::awaitable<bool> chat(streams::ChatStub room) {
  tern::BidiStream<streams::Line, streams::Line> ann = room.Talk();
  tern::BidiStream<streams::Line, streams::Line> bob = room.Talk();
  streams::Line hello("ann", "is anybody here?");
  streams::Line answer("bob", "I am");
  if (!co_await ann.write(hello) || !co_await hear("ann", ann)) co_return false;
  if (!co_await bob.write(answer)) co_return failed("chat", bob.status());
  if (!co_await hear("ann", ann)) co_return false;
  ann.end_writing();
  streams::Line rest;
  while (co_await ann.read(rest)) {
  }
  report("chat", "ann has left: " + ann.status().to_string());
  co_return ann.status().ok();
}

asio::awaitable<bool> tour(tern::Channel& channel) {
  bool good = co_await watch(streams::StoreStub(channel));
  good = co_await upload(streams::FilesStub(channel)) && good;
  good = co_await chat(streams::ChatStub(channel)) && good;
  co_return good;
}

// Without coroutines: one thread blocks on the room, another on the keyboard.
int talk(tern::Channel& channel, const std::string& name) {
  streams::ChatStub stub(channel);
  tern::BidiStream<streams::Line, streams::Line> room = stub.Talk();
  std::thread hearing([&room] {
    streams::Line line;
    while (room.get(line)) std::cout << line.name << ": " << line.text << std::endl;
  });
  std::string text;
  while (std::getline(std::cin, text)) {
    if (!room.put(streams::Line(name, text))) break;
  }
  room.end_writing();
  hearing.join();
  const tern::Status status = room.status();
  if (!status.ok()) std::cerr << "streams_client: " << status.to_string() << '\n';
  return status.ok() ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2 || argc > 3 || *argv[1] == '-') {
    std::cerr << "usage: streams_client ADDRESS [NAME], for instance tcp@127.0.0.1:7000 ann\n";
    return 2;
  }
  tern::ClientOptions options;
  options.interceptors.push_back(
      std::make_shared<Traffic>([](const std::string& text) { report("traffic", text); }));
  tern::Client client(argv[1], options);
  if (tern::Status connected = client.connect(); !connected.ok()) {
    std::cerr << "streams_client: " << connected.to_string() << '\n';
    return 1;
  }
  if (argc == 3) return talk(client, argv[2]);
  asio::io_context io;
  bool good = false;
  auto keep = [&good](std::exception_ptr thrown, bool result) { good = !thrown && result; };
  asio::co_spawn(io, tour(client), keep);
  io.run();
  return good ? 0 : 1;
}
