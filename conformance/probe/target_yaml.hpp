// A TARGET.yaml out of what a probe has found out: what is there is claimed, with the evidence;
// what is not, or not known, stands below as a comment.
#pragma once

#include "conformance/probe/probe.hpp"

namespace deskcheck::probe {

// What the file says besides, as it was given to the probe. Passwords are not among it.
struct FileFacts {
  std::string api_ca;                            // a path; empty: none
  std::string password_env, admin_password_env;  // names of environment variables

  FileFacts() = default;
};

std::string target_yaml(const Subject& subject, const Findings& findings, const FileFacts& facts);

}  // namespace deskcheck::probe
