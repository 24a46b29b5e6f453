// The dialog in which a user gives a device another id. client src/ui_interface.rs:1495-1619.
#pragma once

#include "client-sim/channel/message_stream.hpp"

namespace deskcheck::sim {

struct IdChange {
  std::string old_id;
  std::string id;    // the wanted one
  std::string uuid;  // machine id, opaque bytes
  net::Endpoint home;
  net::Endpoint rendezvous;
  Transport transport = Transport::tcp;  // TCP or WebSocket

  IdChange() = default;
};

// True if the dialog takes this id: ^[a-zA-Z][\w-]{5,15}$, of ASCII only here.
bool is_valid_custom_id(std::string_view id);

// Asks the server in plain text, over a connection of its own. What the user reads then; empty: the
// id is changed, and the device has to register under it anew. A wait that would last beyond
// `deadline` ends there as if its own limit, 18 s, had passed.
Task<std::string> change_id(net::World world, IdChange change, Recorder recorder,
                            net::Deadline deadline);

}  // namespace deskcheck::sim
