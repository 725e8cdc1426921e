#include "integration/no_memory/failing_allocation.h"

#include <cstdlib>
#include <new>

namespace {

bool counting = false;
std::size_t allocations = 0;
std::size_t failing = 0;
long blocks = 0;

void* allocate(std::size_t size, std::size_t alignment) {
  if (counting && ++allocations == failing) throw std::bad_alloc();
  void* block = nullptr;
  if (alignment <= alignof(std::max_align_t)) {
    block = std::malloc(size > 0 ? size : 1);
  } else if (::posix_memalign(&block, alignment, size) != 0) {
    block = nullptr;
  }
  if (!block) throw std::bad_alloc();
  ++blocks;
  return block;
}

void release(void* block) noexcept {
  if (!block) return;
  --blocks;
  std::free(block);
}

}  // namespace

void* operator new(std::size_t size) {
  return allocate(size, 0);
}
void* operator new(std::size_t size, std::align_val_t alignment) {
  return allocate(size, static_cast<std::size_t>(alignment));
}
void operator delete(void* block) noexcept {
  release(block);
}
void operator delete(void* block, std::size_t) noexcept {
  release(block);
}
void operator delete(void* block, std::align_val_t) noexcept {
  release(block);
}
void operator delete(void* block, std::size_t, std::align_val_t) noexcept {
  release(block);
}

// Of tern::Buffer, which alone uses it. A sanitizer has its own.
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
extern "C" void* __libc_realloc(void* block, std::size_t size);
extern "C" void* realloc(void* block, std::size_t size) {
  if (counting && ++allocations == failing) return nullptr;
  return __libc_realloc(block, size);
}
#endif

namespace tern::test {

void fail_allocation(std::size_t n) noexcept {
  failing = n;
  allocations = 0;
}

void count_allocations(bool on) noexcept {
  counting = on;
}

std::size_t counted_allocations() noexcept {
  return allocations;
}

long blocks_on_heap() noexcept {
  return blocks;
}

}  // namespace tern::test
