// Which devices somebody may see: his own, which the operator has given him or from whose clients
// he has signed in, and those of the groups that he is a member of. Nobody sees more, neither
// administrators. Sans-IO. Groups and the operator's gifts are those of the options; from where
// accounts have signed in is stored.
// Source of the rules: http-api.md chapter 4.
#pragma once

#include "proto/api/group.hpp"
#include "reference-server/api/devices.hpp"

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
  std::vector<std::string> groups_of(const AccountRecord& caller) const;
  // By id; each of them once.
  Result<std::vector<http_api::AccessibleDevice>> devices_of(const AccountRecord& caller);
  // The caller first, then the owners of what he sees, by name. No disabled ones.
  Result<std::vector<AccountRecord>> users_of(const AccountRecord& caller);

 private:
  // Nothing that was said by another device of the same id.
  bool is_of_device(const ClientRecord& client);
  Result<std::map<std::string, std::string>> ids_of(const AccountRecord& caller);
  Result<std::string> owner_of_device(const std::string& id);

  const Options& options_;
  const WrongApi& wrong_;
  ApiStore& store_;
  Devices& devices_;
  std::map<std::string, std::string> given_;  // ids to the accounts that own them
};

}  // namespace deskcheck::server::api
