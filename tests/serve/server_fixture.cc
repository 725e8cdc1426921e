#include "serve/server_fixture.h"

#include <thread>
#include <utility>

#include "tern/codegen/type_ops_of.h"

namespace tern::test {

namespace {

std::string text_of(const Buffer& buffer) {
  return std::string(as_text(buffer.view()));
}

}  // namespace

std::string Peer::option(std::chrono::nanoseconds handle_timeout) const {
  wire::Option option;
  option.codec_type = codec_.name();
  option.handle_timeout = handle_timeout;
  option.version = wire::kProtocolVersion;
  return wire::to_line(option);
}

std::string Peer::request(std::uint64_t id, std::string_view text, const RequestOptions& options,
                          SampleService::Position method) {
  wire::RequestHead head;
  head.id = id;
  head.method = &SampleService::method(method);
  head.timeout = options.timeout;
  head.metadata = &options.metadata;
  std::string argument(text);
  Nothing nothing;
  Buffer out;
  bool touch = method == SampleService::kTouch;
  Status failure = frames_.write_request(head, head.method->argument(),
                                         touch ? static_cast<void*>(&nothing) : &argument, out);
  EXPECT_TRUE(failure.ok()) << failure.to_string();
  return text_of(out);
}

std::string Peer::request_by_name(std::uint64_t id, std::string_view name, std::string_view text) {
  // The header's name field and its flag, as runtime/README.md has them.
  std::string by_id = request(id, text);
  std::uint32_t length = static_cast<std::uint32_t>(name.size());
  std::uint32_t size = static_cast<std::uint32_t>(by_id.size() - 4 + name.size());
  by_id.replace(0, 4, reinterpret_cast<const char*>(&size), 4);
  by_id[5] = 1;
  by_id.replace(16, 4, reinterpret_cast<const char*>(&length), 4);
  return by_id.insert(wire::native::Frames::kHeaderBytes, name);
}

std::string Peer::cancel(std::uint64_t id) {
  Buffer out;
  frames_.write_cancel(id, out);
  return text_of(out);
}

std::string Peer::ping(std::uint64_t id) {
  Buffer out;
  frames_.write_ping(id, out);
  return text_of(out);
}

std::optional<wire::OptionReply> Peer::option_reply() {
  receive();
  std::size_t end = received_.find('\n');
  if (!option_reply_ && end != std::string::npos) {
    Result<wire::OptionReply> reply = wire::parse_option_reply(received_.substr(0, end));
    EXPECT_TRUE(reply.ok()) << reply.status().to_string();
    if (reply.ok()) option_reply_ = *reply;
    received_.erase(0, end + 1);
  }
  return option_reply_;
}

std::vector<Answer> Peer::answers() {
  std::vector<Answer> answers;
  if (!option_reply()) return answers;
  for (;;) {
    wire::Frame frame;
    Status why;
    wire::ClientProtocol::Progress progress = frames_.next(as_bytes(received_), frame, why);
    EXPECT_NE(progress.step, wire::ClientProtocol::Step::kBroken) << why.to_string();
    if (progress.step == wire::ClientProtocol::Step::kSkip) {
      received_.erase(0, progress.consumed);
      continue;
    }
    if (progress.step != wire::ClientProtocol::Step::kFrame) return answers;
    Answer& answer = answers.emplace_back();
    answer.kind = frame.kind;
    answer.id = frame.id;
    answer.code = frame.code;
    answer.ran = frame.ran;
    answer.text = frame.message;
    if (frame.kind == wire::FrameKind::kReply &&
        !codec_.decode(type_ops<std::string>(), frame.body, &answer.text, DecodeLimits()).ok()) {
      answer.text = as_text(frame.body);
    }
    EXPECT_TRUE(frames_.read_metadata(frame, answer.metadata).ok());
    received_.erase(0, progress.consumed);
  }
}

Answer Peer::answer() {
  std::vector<Answer> all = answers();
  EXPECT_EQ(all.size(), 1u);
  return all.empty() ? Answer() : all.front();
}

double Peer::number(const Answer& answer) const {
  double value = 0;
  Status failure = codec_.decode(type_ops<double>(), as_bytes(answer.text), &value, DecodeLimits());
  EXPECT_TRUE(failure.ok()) << failure.to_string();
  return value;
}

ServerFixture::~ServerFixture() {
  if (!server_) return;
  if (!stopper_.joinable()) begin_stop(std::chrono::nanoseconds(0));
  // Peers that are gone by now read nothing: the server gives them a moment.
  while (!stopped_) {
    advance(std::chrono::seconds(1));
    std::this_thread::yield();
  }
  finish_stop();
}

Server& ServerFixture::server() {
  if (!server_) {
    if (!options_.log) options_.log = [](std::string_view) {};
    server_ = std::make_unique<Server>(loop_.pool(), options_);
    Status added = server_->add(service_);
    EXPECT_TRUE(added.ok()) << added.to_string();
  }
  return *server_;
}

std::unique_ptr<Peer> ServerFixture::connect_silent(const Codec& codec) {
  auto peer = std::make_unique<Peer>(codec);
  server().serve(loop_.loop(), peer->server_end().open(loop_.loop(), "the test"));
  settle();
  return peer;
}

std::unique_ptr<Peer> ServerFixture::connect(const Codec& codec,
                                             std::chrono::nanoseconds handle_timeout) {
  std::unique_ptr<Peer> peer = connect_silent(codec);
  peer->send(peer->option(handle_timeout));
  settle();
  EXPECT_TRUE(peer->option_reply().has_value());
  return peer;
}

void ServerFixture::begin_stop(std::chrono::nanoseconds drain) {
  stopper_ = std::thread([this, drain] {
    server().stop(drain);
    stopped_ = true;
  });
}

void ServerFixture::begin_drain(std::chrono::nanoseconds drain) {
  std::unique_ptr<Peer> told = connect();
  begin_stop(drain);
  while (told->end().unread() == 0) settle();
  told->end().close();
  settle();
}

void ServerFixture::finish_stop() {
  while (!stopped_) {
    settle();
    std::this_thread::yield();
  }
  if (stopper_.joinable()) stopper_.join();
}

std::uint64_t ServerFixture::refused(std::string_view reason) {
  for (const auto& [name, count] : server().stats().refused) {
    if (name == reason) return count;
  }
  return 0;
}

}  // namespace tern::test
