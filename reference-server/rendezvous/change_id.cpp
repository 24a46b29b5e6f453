// The id change: RegisterPk with an old id and without a key, from the dialog of a client.
// rendezvous.md section 3.3.
#include "reference-server/rendezvous/rendezvous.hpp"

namespace deskcheck::server {

namespace {

using Response = hbb::RegisterPkResponse;

bool is_letter(unsigned char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_word(unsigned char c) { return is_letter(c) || (c >= '0' && c <= '9') || c == '_'; }

// ^[a-zA-Z][\w-]{5,15}$, where \w also stands for letters of other scripts: every character that
// is not ASCII is taken for one. Source: client libs/hbb_common src/lib.rs:257-261. `id` is UTF-8.
bool is_custom_id(const std::string& id) {
  if (id.empty() || !is_letter(static_cast<unsigned char>(id.front()))) return false;
  std::size_t characters = 0;
  for (const char c : id) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80 && !is_word(byte) && byte != '-') return false;
    characters += (byte & 0xC0) != 0x80;
  }
  return characters >= 6 && characters <= 16;
}

}  // namespace

Actions Rendezvous::change_id(const hbb::RegisterPk& request, const Origin& from, net::Time now) {
  hbb::RendezvousMessage message;
  message.mutable_register_pk_response()->set_result(renamed(request, from, now));
  Actions actions;
  actions.push_back(reply(from, std::move(message)));
  actions.push_back(CloseConnection{from.connection});
  return actions;
}

Response::Result Rendezvous::renamed(const hbb::RegisterPk& request, const Origin& from,
                                     net::Time now) {
  if (!is_custom_id(request.id()) && !wrong_.any_id_can_be_chosen)
    return Response::INVALID_ID_FORMAT;
  if (!address_limits_.accept(from.peer.address, request.id(), now)) return Response::TOO_FREQUENT;
  const auto old = devices_.find(request.old_id());
  const auto taken = devices_.find(request.id());
  if (!old || !taken) return Response::SERVER_ERROR;
  const auto owns = [&](const Device* device) {
    return device && device->has_key() && device->record.uuid() == request.uuid();
  };
  // Who asks again, because the first answer was lost, has the id already.
  if (!*old && owns(*taken)) return Response::OK;
  if (!*old || (!owns(*old) && !wrong_.anybody_renames)) return Response::UUID_MISMATCH;
  if (*taken && !owns(*taken) && !wrong_.taken_ids_can_be_chosen) return Response::ID_EXISTS;
  if (*old == *taken || wrong_.id_change_changes_nothing) return Response::OK;
  return devices_.rename(**old, request.id()) ? Response::OK : Response::SERVER_ERROR;
}

}  // namespace deskcheck::server
