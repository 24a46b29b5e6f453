// People, groups and books of a case's own on whatever target: its hooks make them, and take them
// away when the case has ended, however that was. Decides what they are called and how they go;
// what a hook cannot do blocks the case.
#pragma once

#include "conformance/lab/admin.hpp"

namespace deskcheck::conformance {

// What servers commonly ask for: capitals, small letters, a digit, a sign, more than 12 characters.
std::string fresh_password(net::Random& random);

class LabPeople {
 public:
  // Not applicable unless the target has put-user, remove-user and these hooks.
  LabPeople(Lab& lab, std::initializer_list<std::string_view> hooks);
  // Whether it has: for stories that can do with less.
  static bool possible(const Lab& lab, std::initializer_list<std::string_view> hooks);

  // Somebody whom nobody knows yet. `what`: a part of his name.
  Task<Account> somebody(std::string what);
  // Whose login takes a code of an app, too.
  Task<Account> somebody_with_totp();
  // Removes somebody before the case ends.
  Task<void> dismiss(Account account);
  // What somebody may do in a book of this name: 1 reads, 2 writes, 3 does everything.
  Task<void> share(std::string book, std::string user, int rule);
  // A group of devices that has these and no others.
  Task<void> device_group(std::string name, std::vector<std::string> devices);
  // A group of people that has these members and no others. Servers that have one kind of group for
  // both find a group of devices of this name: make that first.
  Task<void> group(std::string name, std::vector<std::string> users);

  LabAdmin& admin() { return admin_; }

 private:
  // What goes when the case ends: the hook that removes it, and its name. Shared with the task that
  // does it.
  using Made = std::vector<std::pair<std::string, std::string>>;
  static Task<void> remove_all(Lab* lab, std::shared_ptr<Made> made);
  void at_end(std::string hook, std::string name);

  Lab* lab_;
  LabAdmin admin_;
  std::shared_ptr<Made> made_ = std::make_shared<Made>();
};

}  // namespace deskcheck::conformance
