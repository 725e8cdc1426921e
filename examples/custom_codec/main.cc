// A server and a client that speak in a codec of their own.
#include <chrono>
#include <cstdint>
#include <iostream>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "line_codec.h"
#include "notebook.service.h"
#include "tern/tern.h"

namespace {

class Notebook final : public notebook::NotebookService {
 public:
  tern::Reply<std::int64_t> Add(tern::ServerContext& /*context*/, notebook::Note note) override {
    std::lock_guard lock(mutex_);
    std::string title = note.title;
    notes_.insert_or_assign(title, std::move(note));
    return static_cast<std::int64_t>(notes_.size());
  }

  tern::Reply<notebook::Note> Find(tern::ServerContext& /*context*/, std::string title) override {
    std::lock_guard lock(mutex_);
    auto found = notes_.find(title);
    if (found == notes_.end()) return notebook::NoSuchNote(title);
    return found->second;
  }

 private:
  std::mutex mutex_;  // guards the following
  std::map<std::string, notebook::Note> notes_;
};

notebook::Note groceries() {
  notebook::Note note;
  note.title = "Groceries";
  note.lines = {"milk", "a \"big\" loaf"};
  note.votes = {{"Ada", 3}, {"Grace", -1}};
  note.mood = notebook::Mood::Urgent;
  note.remind_after = std::chrono::hours(1);
  return note;
}

// The bytes of a note, which are text.
void print_as_lines(const notebook::Note& note) {
  tern::Buffer text;
  tern::Status encoded = make_line_codec()->encode(tern::type_ops<notebook::Note>(), &note, text);
  if (!encoded.ok()) std::cout << encoded.to_string() << '\n';
  std::cout << tern::as_text(text.view());
}

int call(const std::string& address) {
  tern::ClientOptions options;
  options.codecs.add(make_line_codec());
  options.codec = kLineCodec;
  tern::Client client(address, options);
  notebook::NotebookStub notes(client);

  tern::Result<std::int64_t> count = notes.Add(groceries()).get();
  std::cout << "Add: " << (count.ok() ? std::to_string(*count) : count.status().to_string())
            << '\n';

  tern::Result<notebook::Note> found = notes.Find("Groceries").get();
  bool same = found.ok() && *found == groceries();
  std::cout << "Find(\"Groceries\"): "
            << (found.ok() ? same ? "the same note" : "another note" : found.status().to_string())
            << '\n';

  // Errors that the .rpc file declares travel in the codec, too.
  tern::Result<notebook::Note> missing = notes.Find("Poems").get();
  const auto* error = missing.status().as<notebook::NoSuchNote>();
  std::cout << "Find(\"Poems\"): "
            << (error ? "NoSuchNote, title \"" + error->title + "\"" : missing.status().to_string())
            << '\n';
  return count.ok() && same && error ? 0 : 1;
}

}  // namespace

int main() {
  std::cout << "A note in " << kLineCodec << ":\n";
  print_as_lines(groceries());

  tern::ServerOptions options;
  options.codecs.add(make_line_codec());
  tern::Server server(options);
  tern::Status added = server.add(std::make_shared<Notebook>());
  tern::Result<tern::Endpoint> address = server.listen("tcp@127.0.0.1:0");
  if (!added.ok() || !address.ok()) {
    std::cerr << added.to_string() << ", " << address.status().to_string() << '\n';
    return 1;
  }
  std::cout << "The same note in calls:\n";
  int status = call(address->to_string());
  server.stop();
  return status;
}
