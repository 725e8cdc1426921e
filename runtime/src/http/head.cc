#include "http/head.h"

#include <fmt/format.h>
#include <http_parser.h>

#include <algorithm>
#include <utility>

#include "base/ascii.h"
#include "base/peer_text.h"

namespace tern::http {

namespace {

bool refuse(Fault& fault, int status, std::string text) {
  fault.status = status;
  fault.text = "http: " + std::move(text);
  return false;
}

bool check_version(std::string_view version, Fault& fault) {
  if (version == "HTTP/1.1" || version == "HTTP/1.0") return true;
  bool other = version.size() == 8 && version.starts_with("HTTP/") && base::is_digit(version[5]) &&
               version[6] == '.' && base::is_digit(version[7]);
  return refuse(fault, other ? 505 : 400,
                fmt::format("the version is \"{}\"; expected HTTP/1.0 or HTTP/1.1",
                            base::peer_text(version)));
}

bool check_request_line(std::string_view line, Fault& fault) {
  std::size_t first = line.find(' ');
  std::size_t last = line.rfind(' ');
  bool visible = std::all_of(line.begin(), line.end(),
                             [](char c) { return c >= ' ' && c < 0x7f && c != '#'; });
  if (!visible || first == last || line.find(' ', first + 1) != last) {
    return refuse(fault, 400,
                  fmt::format("the request line is \"{}\"; expected \"method path HTTP/1.1\"",
                              base::peer_text(line)));
  }
  if (!check_version(line.substr(last + 1), fault)) return false;
  if (line.substr(0, first) == "CONNECT") {
    return refuse(fault, 400, "CONNECT comes before everything else on a connection");
  }
  std::string_view target = line.substr(first + 1, last - first - 1);
  if (target.starts_with('/') || (target == "*" && line.substr(0, first) == "OPTIONS")) return true;
  return refuse(fault, 400,
                fmt::format("the target is \"{}\"; expected a path", base::peer_text(target)));
}

// "HTTP/1.1 200 OK"; the words may be missing.
bool check_status_line(std::string_view line, Fault& fault) {
  if (!check_version(line.substr(0, 8), fault)) return false;
  bool status = line.size() >= 12 && line[8] == ' ' && base::is_digit(line[9]) &&
                base::is_digit(line[10]) && base::is_digit(line[11]) &&
                (line.size() == 12 || line[12] == ' ');
  if (status && is_field_value(line)) return true;
  return refuse(fault, 400,
                fmt::format("the status line is \"{}\"; expected \"HTTP/1.1 200 OK\"",
                            base::peer_text(line)));
}

bool check_header(std::string_view line, Fault& fault) {
  std::size_t colon = line.find(':');
  if (line.starts_with(' ') || line.starts_with('\t')) {
    return refuse(fault, 400, "a header is folded into a second line");
  }
  if (colon == std::string_view::npos || !is_token(line.substr(0, colon))) {
    return refuse(
        fault, 400,
        fmt::format("a header is \"{}\"; expected \"name: value\"", base::peer_text(line)));
  }
  if (is_field_value(line.substr(colon + 1))) return true;
  return refuse(fault, 400,
                fmt::format("header \"{}\" has a control character in its value",
                            base::peer_text(line.substr(0, colon))));
}

// --- The library's part ---

struct Parse {
  Head& head;
  bool complete = false;
};

Parse& parse_of(http_parser* parser) noexcept {
  return *static_cast<Parse*>(parser->data);
}

int on_url(http_parser* parser, const char* at, std::size_t size) {
  parse_of(parser).head.target = {at, size};
  return 0;
}

int on_header_field(http_parser* parser, const char* at, std::size_t size) {
  parse_of(parser).head.headers.push_back({{at, size}, {}});
  return 0;
}

int on_header_value(http_parser* parser, const char* at, std::size_t size) {
  parse_of(parser).head.headers.back().value = base::trim({at, size});
  return 0;
}

// 1: no body follows, as far as the library is concerned.
int on_headers_complete(http_parser* parser) {
  Parse& parse = parse_of(parser);
  Head& head = parse.head;
  parse.complete = true;
  head.minor_version = parser->http_minor;
  head.status = static_cast<int>(parser->status_code);
  if (parser->type == HTTP_REQUEST) {
    head.method = http_method_str(static_cast<http_method>(parser->method));
  }
  head.keep_alive = http_should_keep_alive(parser) != 0;
  head.chunked = (parser->flags & F_CHUNKED) != 0;
  if ((parser->flags & F_CONTENTLENGTH) != 0) head.content_length = parser->content_length;
  return 1;
}

bool parse_head(HeadReader::Side side, Head& head, Fault& fault) {
  http_parser_settings settings;
  http_parser_settings_init(&settings);
  settings.on_url = on_url;
  settings.on_header_field = on_header_field;
  settings.on_header_value = on_header_value;
  settings.on_headers_complete = on_headers_complete;
  Parse parse{head};
  http_parser parser;
  http_parser_init(&parser, side == HeadReader::Side::kRequest ? HTTP_REQUEST : HTTP_RESPONSE);
  parser.data = &parse;
  std::size_t parsed = http_parser_execute(&parser, &settings, head.text.data(), head.text.size());
  // An upgrade is offered by the peer and not taken here; it stops the parser at the head's end.
  if (parse.complete && parsed == head.text.size() && HTTP_PARSER_ERRNO(&parser) == HPE_OK) {
    return true;
  }
  return refuse(fault, 400,
                fmt::format("the head at byte {}: {}", parsed,
                            http_errno_description(HTTP_PARSER_ERRNO(&parser))));
}

// --- What the library lets pass ---

bool check_length(const Head& head, Fault& fault) {
  std::size_t lengths = head.count("content-length");
  std::size_t codings = head.count("transfer-encoding");
  if (lengths + codings > 1) {
    return refuse(fault, 400,
                  fmt::format("{} Content-Length and {} Transfer-Encoding headers; expected one "
                              "of either",
                              lengths, codings));
  }
  std::string_view length = head.get("content-length");
  if (lengths == 1 && !base::is_all_digits(length)) {
    return refuse(
        fault, 400,
        fmt::format("Content-Length is \"{}\"; expected digits", base::peer_text(length)));
  }
  std::string_view coding = head.get("transfer-encoding");
  if (codings == 1 && (!base::equal_ignoring_case(coding, "chunked") || head.minor_version == 0)) {
    return refuse(fault, 400,
                  fmt::format("Transfer-Encoding is \"{}\" in HTTP/1.{}; expected chunked in "
                              "HTTP/1.1",
                              base::peer_text(coding), head.minor_version));
  }
  return true;
}

bool check_host(const Head& head, Fault& fault) {
  std::size_t hosts = head.count("host");
  if (hosts > 1 || (hosts == 0 && head.minor_version > 0)) {
    return refuse(fault, 400, fmt::format("{} Host headers; expected one", hosts));
  }
  std::string_view host = head.get("host");
  constexpr std::string_view kOthers = ".-_~:[]%";
  if (std::all_of(host.begin(), host.end(), [kOthers](char c) {
        return base::is_alphanumeric(c) || kOthers.find(c) != std::string_view::npos;
      })) {
    return true;
  }
  return refuse(
      fault, 400,
      fmt::format("Host is \"{}\"; expected a name or an address", base::peer_text(host)));
}

}  // namespace

bool is_token(std::string_view name) noexcept {
  constexpr std::string_view kOthers = "!#$%&'*+-.^_`|~";
  return !name.empty() && std::all_of(name.begin(), name.end(), [kOthers](char c) {
    return base::is_alphanumeric(c) || kOthers.find(c) != std::string_view::npos;
  });
}

bool is_field_value(std::string_view value) noexcept {
  return std::all_of(value.begin(), value.end(), [](char c) {
    return (static_cast<unsigned char>(c) >= ' ' && c != 0x7f) || c == '\t';
  });
}

std::size_t Head::count(std::string_view name) const noexcept {
  return static_cast<std::size_t>(std::count_if(
      headers.begin(), headers.end(),
      [name](const Header& header) { return base::equal_ignoring_case(header.name, name); }));
}

std::string_view Head::get(std::string_view name) const noexcept {
  for (const Header& header : headers) {
    if (base::equal_ignoring_case(header.name, name)) return header.value;
  }
  return {};
}

HeadReader::Step HeadReader::read(ByteView in, Head& head, std::size_t& size, Fault& fault) {
  std::string_view text = as_text(in).substr(0, max_bytes_);
  for (;;) {
    std::size_t end = text.find('\n', scanned_);
    if (end == std::string_view::npos) {
      scanned_ = text.size();
      if (in.size() < max_bytes_) return Step::kMore;
      refuse(fault, lines_ == 0 ? 414 : 431,
             fmt::format("the head does not end within {} bytes, which is the limit", max_bytes_));
      return Step::kBroken;
    }
    std::string_view line = text.substr(line_, end - line_);
    line_ = scanned_ = end + 1;
    if (!line.ends_with('\r')) {
      refuse(fault, 400, "a line ends without CR");
      return Step::kBroken;
    }
    line.remove_suffix(1);
    if (line.empty()) break;
    if (!check_line(line, fault)) return Step::kBroken;
    ++lines_;
  }
  size = line_;
  std::size_t lines = std::exchange(lines_, 0);
  line_ = scanned_ = 0;
  if (lines == 0) {
    refuse(fault, 400, "an empty line; expected a request or status line");
    return Step::kBroken;
  }
  head.text.assign(text.substr(0, size));
  head.method = {};
  head.target = {};
  head.headers.clear();
  head.content_length.reset();
  bool good = parse_head(side_, head, fault) && check_length(head, fault) &&
              (side_ == Side::kResponse || check_host(head, fault));
  return good ? Step::kWhole : Step::kBroken;
}

// The library as Debian builds it takes lines that end with LF alone, folded ones, and names with a
// space at their end.
bool HeadReader::check_line(std::string_view line, Fault& fault) {
  if (lines_ > kMaxHeaders) {
    return refuse(fault, 431, fmt::format("more than {} headers, which is the limit", kMaxHeaders));
  }
  if (lines_ > 0) return check_header(line, fault);
  return side_ == Side::kRequest ? check_request_line(line, fault) : check_status_line(line, fault);
}

}  // namespace tern::http
