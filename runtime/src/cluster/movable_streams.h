// The streams of one server that move to another one when it leaves.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "stream/stream.h"
#include "tern/status.h"

namespace tern::cluster {

// Threads: any.
class MovableStreams {
 public:
  // `connection`: the number of the one that it will be on, or a lower one.
  void add(const std::shared_ptr<stream::Stream>& stream, std::uint64_t connection) {
    std::lock_guard lock(mutex_);
    streams_.insert_or_assign(stream.get(), Entry(stream, connection));
  }
  void remove(const stream::Stream* stream) {
    std::lock_guard lock(mutex_);
    streams_.erase(stream);
  }
  // Ends those of connections up to `last`: their calls move them.
  void end(std::uint64_t last, const Status& why) {
    std::vector<std::shared_ptr<stream::Stream>> ending;
    {
      std::lock_guard lock(mutex_);
      for (auto place = streams_.begin(); place != streams_.end();) {
        if (place->second.second > last) {
          ++place;
          continue;
        }
        if (auto stream = place->second.first.lock()) ending.push_back(std::move(stream));
        place = streams_.erase(place);
      }
    }
    for (const auto& stream : ending) stream->cancel(why);
  }

 private:
  using Entry = std::pair<std::weak_ptr<stream::Stream>, std::uint64_t>;

  std::mutex mutex_;
  std::map<const stream::Stream*, Entry> streams_;
};

}  // namespace tern::cluster
