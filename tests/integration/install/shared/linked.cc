// Is linked to the shared library.
extern "C" int greet();

int main() {
  return greet();
}
