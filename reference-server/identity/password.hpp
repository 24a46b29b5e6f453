// Passwords: what is kept of them, and whether one is right. Decides nothing about accounts.
#pragma once

#include "proto/net/random.hpp"
#include "reference-server/options.hpp"

#include <string>
#include <string_view>

namespace deskcheck::server::identity {

// Argon2id in its usual text form, "$argon2id$v=19$m=...": salt and cost are in it.
// Throws std::bad_alloc if there is not the memory that the cost asks for.
std::string hash_password(std::string_view password, PasswordCost cost, net::Random& random);
// Takes as long as hash_password() with the cost in `hash`. False for a hash that is none.
bool is_password(const std::string& hash, std::string_view password);

}  // namespace deskcheck::server::identity
