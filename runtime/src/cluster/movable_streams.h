// The streams of one server that move to another one when it leaves.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <tuple>
#include <utility>

#include "stream/stream.h"
#include "tern/status.h"

namespace tern::cluster {

// Threads: any.
class MovableStreams {
 public:
  // `connection`: the number of the one that it will be on, or a lower one.
  void add(const std::shared_ptr<stream::Stream>& stream, std::uint64_t connection) {
    std::lock_guard lock(mutex_);
    streams_.insert_or_assign(stream.get(), Entry(stream, connection, ++added_));
  }
  void remove(const stream::Stream* stream) {
    std::lock_guard lock(mutex_);
    streams_.erase(stream);
  }
  // Ends those of connections up to `last`, in the order in which they were added: their calls move
  // them.
  void end(std::uint64_t last, const Status& why) {
    std::map<std::uint64_t, std::shared_ptr<stream::Stream>> ending;
    {
      std::lock_guard lock(mutex_);
      for (auto place = streams_.begin(); place != streams_.end();) {
        const auto& [weak, connection, number] = place->second;
        if (connection > last) {
          ++place;
          continue;
        }
        if (auto stream = weak.lock()) ending.emplace(number, std::move(stream));
        place = streams_.erase(place);
      }
    }
    for (const auto& [number, stream] : ending) stream->cancel(why);
  }

 private:
  // With the number of its connection, and its own.
  using Entry = std::tuple<std::weak_ptr<stream::Stream>, std::uint64_t, std::uint64_t>;

  std::mutex mutex_;
  std::map<const stream::Stream*, Entry> streams_;
  std::uint64_t added_ = 0;
};

}  // namespace tern::cluster
