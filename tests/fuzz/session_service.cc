#include "fuzz/session_service.h"

#include <chrono>
#include <stdexcept>
#include <utility>

#include "fuzz/expect.h"
#include "tern/blocking.h"
#include "tern/sleep.h"

namespace fuzz {

// A handler, from its beginning to its end.
class SessionService::Running {
 public:
  Running(SessionService& service, const tern::ServerContext& context)
      : service_(service), of_peer_(service.of_peer_[std::string(context.peer())]) {
    ++service_.running_;
    expect(++of_peer_ <= service_.calls_, "no more handlers of a connection run than may");
  }
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;
  ~Running() {
    --service_.running_;
    --of_peer_;
  }

 private:
  SessionService& service_;
  std::size_t& of_peer_;
};

tern::Reply<std::string> SessionService::Echo(tern::ServerContext& context, std::string text) {
  switch (text.empty() ? ' ' : text.front()) {
    case 's':
    case 'o':
      return sleep(context, std::move(text));
    case 'p':
      return tern::blocking(context, [text] { return tern::Result<std::string>(text + "!"); });
    default:
      break;
  }
  Running running(*this, context);
  switch (text.empty() ? ' ' : text.front()) {
    case 'e':
      return tern::Status(tern::Code::kAborted, text);
    case 't':
      throw std::runtime_error(text);
    case 'l':
      return std::string(kLongAnswer, 'l');
    default:
      return text;
  }
}

tern::Reply<double> SessionService::Measure(tern::ServerContext& context, std::string text) {
  Running running(*this, context);
  return std::stod(text);
}

tern::Reply<void> SessionService::Touch(tern::ServerContext& context) {
  Running running(*this, context);
  return {};
}

asio::awaitable<tern::Result<std::string>> SessionService::sleep(tern::ServerContext& context,
                                                                 std::string text) {
  Running running(*this, context);
  const unsigned tenths = text.size() > 1 ? static_cast<unsigned char>(text[1]) : 1u;
  const std::chrono::milliseconds time(100 * tenths);
  tern::Result<void> slept = co_await tern::sleep(context, time);
  if (!slept.ok() && text.front() == 's') co_return slept.take_status();
  co_return text;
}

}  // namespace fuzz
