// Heads of HTTP/1 messages, and chunked bodies: what is taken, and what is ambiguous.
#include "http/head.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "http/chunks.h"

namespace tern {
namespace {

using Step = http::HeadReader::Step;

struct Read {
  Step step = Step::kMore;
  std::size_t size = 0;
  http::Fault fault;
};

Read read(std::string_view text, http::Head& head,
          http::HeadReader::Side side = http::HeadReader::Side::kRequest) {
  http::HeadReader reader(side);
  Read result;
  result.step = reader.read(as_bytes(text), head, result.size, result.fault);
  return result;
}

Read read(std::string_view text) {
  http::Head head;
  return read(text, head);
}

TEST(HttpHead, IsTakenApart) {
  http::Head head;
  std::string text =
      "POST /a.B/C?d=e HTTP/1.1\r\nHost: here:80\r\nX-One:  two \t\r\nContent-Length: 12\r\n\r\n";
  Read result = read(text + "{\"a\":1}", head);
  ASSERT_EQ(result.step, Step::kWhole) << result.fault.text;
  EXPECT_EQ(result.size, text.size());
  EXPECT_EQ(head.method, "POST");
  EXPECT_EQ(head.target, "/a.B/C?d=e");
  EXPECT_EQ(head.get("host"), "here:80");
  EXPECT_EQ(head.get("x-one"), "two");
  EXPECT_EQ(head.content_length, 12u);
  EXPECT_FALSE(head.chunked);
  EXPECT_TRUE(head.keep_alive);
}

TEST(HttpHead, OfAResponseIsTakenApart) {
  http::Head head;
  Read result = read("HTTP/1.1 404 Not Found\r\nTransfer-Encoding: chunked\r\n\r\n", head,
                     http::HeadReader::Side::kResponse);
  ASSERT_EQ(result.step, Step::kWhole) << result.fault.text;
  EXPECT_EQ(head.status, 404);
  EXPECT_TRUE(head.chunked);
}

TEST(HttpHead, ComesInPieces) {
  std::string text = "GET /a HTTP/1.1\r\nHost: b\r\nX: y\r\n\r\n";
  http::HeadReader reader(http::HeadReader::Side::kRequest);
  http::Head head;
  Read result;
  for (int round = 0; round < 2; ++round) {
    for (std::size_t size = 0; size < text.size(); ++size) {
      std::string_view part = std::string_view(text).substr(0, size);
      ASSERT_EQ(reader.read(as_bytes(part), head, result.size, result.fault), Step::kMore) << size;
    }
    ASSERT_EQ(reader.read(as_bytes(text), head, result.size, result.fault), Step::kWhole);
  }
  EXPECT_EQ(head.get("x"), "y");
}

struct Smuggle {
  std::string_view what;
  std::string head;
  int status = 400;
};

// A POST with a Host, and other headers.
std::string with(std::string_view headers) {
  return "POST / HTTP/1.1\r\nHost: a\r\n" + std::string(headers) + "\r\n\r\n";
}

TEST(HttpHead, IsRefusedIfItCouldBeReadInTwoWays) {
  const std::vector<Smuggle> cases = {
      {"a length and a coding", with("Content-Length: 3\r\nTransfer-Encoding: chunked")},
      {"a coding and a length", with("Transfer-Encoding: chunked\r\nContent-Length: 3")},
      {"two lengths", with("Content-Length: 3\r\nContent-Length: 4")},
      {"two equal lengths", with("Content-Length: 3\r\nContent-Length: 3")},
      {"a list of lengths", with("Content-Length: 3, 3")},
      {"a negative length", with("Content-Length: -1")},
      {"a length with a sign", with("Content-Length: +3")},
      {"a hexadecimal length", with("Content-Length: 0x3")},
      {"an empty length", with("Content-Length:")},
      {"a length with a space in it", with("Content-Length: 1 2")},
      {"a length with a fraction", with("Content-Length: 3.0")},
      {"a length over 64 bits", with("Content-Length: 18446744073709551616")},
      {"an absurd length", with("Content-Length: 99999999999999999999999")},
      {"space before the colon", with("Transfer-Encoding : chunked")},
      {"a tab before the colon", with("Transfer-Encoding\t: chunked")},
      {"space before the colon of a length", with("Content-Length : 3")},
      {"a folded coding", with("Transfer-Encoding:\r\n chunked")},
      {"a folded header", with("X: a\r\n\tb")},
      {"a header that begins with space", "POST / HTTP/1.1\r\n Host: a\r\n\r\n"},
      {"an unknown coding", with("Transfer-Encoding: gzip")},
      {"an unknown coding before chunked", with("Transfer-Encoding: gzip, chunked")},
      {"chunked and another one", with("Transfer-Encoding: chunked, identity")},
      {"chunked twice", with("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked")},
      {"chunked in a list twice", with("Transfer-Encoding: chunked, chunked")},
      {"a quoted coding", with("Transfer-Encoding: \"chunked\"")},
      {"a coding that looks like chunked", with("Transfer-Encoding: xchunked")},
      {"an empty coding", with("Transfer-Encoding:")},
      {"a coding behind a vertical tab", with("Transfer-Encoding: \vchunked")},
      {"a coding in HTTP/1.0", "POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"},
      {"lines that end with LF", "POST / HTTP/1.1\nHost: a\n\n"},
      {"one line that ends with LF", with("X: a\nY: b")},
      {"CR in a value", with("X: a\rContent-Length: 3")},
      {"CR at the end of a value", with("X: a\r")},
      {"NUL in a value", with(std::string_view("X: a\0b", 6))},
      {"NUL in a name", with(std::string_view("X\0: a", 5))},
      {"a control character in a value", with("X: a\x01")},
      {"DEL in a value", with("X: a\x7f")},
      {"a name with a space", with("X Y: a")},
      {"no name", with(": a")},
      {"no colon", with("Content-Length 3")},
      {"a byte over 127 in a name", with("X\xc3\xa9: a")},
      {"an absolute target", "GET http://a/ HTTP/1.1\r\nHost: a\r\n\r\n"},
      {"an authority for a target", "GET a:80 HTTP/1.1\r\nHost: a\r\n\r\n"},
      {"an asterisk for a target", "GET * HTTP/1.1\r\nHost: a\r\n\r\n"},
      {"a fragment in the target", "GET /a#b HTTP/1.1\r\nHost: a\r\n\r\n"},
      {"a byte over 127 in the target", "GET /\xc3\xa9 HTTP/1.1\r\nHost: a\r\n\r\n"},
      {"NUL in the target", std::string("GET /\0 HTTP/1.1\r\nHost: a\r\n\r\n", 28)},
      {"a space in the target", "GET /a b HTTP/1.1\r\nHost: a\r\n\r\n"},
      {"two spaces", "GET  / HTTP/1.1\r\nHost: a\r\n\r\n"},
      {"a tab for a space", "GET\t/ HTTP/1.1\r\nHost: a\r\n\r\n"},
      {"space behind the version", "GET / HTTP/1.1 \r\nHost: a\r\n\r\n"},
      {"HTTP/0.9", "GET /\r\n"},
      {"a version that is none", "GET / HTTP/1\r\nHost: a\r\n\r\n"},
      {"HTTP/2 in the clothes of HTTP/1", "GET / HTTP/2.0\r\nHost: a\r\n\r\n", 505},
      {"HTTP/1.2", "GET / HTTP/1.2\r\nHost: a\r\n\r\n", 505},
      {"a lower-case version", "GET / http/1.1\r\nHost: a\r\n\r\n"},
      {"no Host", "GET / HTTP/1.1\r\nX: a\r\n\r\n"},
      {"two Hosts", "GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n"},
      {"two Hosts in HTTP/1.0", "GET / HTTP/1.0\r\nHost: a\r\nhost: b\r\n\r\n"},
      {"a Host that is a path", "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n"},
      {"a Host with a user", "GET / HTTP/1.1\r\nHost: u@a\r\n\r\n"},
      {"a verb that is none", "GE(T / HTTP/1.1\r\nHost: a\r\n\r\n"},
      {"a verb in lower case", "get / HTTP/1.1\r\nHost: a\r\n\r\n"},
      {"CONNECT", "CONNECT /_goRPC_ HTTP/1.1\r\nHost: a\r\n\r\n"},
      {"an empty line first", "\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n"},
  };
  for (const Smuggle& one : cases) {
    Read result = read(one.head);
    EXPECT_EQ(result.step, Step::kBroken) << one.what;
    EXPECT_EQ(result.fault.status, one.status) << one.what << ": " << result.fault.text;
    EXPECT_TRUE(result.fault.text.starts_with("http: ")) << one.what;
  }
}

TEST(HttpHead, IsBroughtDownByNoSingleByte) {
  std::string text = with("Content-Length: 3\r\nConnection: keep-alive");
  for (std::size_t at = 0; at < text.size(); ++at) {
    for (int byte = 0; byte < 256; ++byte) {
      std::string changed = text;
      changed[at] = static_cast<char>(byte);
      http::Head head;
      Read result = read(changed, head);
      if (result.step != Step::kWhole) continue;
      for (const http::Header& header : head.headers) {
        EXPECT_TRUE(http::is_token(header.name));
        EXPECT_TRUE(http::is_field_value(header.value));
      }
    }
  }
}

TEST(HttpHead, IsBounded) {
  std::string long_one(http::HeadReader::kMaxBytes, 'x');
  EXPECT_EQ(read("GET /" + long_one).fault.status, 414);
  EXPECT_EQ(read("GET / HTTP/1.1\r\nX: " + long_one).fault.status, 431);
  std::string many = "Host: a";
  for (std::size_t i = 1; i < http::HeadReader::kMaxHeaders; ++i) many += "\r\nX: a";
  EXPECT_EQ(read("GET / HTTP/1.1\r\n" + many + "\r\n\r\n").step, Step::kWhole);
  EXPECT_EQ(read("GET / HTTP/1.1\r\n" + many + "\r\nX: a\r\n\r\n").fault.status, 431);
}

// --- Chunks ---

struct Body {
  http::Chunks::Step step = http::Chunks::Step::kMore;
  std::string text;
  std::size_t used = 0;
  http::Fault fault;
};

Body dechunk(std::string_view text, std::size_t piece = std::string_view::npos,
             std::size_t limit = 1000) {
  http::Chunks chunks;
  Body body;
  Buffer buffer;
  while (body.step == http::Chunks::Step::kMore && body.used < text.size()) {
    std::size_t used = 0;
    body.step =
        chunks.read(as_bytes(text.substr(body.used, piece)), limit, buffer, used, body.fault);
    body.used += used;
  }
  body.text = as_text(buffer.view());
  return body;
}

TEST(HttpChunks, AreJoined) {
  std::string text = "5\r\nhello\r\n00A;x=\"y;z\"\r\n, chunked!\r\n0\r\nA: b\r\nC: d\r\n\r\n";
  for (std::size_t piece : {std::size_t{1}, std::size_t{2}, std::size_t{7}, text.size()}) {
    Body body = dechunk(text + "POST", piece);
    EXPECT_EQ(body.step, http::Chunks::Step::kWhole) << body.fault.text;
    EXPECT_EQ(body.text, "hello, chunked!");
    EXPECT_EQ(body.used, text.size());
  }
}

TEST(HttpChunks, AreRefusedIfTheyCouldBeReadInTwoWays) {
  for (std::string_view text :
       {"5\nhello\r\n0\r\n\r\n", "5\r\nhello\n0\r\n\r\n", "5\r\nhelloXX0\r\n\r\n",
        "5\rXhello\r\n0\r\n\r\n", "5 \r\nhello\r\n0\r\n\r\n", " 5\r\nhello\r\n0\r\n\r\n",
        "\r\nhello\r\n", "-5\r\nhello\r\n", "+5\r\nhello\r\n", "0x5\r\nhello\r\n", "g\r\n",
        "10000000000000005\r\nhello\r\n", "5;a\nb\r\nhello\r\n", "5;a\rb\r\nhello\r\n",
        "0\r\nA: b\nC: d\r\n\r\n", "0\r\n\rX", ";\r\n"}) {
    Body body = dechunk(text);
    EXPECT_EQ(body.step, http::Chunks::Step::kBroken) << text;
    EXPECT_EQ(body.fault.status, 400) << text;
  }
}

TEST(HttpChunks, AreRefusedOverTheLimitBeforeTheyCome) {
  for (std::string_view text : {"3e9\r\n", "7fffffffffffffff\r\n", "ffffffffffffffff\r\n"}) {
    Body body = dechunk(text);
    EXPECT_EQ(body.step, http::Chunks::Step::kBroken) << text;
    EXPECT_EQ(body.fault.status, 413) << text;
  }
  EXPECT_EQ(dechunk("3\r\nabc\r\n3\r\n", std::string_view::npos, 5).fault.status, 413);
  EXPECT_EQ(dechunk("3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n", std::string_view::npos, 5).text, "abcde");
}

TEST(HttpChunks, HaveBoundedExtensionsAndTrailers) {
  std::string long_one(5000, 'x');
  EXPECT_EQ(dechunk("5;" + long_one).step, http::Chunks::Step::kBroken);
  EXPECT_EQ(dechunk("0\r\nA: " + long_one).step, http::Chunks::Step::kBroken);
}

}  // namespace
}  // namespace tern
