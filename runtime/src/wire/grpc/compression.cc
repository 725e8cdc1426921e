#include "wire/grpc/compression.h"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <bit>
#include <limits>
#include <new>

#include "base/ascii.h"

namespace tern::wire::grpc {

namespace {

// Added to the bits of a window, it means gzip and nothing else (zlib's manual).
constexpr int kGzipFormat = 16;
constexpr int kLeastWindowBits = 9;
constexpr int kMostWindowBits = 15;
// A head of 10 bytes and a tail of 8, around a block of 2 at least.
constexpr std::size_t kGzipOverhead = 20;
// What comes out goes into pieces of growing size, from this.
constexpr std::size_t kFirstPiece = 1024;

// zlib counts in 32 bits.
uInt count_of(std::size_t bytes) noexcept {
  return static_cast<uInt>(std::min<std::size_t>(bytes, std::numeric_limits<uInt>::max()));
}

Bytef* as_bytef(const std::byte* bytes) noexcept {
  // zlib does not write through next_in.
  return reinterpret_cast<Bytef*>(const_cast<std::byte*>(bytes));
}

struct Deflater {
  // Small messages take small tables: the memory is cleared each time.
  explicit Deflater(std::size_t size) {
    const int bits =
        std::clamp(static_cast<int>(std::bit_width(size)), kLeastWindowBits, kMostWindowBits);
    const int memory_level = bits - kLeastWindowBits + 2;
    if (deflateInit2(&stream, Z_BEST_SPEED, Z_DEFLATED, kGzipFormat + bits, memory_level,
                     Z_DEFAULT_STRATEGY) != Z_OK) {
      throw std::bad_alloc();
    }
  }
  Deflater(const Deflater&) = delete;
  Deflater& operator=(const Deflater&) = delete;
  ~Deflater() { deflateEnd(&stream); }
  z_stream stream{};
};

struct Inflater {
  Inflater() {
    if (inflateInit2(&stream, kGzipFormat + kMostWindowBits) != Z_OK) throw std::bad_alloc();
  }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;
  ~Inflater() { inflateEnd(&stream); }
  z_stream stream{};
};

// Takes back what was appended, unless it is kept.
class Appending {
 public:
  explicit Appending(Buffer& out) noexcept : out_(out), start_(out.size()) {}
  Appending(const Appending&) = delete;
  Appending& operator=(const Appending&) = delete;
  ~Appending() {
    if (!kept_) out_.truncate(start_);
  }
  std::size_t size() const noexcept { return out_.size() - start_; }
  // Room for as much as there is already, but for `most` altogether; its length.
  std::size_t grow(std::size_t most, z_stream& stream) {
    const std::size_t piece = std::min(std::max(kFirstPiece, size()), most - size());
    stream.next_out = as_bytef(out_.grow(piece));
    stream.avail_out = count_of(piece);
    return piece;
  }
  void keep(std::size_t unused) noexcept {
    out_.truncate(out_.size() - unused);
    kept_ = true;
  }

 private:
  Buffer& out_;
  std::size_t start_;
  bool kept_ = false;
};

Status no_gzip(std::string_view what) {
  return Status(Code::kInternal, fmt::format("a compressed message is not gzip: {}", what));
}

Status over_limit(std::size_t message_bytes) {
  return Status(Code::kResourceExhausted,
                fmt::format("a compressed message becomes more than {} bytes, the limit "
                            "(Limits::message_bytes)",
                            message_bytes));
}

}  // namespace

std::optional<Compression> find_encoding(std::string_view name) noexcept {
  if (base::equal_ignoring_case(name, "identity")) return Compression::kIdentity;
  if (base::equal_ignoring_case(name, "gzip")) return Compression::kGzip;
  return std::nullopt;
}

bool lists_gzip(std::string_view encodings) noexcept {
  for (;;) {
    const std::size_t comma = encodings.find(',');
    std::string_view one = encodings.substr(0, comma);
    while (one.starts_with(' ')) one.remove_prefix(1);
    while (one.ends_with(' ')) one.remove_suffix(1);
    if (find_encoding(one) == Compression::kGzip) return true;
    if (comma == std::string_view::npos) return false;
    encodings.remove_prefix(comma + 1);
  }
}

bool gzip(ByteView message, Buffer& out) {
  if (message.size() <= kGzipOverhead || message.size() > std::numeric_limits<uInt>::max()) {
    return false;
  }
  Deflater deflater(message.size());
  z_stream& stream = deflater.stream;
  stream.next_in = as_bytef(message.data());
  stream.avail_in = count_of(message.size());
  Appending appending(out);
  while (appending.size() < message.size() - 1) {
    appending.grow(message.size() - 1, stream);
    if (deflate(&stream, Z_FINISH) == Z_STREAM_END) {
      appending.keep(stream.avail_out);
      return true;
    }
  }
  return false;
}

Status gunzip(ByteView in, std::size_t message_bytes, Buffer& out) {
  // What is longer was refused by its prefix.
  if (in.size() > std::numeric_limits<uInt>::max()) return over_limit(message_bytes);
  Inflater inflater;
  z_stream& stream = inflater.stream;
  stream.next_in = as_bytef(in.data());
  stream.avail_in = count_of(in.size());
  Appending appending(out);
  for (;;) {
    // Behind the last byte that may come there must be the end: that one is for a byte too many.
    Bytef beyond = 0;
    const bool full = appending.size() == message_bytes;
    if (full) {
      stream.next_out = &beyond;
      stream.avail_out = 1;
    } else {
      appending.grow(message_bytes, stream);
    }
    const int result = inflate(&stream, Z_NO_FLUSH);
    if (full && stream.avail_out == 0) return over_limit(message_bytes);
    switch (result) {
      case Z_STREAM_END:
        if (stream.avail_in > 0) {
          return no_gzip(fmt::format("{} bytes came behind its end", stream.avail_in));
        }
        appending.keep(full ? 0 : stream.avail_out);
        return {};
      case Z_MEM_ERROR:
        throw std::bad_alloc();
      case Z_OK:
      case Z_BUF_ERROR:
        if (stream.avail_out == 0) break;
        return no_gzip("it ends before its end");
      default:
        return no_gzip(stream.msg ? stream.msg : "it needs a dictionary");
    }
  }
}

}  // namespace tern::wire::grpc
