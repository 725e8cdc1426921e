// Loads the shared library that is its argument, calls it, and unloads it, twice.
#include <dlfcn.h>

#include <cstdio>

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  for (int i = 0; i < 2; ++i) {
    void* library = ::dlopen(argv[1], RTLD_NOW | RTLD_LOCAL);
    if (library == nullptr) {
      std::fprintf(stderr, "%s\n", ::dlerror());
      return 1;
    }
    auto* greet = reinterpret_cast<int (*)()>(::dlsym(library, "greet"));
    if (greet == nullptr) return 1;
    if (int failed = greet(); failed != 0) return failed;
    ::dlclose(library);
  }
  return 0;
}
