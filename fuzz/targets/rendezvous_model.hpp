// What a rendezvous server has to remember, kept a second time and simply: who is registered with
// what, from where, since when. And what every answer has to be like. For the target `rendezvous`.
#pragma once

#include "reference-server/rendezvous/rendezvous.hpp"

#include <map>
#include <optional>
#include <set>

namespace deskcheck::fuzz {

using server::Actions;
using server::ConnectionId;
using server::Origin;

class RendezvousModel {
 public:
  explicit RendezvousModel(const server::Options& options) : options_(options) {}

  // Checks what `message` has led to, and remembers it.
  void on(const hbb::RendezvousMessage& message, const Origin& from, net::Time now,
          const Actions& actions);
  void closed(ConnectionId connection) { open_.erase(connection); }
  void restarted();
  // From here on the storage may fail: some answers are then SERVER_ERROR.
  void storage_fails() { storage_fails_ = true; }

  // socket_addr of the last question to a device; empty if there was none.
  const std::string& last_push() const { return last_push_; }

 private:
  struct Known {
    std::string uuid, pk;
    boost::asio::ip::address address;
    std::optional<net::Time> registered;  // since the server started
    net::Endpoint at;
    std::vector<net::Time> accepted;  // since the server started
  };
  struct Connection {
    int asked = 0;                      // questions that were pushed to devices
    int answered = 0;                   // answers of devices that were delivered
    std::set<std::string> by_datagram;  // devices that were last asked with a UDP port
  };

  struct Address {
    net::Time first;
    std::set<std::string> ids;  // registered from it since the server started
  };

  void check_form(const Actions& actions, const Origin& from);
  void on(const hbb::RegisterPeer& request, const Origin& from, net::Time now, const Actions& done);
  void on(const hbb::RegisterPk& request, const Origin& from, net::Time now, const Actions& done);
  void on_id_change(const hbb::RegisterPk& request, const hbb::RegisterPkResponse& answer);
  void accept(const hbb::RegisterPk& request, const Origin& from, net::Time now);
  void on(const hbb::PunchHoleRequest& request, const Origin& from, net::Time now,
          const Actions& done);
  void on(const hbb::RequestRelay& request, const Origin& from, net::Time now, const Actions& done);
  void on(const hbb::OnlineRequest& request, net::Time now, const Actions& done) const;
  void pushed(const server::Action& action, const std::string& id, const Origin& from);
  void delivered(const Actions& done, const std::string& id);
  void delivered_by_datagram(const Actions& done, const std::string& id);
  void answered(const server::Action& action, const std::string& id);
  void check_signed_key(const std::string& signed_key, const std::string& id) const;
  const Known* known(const std::string& id) const;
  bool online(const Known* device, net::Time now) const;

  const server::Options& options_;
  std::map<std::string, Known> known_;
  std::map<boost::asio::ip::address, Address> addresses_;
  std::map<ConnectionId, Connection> open_;
  bool storage_fails_ = false;
  std::string last_push_;
};

}  // namespace deskcheck::fuzz
