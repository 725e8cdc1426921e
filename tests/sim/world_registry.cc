// What concerns the registry, in a simulation that has one.
#include <fmt/format.h>

#include "net/loop.h"
#include "sim/world.h"

namespace tern::sim {

using namespace std::chrono_literals;

// A cluster that begins before its servers are listed finds none.
void World::open_registry() {
  run_until(clock_.now() + 5s);
  if (!registry_->lists_all()) ledger_.violate("the cluster does not find its servers");
  plan_registry_faults();
}

void World::plan_registry_faults() {
  agenda_.after(dice_.between(0ns, registry_->pace()), [this] {
    if (faults_end_) return;
    registry_->befall();
    plan_registry_faults();
  });
}

// All is well from now on, but for the last place, which may be given up.
void World::expect_registry() {
  Place& last = places_.back();
  last.stays_away = true;
  if (calm_) {
    ledger_.allow_drain();
  } else if (dice_.percent(30)) {
    drain(last, Farewell::kDies);
  }
  run_until(clock_.now() + registry_->settling_time());
  if (stuck()) return;
  registry_->expect_settled("when all has been well for a while");

  registry_->restart();
  run_until(clock_.now() + registry_->restarting_time());
  registry_->begin_fresh();
  run_until(clock_.now() + 100ms);
  registry_->expect_fresh_settled("soon after a restart");

  if (last.server) {
    drain(last);
    // Its calls end at once; and the lists come to know it after 100 ms.
    run_until(clock_.now() + 400ms);
    registry_->expect_settled("when a server has stopped");
    registry_->expect_fresh_settled("when a server has stopped");
  }
  registry_->retire();
}

// Servers end before they are destroyed, and their entries with them: nothing is due any more.
void World::end_registry() {
  registry_->end();
  for (Place& place : places_) {
    if (place.server) end_server(place, 0ns);
  }
  run_until(clock_.now() + 10ms);
}

}  // namespace tern::sim
