// Texts under keys, and their changes, which are kept for who comes later.
#pragma once

#include <cstdint>
#include <list>
#include <mutex>
#include <vector>

#include "streams.service.h"

class Store final : public streams::StoreService {
 public:
  tern::Reply<std::int64_t> Set(tern::ServerContext& context, streams::Entry entry) override;
  tern::Reply<streams::Change> Next(tern::ServerContext& context,
                                    streams::WatchRequest request) override;
  tern::Reply<void> Watch(tern::ServerContext& context, streams::WatchRequest request,
                          tern::Writer<streams::Change> out) override;

 private:
  // Who waits on the loop of its connection for a change.
  class Waiter;

  // The change behind `revision`, if there is one.
  bool next(std::int64_t revision, streams::Change& change);
  asio::awaitable<void> wait(tern::ServerContext& context, std::int64_t revision);
  asio::awaitable<tern::Result<streams::Change>> wait_for_next(tern::ServerContext& context,
                                                               std::int64_t revision);
  asio::awaitable<tern::Result<void>> watch(tern::ServerContext& context, std::int64_t revision,
                                            tern::Writer<streams::Change> out);

  std::mutex mutex_;  // guards the following
  std::vector<streams::Change> changes_;
  std::list<Waiter*> waiters_;
};

class Files final : public streams::FilesService {
 public:
  tern::Reply<streams::Summary> Upload(tern::ServerContext& context,
                                       tern::Reader<streams::Piece> in) override;

 private:
  static asio::awaitable<tern::Result<streams::Summary>> take(tern::Reader<streams::Piece> in);
};
