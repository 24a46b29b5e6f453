#include "conformance/lab/mail.hpp"

#include "client-sim/lab/mail_text.hpp"
#include "client-sim/lab/mailbox.hpp"

namespace deskcheck::conformance {

using namespace std::chrono_literals;

LabMail::LabMail(Lab& lab, std::string address) : lab_(&lab), address_(std::move(address)) {
  if (lab.starts_servers())
    seen_ = lab.mails_to(address_).size();
  else if (lab.mailbox())
    seen_ = lab.mailbox()->count();
  else
    lab.not_applicable("the target sends its mails elsewhere: say where with `mailbox`");
}

Task<std::string> LabMail::next(net::Deadline deadline) {
  if (!lab_->starts_servers()) {
    const auto mail = co_await lab_->mailbox()->next(address_, seen_, deadline);
    seen_ = lab_->mailbox()->count();
    co_return mail ? sim::readable_text(mail->text) : std::string();
  }
  // A server may answer before its mail is on the way.
  for (;;) {
    const auto mails = lab_->mails_to(address_);
    if (mails.size() > seen_) {
      seen_ = mails.size();
      co_return sim::readable_text(mails.back());
    }
    if (lab_->now() >= deadline.at) co_return std::string();
    co_await lab_->wait(20ms);
  }
}

}  // namespace deskcheck::conformance
