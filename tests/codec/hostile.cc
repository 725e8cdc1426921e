#include "hostile.h"

#include <gtest/gtest.h>
#include <pthread.h>

#include <atomic>
#include <cstdlib>
#include <new>

namespace {

// Bytes on the heap, for the whole program.
std::atomic<std::size_t> heap_now = 0;
std::atomic<std::size_t> heap_peak = 0;

}  // namespace

void* operator new(std::size_t size) {
  constexpr std::size_t kHeader = alignof(std::max_align_t);
  auto* block = static_cast<char*>(std::malloc(size + kHeader));
  if (block == nullptr) throw std::bad_alloc();
  *reinterpret_cast<std::size_t*>(block) = size;
  const std::size_t now = heap_now.fetch_add(size, std::memory_order_relaxed) + size;
  std::size_t peak = heap_peak.load(std::memory_order_relaxed);
  while (now > peak && !heap_peak.compare_exchange_weak(peak, now, std::memory_order_relaxed)) {
  }
  return block + kHeader;
}
void operator delete(void* at) noexcept {
  constexpr std::size_t kHeader = alignof(std::max_align_t);
  if (at == nullptr) return;
  auto* block = static_cast<char*>(at) - kHeader;
  heap_now.fetch_sub(*reinterpret_cast<std::size_t*>(block), std::memory_order_relaxed);
  std::free(block);
}
void operator delete(void* at, std::size_t) noexcept {
  operator delete(at);
}

namespace sample {

#if defined(__SANITIZE_ADDRESS__)
constexpr std::size_t kSmallStack = 2048 * 1024;  // its frames are several times larger
#else
constexpr std::size_t kSmallStack = 256 * 1024;
#endif

HeapGrowth::HeapGrowth() noexcept : before_(heap_now) {
  heap_peak = heap_now.load();
}

std::size_t HeapGrowth::most() const noexcept {
  return heap_peak - before_;
}

std::size_t HeapGrowth::left() const noexcept {
  const std::size_t now = heap_now;
  return now > before_ ? now - before_ : 0;
}

void on_small_stack(std::function<void()> work) {
  pthread_attr_t attributes;
  ASSERT_EQ(pthread_attr_init(&attributes), 0);
  ASSERT_EQ(pthread_attr_setstacksize(&attributes, kSmallStack), 0);
  pthread_t thread{};
  const auto run = [](void* argument) -> void* {
    (*static_cast<std::function<void()>*>(argument))();
    return nullptr;
  };
  ASSERT_EQ(pthread_create(&thread, &attributes, run, &work), 0);
  ASSERT_EQ(pthread_join(thread, nullptr), 0);
  pthread_attr_destroy(&attributes);
}

}  // namespace sample
