// What a run has created on the target: under which names, how much of it, and what is still there.
// The ledger of a run, shared by its labs. Single-threaded, as the run is.
#pragma once

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
// Why nothing of this kind can be removed: "the protocol has no way to remove a device". Empty: it
// can be, and is.
std::string_view why_it_stays(Thing thing);

class Inventory {
 public:
  // `run`: four letters or digits that tell this run's things from those of others.
  explicit Inventory(std::string_view run);

  // What names begin with: "dc" and the run, such as "dck3f9".
  const std::string& prefix() const { return prefix_; }
  // A name that nothing of this run has yet: "dck3f9-strategy7".
  std::string named(std::string_view what);

  // What was created twice, or removed without having been created, counts once or not at all.
  void created(Thing thing, std::string name);
  void removed(Thing thing, const std::string& name);
  // Counts what another one counts, too.
  void add(const Inventory& other);

  struct Count {
    std::size_t created = 0, removed = 0;
    std::set<std::string> left;  // names
  };
  // Of each thing of which something was created.
  const std::map<Thing, Count>& counts() const { return counts_; }
  // Of what can be removed: how much is still there.
  std::size_t forgotten() const;

 private:
  std::string prefix_;
  int names_ = 0;
  std::map<Thing, Count> counts_;
};

}  // namespace deskcheck::conformance
