// One JSON-RPC request, before anything of it is believed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "tern/status.h"

namespace tern::wire::json_rpc {

enum class Version : std::uint8_t {
  k1,  // as Go's net/rpc/jsonrpc has it
  k2   // https://www.jsonrpc.org/specification
};

// How long the text of an id may be: it is kept while its call runs, and sent back.
inline constexpr std::size_t kMaxIdBytes = 1024;

// How deep a request nests above its argument: batch, request, list of params.
inline constexpr std::size_t kMaxDepth = 3;

// Views are into the text that was read, or into `scratch`.
struct Request {
  enum class Kind : std::uint8_t {
    kCall,
    kNotification,  // 2.0 without an id: no answer, whatever happens
    kInvalid,       // `why` is set; to be answered with `id`
    kNotJson        // `why` is set
  };
  enum class Params : std::uint8_t {
    kAbsent,    // or an empty list
    kArgument,  // `argument` is set
    kWrong      // `params_why` is set
  };

  Request() = default;

  Kind kind = Kind::kCall;
  Version version = Version::k2;
  std::string_view id;  // its text; "null" if there is none
  std::string_view method;
  Params params = Params::kAbsent;
  bool without_params = false;  // there is no such member at all, or it is null
  std::string_view argument;    // its text
  Status why;
  Status params_why;
  std::string scratch;
};

// Reads all of `text`. `in_batch`: of which 1.0 has none. `likely` is the version of a request that
// does not let one tell.
void read_json_rpc_request(std::string_view text, bool in_batch, Version likely, std::size_t depth,
                           Request& request);

}  // namespace tern::wire::json_rpc
