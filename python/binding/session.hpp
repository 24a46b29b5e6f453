// A controller's session as Python holds it.
#pragma once

#include "client-sim/session/session.hpp"
#include "python/binding/party.hpp"

namespace deskcheck::python {

class SessionParty final : public Party {
 public:
  SessionParty(const net::World& world, sim::Session opened,
               std::shared_ptr<sim::Transcript> transcript);
  // Says a polite goodbye.
  Task<void> end() override;

  sim::Session session;

 private:
  net::Clock* clock_;
  std::shared_ptr<sim::Transcript> transcript_;  // the session writes to it
};

class SessionHandle : public Handle<SessionParty> {
 public:
  SessionHandle(std::shared_ptr<Stage> stage, std::shared_ptr<SessionParty> party);

  bool encrypted() const { return encrypted_; }
  const std::string& protection() const { return protection_; }
  // A payload, framed and encrypted as the session is.
  void send(const std::string& payload, double timeout) const;
  // The next payload, decrypted.
  std::string receive(double timeout) const;
  // Stays for so long and answers delay tests; throws ConnectionLost if it ended before.
  void idle(double seconds) const;

 private:
  bool encrypted_;
  std::string protection_;
};

}  // namespace deskcheck::python
