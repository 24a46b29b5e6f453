#include "client-sim/device/id_change.hpp"

#include "client-sim/session/client_facts.hpp"
#include "client-sim/session/relay_leg.hpp"

#include <algorithm>

namespace deskcheck::sim {

namespace {

constexpr char kUnknownError[] = "Unknown error";
constexpr char kInvalidFormat[] = "Invalid format";

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

std::string text_of(hbb::RegisterPkResponse::Result result) {
  switch (result) {
    case hbb::RegisterPkResponse::OK:
      return "";
    case hbb::RegisterPkResponse::ID_EXISTS:
      return "Not available";
    case hbb::RegisterPkResponse::TOO_FREQUENT:
      return "Too frequent";
    case hbb::RegisterPkResponse::NOT_SUPPORT:
      return "server_not_support";
    case hbb::RegisterPkResponse::SERVER_ERROR:
      return "Server error";
    case hbb::RegisterPkResponse::INVALID_ID_FORMAT:
      return kInvalidFormat;
    default:
      return kUnknownError;
  }
}

// One KeyExchange before the answer is skipped; anything else in its place is an unknown error.
Task<std::string> read_answer(MessageStream& server, net::Deadline deadline) {
  for (int i = 0; i < 2; ++i) {
    auto message = co_await server.receive_message(at_most(deadline, kReadTimeout));
    if (!message) co_return kUnknownError;
    if (message->has_register_pk_response())
      co_return text_of(message->register_pk_response().result());
    if (!message->has_key_exchange()) break;
  }
  co_return kUnknownError;
}

}  // namespace

bool is_valid_custom_id(std::string_view id) {
  if (id.size() < 6 || id.size() > 16 || !is_letter(id[0])) return false;
  return std::all_of(id.begin(), id.end(), [](char c) {
    return is_letter(c) || (c >= '0' && c <= '9') || c == '_' || c == '-';
  });
}

Task<std::string> change_id(net::World world, IdChange change, Recorder recorder,
                            net::Deadline deadline) {
  if (!is_valid_custom_id(change.id)) co_return kInvalidFormat;
  auto server = co_await connect_as(change.transport, world, change.home, change.rendezvous,
                                    recorder, at_most(deadline, kConnectTimeout));
  if (!server) co_return "Failed to connect to rendezvous server";
  hbb::RegisterPk request;
  request.set_old_id(change.old_id);
  request.set_id(change.id);
  request.set_uuid(change.uuid);
  const auto message = wrap<hbb::RendezvousMessage>(std::move(request));
  auto sent = co_await server->send(message, at_most(deadline, kConnectTimeout));
  if (!sent) co_return kUnknownError;
  std::string text = co_await read_answer(*server, deadline);
  co_return text;
}

}  // namespace deskcheck::sim
