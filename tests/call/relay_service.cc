#include "call/relay_service.h"

#include <cstdio>
#include <utility>

namespace tern::test::relay {

class RelayService::Running {
 public:
  explicit Running(RelayService& service) noexcept : count_(service.running_) {
    ++count_;
    ++service.started_;
  }
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;
  ~Running() { --count_; }

 private:
  int& count_;
};

void RelayService::dispatch(std::size_t method, ServerCall& call) {
  switch (method) {
    case kWatch: {
      std::string what;
      if (!call.decode(what)) return;
      Channel* const caller = call.caller();
      if (caller && what.starts_with("ask ")) {
        what.replace(0, 3, "send");
        call.finish(Reply<void>(ask(*caller, std::move(what), call.writer<std::string>())));
      } else {
        call.finish(Reply<void>(watch(std::move(what), call.writer<std::string>())));
      }
      return;
    }
    case kUpload:
      call.finish(Reply<std::int64_t>(upload(call.reader<std::string>())));
      return;
    default:
      call.finish(Reply<void>(chat(call.reader<std::string>(), call.writer<std::string>())));
      return;
  }
}

asio::awaitable<Result<void>> RelayService::watch(std::string what, Writer<std::string> out) {
  Running running(*this);
  int count = 0;
  int size = 0;
  std::string message = "first";
  if (std::sscanf(what.c_str(), "send %d %d", &count, &size) == 2) {
    message.assign(static_cast<std::size_t>(size), 'm');
    for (int i = 0; i < count; ++i) {
      if (!co_await out.write(message)) co_return out.status();
    }
    co_return Result<void>();
  }
  if (!co_await out.write(message)) co_return out.status();
  if (what == "fail") co_return Status(Code::kNotFound, "no such thing");
  message.assign(10'000, 'w');
  while (co_await out.write(message)) {
  }
  co_return out.status();
}

asio::awaitable<Result<void>> RelayService::ask(Channel& caller, std::string what,
                                                Writer<std::string> out) {
  Running running(*this);
  ServerStream<std::string> answers = RelayStub(caller).Watch(what);
  std::string message;
  while (co_await answers.read(message)) {
    if (!co_await out.write(message)) co_return out.status();
  }
  co_return answers.status();
}

asio::awaitable<Result<std::int64_t>> RelayService::upload(Reader<std::string> in) {
  Running running(*this);
  std::int64_t bytes = 0;
  std::string message;
  while (co_await in.read(message)) bytes += static_cast<std::int64_t>(message.size());
  Status end = in.status();
  if (!end.ok()) co_return end;
  co_return bytes;
}

asio::awaitable<Result<void>> RelayService::chat(Reader<std::string> in, Writer<std::string> out) {
  Running running(*this);
  std::string message;
  while (co_await in.read(message)) {
    if (!co_await out.write(message)) co_return out.status();
  }
  co_return in.status();
}

}  // namespace tern::test::relay
