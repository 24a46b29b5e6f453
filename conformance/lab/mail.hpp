// The mails that a target sends to an account: its own server hands them over, somebody else's
// sends them to the suite's mailbox.
#pragma once

#include "conformance/lab/lab.hpp"

#include <string>

namespace deskcheck::conformance {

class LabMail {
 public:
  // What comes to this address from here on. Not applicable if the target sends its mails nowhere
  // where the suite could look.
  LabMail(Lab& lab, std::string address);

  // The text of the newest mail since the last one, as people read it; empty if none came in time.
  Task<std::string> next(net::Deadline deadline);

 private:
  Lab* lab_;
  std::string address_;
  std::size_t seen_ = 0;
};

}  // namespace deskcheck::conformance
