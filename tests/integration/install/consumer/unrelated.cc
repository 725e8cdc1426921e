#include "unrelated.rpc.h"

int size_of_a_thing() {
  return unrelated::Thing(3).size;
}
