// A live server that the probe or the doctor is to call on, as Python names it: checks every choice
// and says in one line what is wrong with it. Asks nobody.
#pragma once

#include "conformance/doctor/patient.hpp"
#include "python/binding/named_target.hpp"
#include "python/binding/stage.hpp"

#include <set>
#include <variant>

namespace deskcheck::python {

struct PatientOrder {
  conformance::TargetProfile profile;
  std::string proxy;
  conformance::Account account;  // who signs in; an empty name: nobody

  // A host by name or address, or what is known of a server. Throws UsageError, as everything
  // below.
  explicit PatientOrder(const std::variant<std::string, NamedTarget>& server);

  // What is given here takes the place of what is known; nothing and empty texts change nothing.
  void reach(std::optional<int> port_base, const std::string& key,
             const std::optional<std::string>& relay_key, const std::string& name);
  void web(const std::string& api, const std::string& ca, const std::string& below);
  void fetch(const std::string& download);
  void leave_out(const std::set<std::string>& without);
  void sign_in(const std::string& user, const std::string& password);

  // As it is seen from the world of `scene`; certificates of the system take a while.
  doctor::Patient in(Scene& scene, std::string_view id_prefix) const;
};

}  // namespace deskcheck::python
