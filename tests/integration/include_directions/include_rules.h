// Which folder may include which, in which namespace it is, and who breaks that.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

namespace tern::test {

// Source files by their path from the root of the project.
using Sources = std::map<std::string, std::string>;

// What a source includes: the names between the quotes or angle brackets, in their order.
std::vector<std::string> includes_of(const std::string& source);

// The beginnings of the project's headers that a file of `folder`, such as "runtime/src/wire/", may
// include; none if there is no such layer.
std::set<std::string> allowed_in(const std::string& folder);

// The table of layers in a page: for each folder the names in its last column.
std::map<std::string, std::set<std::string>> layers_in(const std::string& page);

// "runtime/src/wire/handshake.cc includes "net/loop.h": a file of runtime/src/wire may include …",
// one for each #include that points in a direction that the layers forbid.
std::vector<std::string> broken_directions(const Sources& sources);

// "runtime/src/wire/handshake.cc reaches <asio/post.hpp> through tern/call.h", one for each file of
// a folder that must be free of sockets and reaches Asio or a system header for sockets.
std::vector<std::string> reached_sockets(const Sources& sources);

// "runtime/src/wire/sniff.h defines something in tern: expected tern::wire", one for each header of
// runtime/src with a definition outside the namespace of its folder. What a program names although
// src defines it is in tern.
std::vector<std::string> strange_namespaces(const Sources& sources);

}  // namespace tern::test
