// A service with a stream of each kind, in the shape that rpcgen gives it, by hand.
#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "tern/stream.h"

namespace tern::test::relay {

// Watch(string) -> stream string; Upload(stream string) -> int64;
// Chat(stream string) -> stream string [idle_timeout = 30s];
class RelayStub {
 public:
  explicit RelayStub(Channel& channel) : channel_(channel) {}

  ServerStream<std::string> Watch(const std::string& what, const CallOptions& options = {});
  ClientStream<std::string, std::int64_t> Upload(const CallOptions& options = {});
  BidiStream<std::string, std::string> Chat(const CallOptions& options = {});

 private:
  Channel& channel_;
};

inline constexpr std::size_t kWatch = 0;
inline constexpr std::size_t kUpload = 1;
inline constexpr std::size_t kChat = 2;
const std::array<Method, 3>& methods() noexcept;

}  // namespace tern::test::relay
