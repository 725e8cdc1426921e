// Values that the interceptors and the handler of one call share.
#pragma once

#include <memory>
#include <type_traits>
#include <utility>

#include "tern/version.h"

namespace tern {

// Values that live as long as a call, one of each type. Interceptors and the handler of a server
// share them, and on_start() and on_finish() of a client's interceptors; they never travel. So the
// peer can neither read nor forge them: what an interceptor has verified of the caller belongs
// here, and not into the metadata, which the caller writes.
//   call.values.set(Identity(name));                            // an interceptor
//   const Identity* who = context.values().get<Identity>();     // the handler
// Each value is one allocation; no value is none. A value is destroyed when the call has its
// outcome and its handler is done. Threads: as the call's.
class CallValues {
 public:
  CallValues() noexcept = default;
  CallValues(const CallValues&) = delete;
  CallValues& operator=(const CallValues&) = delete;
  ~CallValues() { clear(); }

  // Takes the place of the value of this type, if there is one. Good until the next set() or
  // remove() of the type.
  template <typename T>
  T& set(T value) {
    static_assert(std::is_same_v<T, std::decay_t<T>>);
    auto entry = std::make_unique<EntryOf<T>>(std::move(value));
    remove<T>();
    T& kept = entry->value;
    entry->next = std::move(first_);
    first_ = std::move(entry);
    return kept;
  }

  // Null if there is none.
  template <typename T>
  T* get() noexcept {
    return find<T>(first_.get());
  }
  template <typename T>
  const T* get() const noexcept {
    return find<T>(first_.get());
  }

  // False if there is none.
  template <typename T>
  bool remove() noexcept {
    for (std::unique_ptr<Entry>* at = &first_; *at; at = &(*at)->next) {
      if ((*at)->key != &kKey<T>) continue;
      std::unique_ptr<Entry> gone = std::move(*at);
      *at = std::move(gone->next);
      return true;
    }
    return false;
  }

  bool empty() const noexcept { return !first_; }
  // One at a time: the last that was set goes first.
  void clear() noexcept {
    while (first_) {
      std::unique_ptr<Entry> gone = std::move(first_);
      first_ = std::move(gone->next);
    }
  }

 private:
  struct Entry {
    explicit Entry(const void* of) noexcept : key(of) {}
    virtual ~Entry() = default;

    const void* key;
    std::unique_ptr<Entry> next;
  };
  template <typename T>
  struct EntryOf final : Entry {
    explicit EntryOf(T from) : Entry(&kKey<T>), value(std::move(from)) {}

    T value;
  };
  // Its address is the type's name.
  template <typename T>
  static inline const char kKey = 0;

  template <typename T>
  static T* find(Entry* entry) noexcept {
    for (; entry; entry = entry->next.get()) {
      if (entry->key == &kKey<T>) return &static_cast<EntryOf<T>*>(entry)->value;
    }
    return nullptr;
  }

  std::unique_ptr<Entry> first_;
};

}  // namespace tern
