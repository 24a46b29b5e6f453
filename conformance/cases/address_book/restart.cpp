// What was written into a book is there after a restart of the server.
#include "conformance/cases/api/general.hpp"
#include "conformance/lab/address_book.hpp"

namespace deskcheck::conformance {

using namespace std::chrono_literals;
namespace json = boost::json;

CASE(book_restart, "api/address-book/restart", checks("HTTP-ABPADD-04"),
     after("api/address-book/personal/guid"), takes(kApiStory + 12s), alone(), restarts_target()) {
  co_await lab.server_to_restart();
  const std::string tag = lab.named("tag");
  // Some servers have nothing in their books but devices that they know.
  const auto device = co_await lab.registered_device();
  ApiClient agent(lab, device);
  const auto known = co_await agent.sysinfo_until_known();
  known.ignore();
  const std::string& id = device.id();
  json::object peer{{"id", id}, {"alias", "kept"}, {"note", "over a restart"}};
  peer["hash"] = "aGFzaCsvZm9yIHRoaXMgdXNlcj09";
  peer["tags"] = json::array{json::string(tag)};
  auto book = co_await personal_book(lab, "user");
  // Answers to changes are judged elsewhere, and so is what of a peer is kept at all.
  const auto tagged = co_await book.add_tag(tag, 4284955319);
  tagged.ignore();
  const auto added = co_await book.add(peer);
  added.ignore();
  const auto before = co_await book.pull();
  lab.require("the book before the restart", before, ShowsPeer(id, json::object()));
  json::object shown;
  for (const auto& [name, value] : peer)
    if (const auto* member = before.peer(id)->if_contains(name); member && *member == value)
      shown[name] = value;
  co_await lab.restart_server(Part::api);
  // Whether the login outlives a restart is the server's choice.
  auto again = co_await personal_book(lab, "user");
  again.may_hold({id}, {tag});
  const auto after = co_await again.pull();
  lab.verdict("HTTP-ABPADD-04", after, ShowsPeer(id, shown));
}

}  // namespace deskcheck::conformance
