// Accounts of people for whom an identity provider vouches. Whom it means is said by issuer and
// subject alone; whoever comes for the first time gets an account of his own, and never that of
// somebody else, whatever name he has chosen there. Such accounts have no password until an
// administrator gives them one.
#pragma once

#include "reference-server/faults/wrong_oidc.hpp"
#include "reference-server/store/api_store.hpp"

#include <variant>

namespace deskcheck::server::identity {

struct Vouched {
  std::string subject;
  std::string preferred_username, email, display_name;  // may be empty

  Vouched() = default;
};

enum class NotAdmitted { unknown, name_taken, disabled, storage_fails };

// His account, made if that is what the provider is for.
std::variant<AccountRecord, NotAdmitted> admit(ApiStore& store,
                                               const IdentityProviderRecord& provider,
                                               const Vouched& person, const WrongOidc& wrong);

}  // namespace deskcheck::server::identity
