// What a run has created on the target: under which names, how much of it, and what is still there.
// The ledger of a run, shared by its labs. Single-threaded, as the run is.
#pragma once

#include "proto/net/random.hpp"

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace deskcheck::conformance {

enum class Thing {
  device,        // an id that was registered, or made known to the API
  recording,     // a file that was uploaded
  audit,         // a record that was sent
  peer,          // in an address book
  tag,           // in an address book
  book,          // that several accounts share
  strategy,      //
  device_group,  //
  group,         // of users
  user,          //
  provider,      // of identities
};
// "device", "device group", ...
std::string_view to_string(Thing thing);
// Why nothing of this kind can be removed from any target: "the protocol has no way to remove a
// device". Empty: it can be.
std::string_view why_it_stays(Thing thing);

// Four letters or digits.
std::string name_of_run(net::Random random);

class Inventory {
 public:
  // `run` (name_of_run) tells its things from those of others.
  explicit Inventory(std::string_view run);

  // What names begin with: "dc" and the run, such as "dck3f9".
  const std::string& prefix() const { return prefix_; }
  // A name that nothing of this run has yet: "dck3f9-strategy7".
  std::string named(std::string_view what);

  // What was created twice, or removed without having been created, counts once or not at all.
  void created(Thing thing, std::string name);
  void removed(Thing thing, const std::string& name);
  struct Count {
    std::size_t created = 0, removed = 0;
    std::set<std::string> left;  // names
  };
  using Counts = std::map<Thing, Count>;
  // Of each thing of which something was created.
  const Counts& counts() const { return counts_; }

 private:
  std::string prefix_;
  int names_ = 0;
  Counts counts_;
};

// Counts what another run, or another world of this one, has counted, too.
void add(Inventory::Counts& sum, const Inventory::Counts& more);

}  // namespace deskcheck::conformance
