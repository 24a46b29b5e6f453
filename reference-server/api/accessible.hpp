// Which devices somebody may see: his own, which the operator has given him or from whose clients
// he has signed in, and those of the groups that he is a member of. Nobody sees more, neither
// administrators. Sans-IO; everything is stored. Groups and gifts of the options are stored at the
// start; those that are no longer among them stay.
// Source of the rules: http-api.md chapter 4.
#pragma once

#include "proto/api/group.hpp"
#include "reference-server/api/devices.hpp"

#include <functional>

namespace deskcheck::server::api {

class Accessible {
 public:
  template <class T>
  using Result = boost::system::result<T>;

  // All of them outlive this. Throws identity::AccountError: one line, what is wrong with a group.
  Accessible(const Options& options, ApiStore& store, Devices& devices);

  // The account has signed in from the client of a device.
  Result<void> signed_in(const std::string& account, const std::string& id,
                         const std::string& uuid);
  // Names, sorted. A guest, who has no account, is in no group.
  Result<std::vector<std::string>> groups_of(const AccountRecord& caller);
  // By id; each of them once.
  Result<std::vector<http_api::AccessibleDevice>> devices_of(const AccountRecord& caller);
  // The caller first, then the owners of what he sees, by name. No disabled ones.
  Result<std::vector<AccountRecord>> users_of(const AccountRecord& caller);
  // Whose a device is, by the operator's word or because he has signed in there last; empty:
  // nobody's.
  Result<std::string> owner_of_device(const std::string& id);

  // Is called after somebody has signed in from a device. May be empty.
  std::function<void(const std::string& id)> owner_may_have_changed;

 private:
  // Nothing that was said by another device of the same id.
  bool is_of_device(const ClientRecord& client);
  Result<std::map<std::string, std::string>> ids_of(const AccountRecord& caller);
  // Of the options.
  void give(const std::string& id, const std::string& account);
  void create(const DeviceGroupFixture& fixture);
  FleetStore& fleet() { return store_.fleet(); }

  const WrongApi& wrong_;
  ApiStore& store_;
  Devices& devices_;
};

}  // namespace deskcheck::server::api
