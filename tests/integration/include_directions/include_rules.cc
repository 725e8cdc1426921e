#include "integration/include_directions/include_rules.h"

#include <algorithm>
#include <array>
#include <functional>
#include <regex>
#include <sstream>
#include <string_view>

namespace tern::test {
namespace {

// A folder, or a file, and the beginnings of the project's headers that it may include.
struct Layer {
  std::string_view where;
  std::vector<std::string_view> may_include;
};

// The longest `where` that a path begins with counts. Headers of the system and of other libraries
// are free, but for kParserHeaders.
const std::vector<Layer> kLayers = {
    {"compiler/base/", {"compiler/base/"}},
    {"compiler/syntax/", {"compiler/base/", "compiler/syntax/"}},
    {"compiler/sema/", {"compiler/base/", "compiler/syntax/", "compiler/sema/"}},
    // The model, never the AST.
    {"compiler/gen/", {"compiler/base/", "compiler/sema/model.h", "compiler/gen/"}},
    {"compiler/import/", {"compiler/import/"}},
    {"compiler/", {"compiler/"}},
    {"runtime/include/tern/", {"tern/"}},
    {"runtime/src/base/", {"tern/", "base/"}},
    {"runtime/src/codec/", {"tern/", "base/", "codec/"}},
    {"runtime/src/http/", {"tern/", "base/", "http/"}},
    {"runtime/src/http2/", {"tern/", "base/", "http2/"}},
    {"runtime/src/wire/", {"tern/", "base/", "codec/", "http/", "http2/", "wire/"}},
    {"runtime/src/net/", {"tern/", "base/", "net/"}},
    {"runtime/src/stream/", {"tern/", "base/", "codec/", "http/", "wire/", "net/", "stream/"}},
    {"runtime/src/call/",
     {"tern/", "base/", "codec/", "http/", "wire/", "net/", "stream/", "call/"}},
    {"runtime/src/debug_pages/", {"tern/", "base/", "codec/", "http/", "debug_pages/"}},
    {"runtime/src/serve/",
     {"tern/", "base/", "codec/", "http/", "wire/", "net/", "stream/", "debug_pages/", "serve/"}},
    {"runtime/src/duplex/",
     {"tern/", "base/", "codec/", "http/", "wire/", "net/", "stream/", "call/", "serve/",
      "duplex/"}},
    {"runtime/src/balance/", {"tern/", "base/", "balance/"}},
    {"runtime/src/cluster/",
     {"tern/", "base/", "codec/", "http/", "wire/", "net/", "stream/", "call/", "balance/",
      "cluster/"}},
    {"runtime/src/registry/",
     {"tern/", "base/", "codec/", "http/", "wire/", "net/", "stream/", "call/", "serve/",
      "cluster/", "registry/"}},
    {"runtime/src/etcd/",
     {"tern/", "base/", "codec/", "http/", "wire/", "net/", "registry/", "etcd/"}},
    {"runtime/src/tls/", {"tern/", "base/", "wire/", "net/", "tls/"}},
    {"runtime/src/jwt/", {"tern/", "base/", "jwt/"}},
    {"runtime/src/zookeeper/", {"tern/", "base/", "codec/", "net/", "registry/", "zookeeper/"}},
    {"runtime/src/grpc_services/", {"tern/", "base/", "net/", "serve/", "grpc_services/"}},
    {"generated/rpcgen/", {"tern/"}},
    {"generated/grpc_services/", {"tern/", "grpc_services/idl/"}},
};

// All beginnings of names that belong to the project: an #include of one of them is judged.
constexpr auto kOurs = std::to_array<std::string_view>(
    {"debug_pages/", "compiler/", "runtime/", "tern/",      "base/",          "codec/",  "http/",
     "http2/",       "wire/",     "net/",     "call/",      "serve/",         "duplex/", "balance/",
     "cluster/",     "registry/", "etcd/",    "zookeeper/", "grpc_services/", "jwt/",    "tls/"});

// What only the parser, and the code that ANTLR wrote for it, may include.
constexpr std::array<std::string_view, 3> kParser = {"compiler/syntax/parser.cc",
                                                     "compiler/syntax/antlr/", "generated/parser/"};
constexpr std::array<std::string_view, 4> kParserHeaders = {
    "antlr4-runtime", "RpcLexer.h", "RpcParser.h", "compiler/syntax/antlr/"};

// Folders whose files must not reach a socket, however many headers lie between.
constexpr std::array<std::string_view, 5> kWithoutSockets = {
    "compiler/", "runtime/src/base/", "runtime/src/codec/", "runtime/src/http/",
    "runtime/src/wire/"};
constexpr std::array<std::string_view, 5> kSockets = {"asio", "sys/socket.h", "netinet/",
                                                      "sys/un.h", "sys/epoll.h"};

template <typename Prefixes>
bool begins_with_any(std::string_view text, const Prefixes& prefixes) {
  return std::any_of(prefixes.begin(), prefixes.end(),
                     [text](std::string_view prefix) { return text.starts_with(prefix); });
}

const Layer* layer_of(std::string_view path) {
  const Layer* found = nullptr;
  for (const Layer& layer : kLayers) {
    if (path.starts_with(layer.where) && (!found || layer.where.size() > found->where.size())) {
      found = &layer;
    }
  }
  return found;
}

std::string joined(const std::vector<std::string_view>& words) {
  std::string text;
  for (std::string_view word : words) {
    if (!text.empty()) text += ", ";
    text += word;
  }
  return text;
}

// Code that a generator writes is no code of its own.
std::string without_raw_strings(const std::string& text) {
  std::string left;
  std::size_t from = 0;
  for (std::size_t raw; (raw = text.find("R\"(", from)) != std::string::npos;) {
    left += text.substr(from, raw - from);
    from = std::min(text.find(")\"", raw), text.size());
  }
  return left + text.substr(from);
}

// The file that `name` means when the file at `from` includes it; "" if it is none of ours.
std::string resolve(const Sources& sources, const std::string& from, const std::string& name) {
  std::string beside = from.substr(0, from.rfind('/') + 1) + name;
  for (const std::string& path :
       {name, "runtime/include/" + name, "runtime/src/" + name, "generated/" + name, beside}) {
    if (sources.contains(path)) return path;
  }
  return {};
}

bool is_forward_declaration(std::string_view line) {
  return (line.starts_with("class ") || line.starts_with("struct ")) && line.ends_with(";");
}

}  // namespace

std::vector<std::string> includes_of(const std::string& source) {
  static const std::regex kInclude(R"((?:^|\n)[ \t]*#[ \t]*include[ \t]*["<]([^">\n]+)[">])");
  const std::string text = without_raw_strings(source);
  std::vector<std::string> names;
  for (std::sregex_iterator it(text.begin(), text.end(), kInclude), end; it != end; ++it) {
    names.push_back((*it)[1]);
  }
  return names;
}

std::set<std::string> allowed_in(const std::string& folder) {
  const Layer* layer = layer_of(folder);
  if (!layer || layer->where != folder) return {};
  return {layer->may_include.begin(), layer->may_include.end()};
}

std::map<std::string, std::set<std::string>> layers_in(const std::string& page) {
  static const std::regex kRow(R"((?:^|\n)\| `([a-z0-9_]+)` \|[^|\n]*\|([^|\n]*)\|)");
  static const std::regex kName(R"(`([a-z0-9_]+)`)");
  std::map<std::string, std::set<std::string>> layers;
  for (std::sregex_iterator row(page.begin(), page.end(), kRow), end; row != end; ++row) {
    const std::string last = (*row)[2];
    std::set<std::string>& names = layers[(*row)[1]];
    for (std::sregex_iterator name(last.begin(), last.end(), kName); name != end; ++name) {
      names.insert((*name)[1]);
    }
  }
  return layers;
}

std::vector<std::string> broken_directions(const Sources& sources) {
  std::vector<std::string> broken;
  for (const auto& [path, text] : sources) {
    for (const std::string& name : includes_of(text)) {
      if (begins_with_any(name, kParserHeaders) && !begins_with_any(path, kParser)) {
        broken.push_back(path + " includes \"" + name + "\": only the parser may");
      }
      const Layer* layer = layer_of(path);
      if (!layer || !begins_with_any(name, kOurs)) continue;
      if (begins_with_any(name, layer->may_include)) continue;
      broken.push_back(path + " includes \"" + name + "\": a file of " + std::string(layer->where) +
                       " may include " + joined(layer->may_include));
    }
  }
  return broken;
}

std::vector<std::string> reached_sockets(const Sources& sources) {
  std::vector<std::string> reached;
  for (const auto& [path, text] : sources) {
    if (!begins_with_any(path, kWithoutSockets)) continue;
    std::set<std::string> seen{path};
    std::function<void(const std::string&, const std::string&)> follow =
        [&](const std::string& file, const std::string& way) {
          for (const std::string& name : includes_of(sources.at(file))) {
            if (begins_with_any(name, kSockets)) {
              reached.push_back(path + " reaches <" + name + ">" + way);
              continue;
            }
            std::string next = resolve(sources, file, name);
            if (next.empty() || !seen.insert(next).second) continue;
            follow(next, way.empty() ? " through " + name : way + ", " + name);
          }
        };
    follow(path, "");
  }
  return reached;
}

std::vector<std::string> strange_namespaces(const Sources& sources) {
  // Loop, which a program's Dialer and Listener are given.
  constexpr std::string_view kPublic = "runtime/src/net/loop.h";
  constexpr std::string_view kRoot = "runtime/src/";
  std::vector<std::string> found;
  for (const auto& [path, text] : sources) {
    if (path == kPublic || !path.starts_with(kRoot) || !path.ends_with(".h")) continue;
    std::string expected = "tern";
    std::istringstream folders(path.substr(kRoot.size(), path.rfind('/') - kRoot.size()));
    for (std::string folder; std::getline(folders, folder, '/');) expected += "::" + folder;
    std::istringstream lines(text);
    std::string inside;  // the namespace whose lines come
    bool defines = false;
    for (std::string line; std::getline(lines, line);) {
      if (line.starts_with("namespace ")) {
        inside = line.substr(10, line.find(' ', 10) - 10);
        defines = false;
      } else if (line.starts_with("}  // namespace")) {
        if (defines && inside != expected) {
          found.push_back(path + " defines something in " + inside + ": expected " + expected);
        }
      } else if (!line.empty() && !is_forward_declaration(line)) {
        defines = true;
      }
    }
  }
  return found;
}

}  // namespace tern::test
