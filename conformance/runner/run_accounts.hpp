// The accounts of a run. Those that the file of a target does not lend by name are made by its
// hooks before the first case, lent to all cases like the others, and removed after the last one;
// that they are gone is tried by signing in. Decides who is made and what he is called; what a hook
// cannot make blocks the cases that need it, and the environment is to blame.
#pragma once

#include "conformance/lab/admin.hpp"
#include "conformance/runner/result.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace deskcheck::conformance {

class RunAccounts {
 public:
  // `setup`: of the run; whatever it points to outlives the accounts. Its target is the one that
  // lends too little. The accounts bear the prefix of its inventory and are counted apart: the
  // closing step of the run needs them still.
  explicit RunAccounts(LabSetup setup);
  ~RunAccounts();

  // Whether one of these cases asks the HTTP API: only those sign in.
  static bool needed_by(const std::vector<const Case*>& cases);

  // The target with the accounts that it lends from here on (Target::accounts), and why it does not
  // lend those that could not be made (Target::no_accounts).
  Task<Target> make();
  // Counts them; a note tells of each account that is still there afterwards, or may be.
  Task<void> remove(Footprint& footprint);

 private:
  struct Made {
    Account account;
    bool there = false;  // the hook has said so
  };

  bool can_make(const std::string& role) const;
  Account fresh_account(const std::string& role);
  Task<void> make_one(LabAdmin admin, std::string role);
  // Empty, or what is wrong.
  Task<std::string> remove_one(LabAdmin admin, Made one);
  // Nothing if no answer came.
  Task<std::optional<bool>> may_sign_in(Account account);

  Case case_;
  Inventory inventory_;
  Target target_;
  std::unique_ptr<Lab> lab_;
  std::vector<Made> made_;
  bool unreachable_ = false;
};

}  // namespace deskcheck::conformance
