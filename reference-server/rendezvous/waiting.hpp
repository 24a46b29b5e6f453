// Who waits for whom: the requests that were pushed to a device and that the device has not
// answered. An answer is believed only if it fits one of them. Knows no messages. Why: a real
// client takes the first answer it gets, so a stranger's answer would take the session.
#pragma once

#include "reference-server/options.hpp"
#include "reference-server/rendezvous/origin.hpp"

#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace deskcheck::server {

enum class Question {
  path,   // PunchHole or FetchLocalAddr: answered by PunchHoleSent, LocalAddr or RelayResponse
  relay,  // RequestRelay: answered by RelayResponse, which need not name the device
};

class Waiting {
 public:
  explicit Waiting(const Options& options)  // outlives it
      : wrong_(options.faults.policies), believes_all_(options.profile == Profile::oss) {}

  // `requester` waits on `connection` for an answer of `device`. The same question again is the
  // same wait: it is answered once. False if it was there already. `by_datagram`: the device was
  // told to answer with one.
  bool add(ConnectionId connection, const net::Endpoint& requester, Question question,
           std::string_view device, bool by_datagram = false);
  // The connection on which `requester` waits for this answer of `device`; ends the wait.
  std::optional<ConnectionId> take(const net::Endpoint& requester, Question question,
                                   const std::string& device);
  // The same for an answer to Question::path that came as a datagram: only who was told so may.
  std::optional<ConnectionId> take_datagram(const net::Endpoint& requester,
                                            const std::string& device);
  // The same for an answer that does not name its device.
  std::optional<ConnectionId> take(const net::Endpoint& requester, Question question);
  void closed(ConnectionId connection);

 private:
  struct Wait {
    Question question;
    std::string device;
    bool by_datagram;
  };
  struct Requester {
    net::Endpoint peer;
    std::vector<Wait> waits;  // oldest first
  };
  template <class Fits>
  std::optional<ConnectionId> take_if(const net::Endpoint& requester, Fits fits);

  const WrongPolicies& wrong_;
  bool believes_all_;  // as the open-source server: whoever knows the requester may answer
  std::unordered_map<ConnectionId, Requester> requesters_;
  std::map<net::Endpoint, ConnectionId> connections_;
};

}  // namespace deskcheck::server
