#include "registry/file_discovery.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <asio/buffer.hpp>
#include <asio/posix/stream_descriptor.hpp>
#include <atomic>
#include <cerrno>
#include <optional>
#include <system_error>
#include <utility>

#include "registry/server_file.h"
#include "tern/server_list.h"

namespace tern::registry {

namespace {

constexpr std::size_t kMaxBytes = 4 * 1024 * 1024;

Status failure(const std::string& path, std::string_view what) {
  return Status(Code::kUnavailable, fmt::format("file \"{}\": {}", path, what), HandlerRan::kNo);
}

Status system_failure(const std::string& path, std::string_view what) {
  std::string why = std::generic_category().message(errno);
  return failure(path, fmt::format("{}: {}", what, why));
}

// Which file it is, and when it, or who may read it, has changed.
struct Stamp {
  dev_t device = 0;
  ino_t number = 0;
  off_t size = 0;
  std::int64_t seconds = 0;
  std::int64_t nanoseconds = 0;

  bool operator==(const Stamp&) const = default;
};

Stamp stamp_of(const struct stat& status) {
  return {status.st_dev, status.st_ino, status.st_size, status.st_ctim.tv_sec,
          status.st_ctim.tv_nsec};
}

std::optional<Stamp> stamp_of(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return std::nullopt;
  return stamp_of(status);
}

// Closes it.
class File {
 public:
  // Does not wait for the writer of a pipe.
  explicit File(const std::string& path)
      : fd_(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)) {}
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  ~File() {
    if (fd_ >= 0) ::close(fd_);
  }
  int get() const noexcept { return fd_; }

 private:
  int fd_;
};

struct Content {
  std::string text;
  Stamp stamp;
};

Result<Content> read_file(const std::string& path) {
  File file(path);
  if (file.get() < 0) return system_failure(path, "cannot be opened");
  struct stat status {};
  if (::fstat(file.get(), &status) != 0) return system_failure(path, "cannot be read");
  if (!S_ISREG(status.st_mode)) return failure(path, "expected a plain file");
  Content content;
  content.stamp = stamp_of(status);
  std::array<char, 16 * 1024> piece{};
  while (true) {
    ssize_t got = ::read(file.get(), piece.data(), piece.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return system_failure(path, "cannot be read");
    if (got == 0) return content;
    content.text.append(piece.data(), static_cast<std::size_t>(got));
    if (content.text.size() > kMaxBytes) {
      return failure(path, fmt::format("has more than {} bytes", kMaxBytes));
    }
  }
}

std::string directory_of(const std::string& path) {
  std::size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

}  // namespace

// Threads: the loop's, but for the constructor, refresh() and the list.
class FileDiscovery::Core : public std::enable_shared_from_this<Core> {
 public:
  Core(std::string path, Loop& loop, const FileRegistryOptions& options)
      : path_(std::move(path)),
        directory_(directory_of(path_)),
        name_(path_.substr(path_.rfind('/') + 1)),
        loop_(loop),
        poll_(options.poll),
        settle_(options.settle),
        timer_([this] { on_poll(); }),
        events_(loop.io()) {
    read();
  }

  ServerList& list() noexcept { return list_; }

  void start() {
    watch_directory();
    look();
  }

  void stop() {
    stopped_ = true;
    loop_.cancel_timer(timer_);
    std::error_code ignored;
    events_.close(ignored);
  }

  void refresh() {
    if (asked_.exchange(true)) return;
    loop_.post([self = shared_from_this()] {
      self->asked_ = false;
      if (!self->stopped_) self->look();
    });
  }

 private:
  // All events that can change the file: of the directory, as the file itself may be replaced.
  static constexpr std::uint32_t kEvents = IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM |
                                           IN_CREATE | IN_DELETE | IN_ATTRIB | IN_MOVE_SELF |
                                           IN_ONLYDIR;

  void on_poll() {
    if (!watching_) watch_directory();
    look();
  }

  // If it does not work, the file is still polled.
  void watch_directory() {
    std::error_code ignored;
    events_.close(ignored);
    int fd = ::inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    if (fd < 0) return;
    if (::inotify_add_watch(fd, directory_.c_str(), kEvents) < 0) {
      ::close(fd);
      return;
    }
    events_.assign(fd, ignored);
    watching_ = true;
    wait_for_events();
  }

  void wait_for_events() {
    events_.async_read_some(asio::buffer(buffer_),
                            [self = shared_from_this()](std::error_code error, std::size_t size) {
                              LoopScope scope;
                              if (self->stopped_) return;
                              if (error) self->watching_ = false;
                              if (error) return;
                              self->on_events(size);
                              if (self->watching_) self->wait_for_events();
                            });
  }

  void on_events(std::size_t size) {
    bool written = false;  // by someone who is done with it
    bool moved = false;    // a link, perhaps, that it lies behind
    for (std::size_t at = 0; at + sizeof(inotify_event) <= size;) {
      const auto* event = reinterpret_cast<const inotify_event*>(buffer_.data() + at);
      // The directory itself is gone, or elsewhere.
      if ((event->mask & (IN_IGNORED | IN_MOVE_SELF)) != 0) watching_ = false;
      bool ours = event->len > 0 && name_ == event->name;
      bool arrived = (event->mask & IN_MOVED_TO) != 0;
      if (arrived) moved = true;
      if (ours && (arrived || (event->mask & IN_CLOSE_WRITE) != 0)) written = true;
      at += sizeof(inotify_event) + event->len;
    }
    // Within the same tick of the file system's clock the stamp stays as it was.
    if (written || (moved && is_another_file())) read();
    look();
  }

  bool is_another_file() const {
    std::optional<Stamp> now = stamp_of(path_);
    return now && (!seen_ || now->device != seen_->device || now->number != seen_->number);
  }

  // No event says that the file is complete: if it has changed, it is not read before it has
  // stopped changing. The last look may have been any time ago.
  void look() {
    std::optional<Stamp> now = stamp_of(path_);
    bool changed = now != seen_;
    bool settled = now == changing_ && saturating_add(changed_at_, settle_) <= loop_.now();
    if (!changed || !now || settled) {
      if (changed) read();
      changing_.reset();
      loop_.start_timer(timer_, poll_);
      return;
    }
    if (now != changing_) changed_at_ = loop_.now();
    changing_ = now;
    loop_.start_timer(timer_, saturating_add(changed_at_, settle_));
  }

  void read() {
    Result<Content> content = read_file(path_);
    seen_ = content.ok() ? std::optional(content->stamp) : stamp_of(path_);
    if (!content.ok()) {
      list_.set_failure(content.take_status());
      return;
    }
    Result<std::vector<Instance>> servers = parse_server_file(path_, content->text);
    if (servers.ok()) {
      list_.update(std::move(*servers));
    } else {
      list_.set_failure(servers.take_status());
    }
  }

  const std::string path_;
  const std::string directory_;
  const std::string name_;  // in the directory
  Loop& loop_;
  const std::chrono::nanoseconds poll_;
  const std::chrono::nanoseconds settle_;
  ServerList list_;
  std::atomic<bool> asked_ = false;

  base::Timer timer_;
  asio::posix::stream_descriptor events_;
  alignas(inotify_event) std::array<char, 4096> buffer_{};
  std::optional<Stamp> seen_;      // what has been read
  std::optional<Stamp> changing_;  // what is perhaps not yet whole
  Clock::TimePoint changed_at_{};  // when that was first seen
  bool watching_ = false;
  bool stopped_ = false;
};

FileDiscovery::FileDiscovery(std::string path, Loop& loop, const FileRegistryOptions& options)
    : loop_(loop), core_(std::make_shared<Core>(std::move(path), loop, options)) {
  loop_.post([core = core_] { core->start(); });
}

FileDiscovery::~FileDiscovery() {
  loop_.post([core = std::move(core_)] { core->stop(); });
}

ServerView FileDiscovery::view() const {
  return core_->list().view();
}

std::unique_ptr<Discovery::Watch> FileDiscovery::watch(OnChange on_change) {
  return core_->list().watch(std::move(on_change));
}

void FileDiscovery::refresh() {
  core_->refresh();
}

}  // namespace tern::registry
