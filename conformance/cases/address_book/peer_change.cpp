// Changing peers of a book and taking them out of it.
#include "conformance/cases/api/general.hpp"
#include "conformance/lab/address_book.hpp"

namespace deskcheck::conformance {

using namespace std::chrono_literals;
namespace json = boost::json;

namespace {

json::object changed_peer(json::object peer, std::string_view name, json::value value) {
  peer[name] = std::move(value);
  return peer;
}

// A peer with something in every member that can be changed.
json::object full_peer(std::string_view id) {
  json::object peer = peer_of(id);
  peer["alias"] = "Bob PC";
  peer["note"] = "2nd floor";
  peer["hash"] = "aGFzaA==";
  peer["username"] = "bob";
  peer["hostname"] = "PC-7";
  peer["platform"] = "Windows";
  peer["tags"] = json::array();
  return peer;
}

MATCHER(IsRouted, "another status than 404 and 405") {
  return arg.arrived() && arg->status != 404 && arg->status != 405;
}

}  // namespace

// What is in the body changes, also to nothing; what is not stays.
CASE(book_update, "api/address-book/peers/update",
     checks("HTTP-ABPUPD-01", "HTTP-ABPUPD-02", "HTTP-ABPUPD-03", "HTTP-ABPUPD-06"),
     after("api/address-book/peers/dialog", "HTTP-ABPADD-01"), takes(kApiStory), alone()) {
  auto book = co_await personal_book(lab, "user");
  const std::string tag = lab.named("tag");
  const auto tagged = co_await book.add_tag(tag, 4284955319);
  lab.require("a tag", tagged, AnswersAction());
  for (const Way way : ways(lab)) {
    book.use(way);
    const std::string id = lab.fresh_id();
    json::object peer = full_peer(id);
    const auto added = co_await book.add(peer);
    lab.require("a peer", added, AnswersAction());
    json::array one_tag;
    one_tag.emplace_back(tag);
    const std::vector<std::pair<std::string, json::value>> changes{
        {"alias", "Zo\u00eb's"},  {"note", "3rd floor"},  {"hash", "bmV3"},
        {"tags", one_tag},        {"alias", ""},          {"note", ""},
        {"hash", json::string()}, {"tags", json::array()}};
    for (const auto& [name, value] : changes) {
      const auto changed = co_await book.update(changed_peer(peer_of(id), name, value));
      if (!lab.verdict("HTTP-ABPUPD-06", changed, IsRouted())) co_return;
      lab.verdict("HTTP-ABPUPD-03", changed, AnswersAction());
      peer[name] = value;
      const bool empties = value == json::value("") || value == json::value(json::array());
      const auto view = co_await book.pull();
      lab.verdict("HTTP-ABPUPD-01", view, ShowsPeer(id, peer));
      if (empties)
        lab.verdict("HTTP-ABPUPD-02", view, ShowsPeer(id, changed_peer(peer_of(id), name, value)));
    }
  }
}

// What the client writes from its recent sessions; it does so again and again if it does not find
// it in the book.
CASE(book_update_sync, "api/address-book/peers/sync-from-recent",
     checks("HTTP-ABPUPD-05", "HTTP-ABPEERS-05"),
     after("api/address-book/peers/update", "HTTP-ABPUPD-03"), takes(kApiStory), alone()) {
  auto book = co_await personal_book(lab, "user");
  for (const Way way : ways(lab)) {
    book.use(way);
    const std::string id = lab.fresh_id();
    const auto added = co_await book.add(full_peer(id));
    lab.require("a peer", added, AnswersAction());
    for (const char* platform : {"Linux", "Mac OS", "Android", "Windows"}) {
      auto recent = peer_of(id);
      recent["username"] = std::string("user of ") + platform;
      recent["hostname"] = "h\u00f4te-" + id;
      recent["platform"] = platform;
      recent["hash"] = "MDEyMzQ1Njc4OSsvPT0=";
      const auto changed = co_await book.update(recent);
      lab.require("a change", changed, AnswersAction());
      const auto view = co_await book.pull();
      lab.verdict("HTTP-ABPUPD-05", view, ShowsPeer(id, recent));
      lab.verdict("HTTP-ABPEERS-05", view,
                  ShowsPeer(id, changed_peer(peer_of(id), "hash", recent["hash"])));
    }
  }
}

CASE(book_update_unknown, "api/address-book/peers/update-unknown",
     checks("HTTP-ABPUPD-04", "HTTP-GEN-07", "HTTP-GEN-17"),
     after("api/address-book/peers/update", "HTTP-ABPUPD-03"), takes(kApiStory), alone()) {
  auto book = co_await personal_book(lab, "user");
  for (const Way way : ways(lab)) {
    book.use(way);
    const std::string id = lab.fresh_id();
    const auto refused = co_await book.update(changed_peer(peer_of(id), "alias", "x"));
    lab.verdict("HTTP-ABPUPD-04", refused, IsApiError());
    const auto view = co_await book.pull();
    lab.verdict("HTTP-ABPUPD-04", view, HidesPeer(id));
    const std::string path = "/api/ab/peer/update/" + book.guid();
    for (const char* body : {"", "{", "[]", "null", "{}", R"({"alias":"x"})", R"({"id":5})",
                             "{\"id\":\"\xff\xfe\",\"alias\":\"x\"}"}) {
      const auto answer = co_await book.client().call("PUT", path, body, book.token());
      lab.verdict("HTTP-ABPUPD-04", answer, IsApiError());
      lab.verdict("HTTP-GEN-07", answer, IsNoServerError());
    }
  }
  (void)co_await api_still_serves(lab, book.client(), "HTTP-GEN-17");
}

CASE(book_remove, "api/address-book/peers/delete",
     checks("HTTP-ABPDEL-01", "HTTP-ABPDEL-02", "HTTP-ABPDEL-03", "HTTP-ABPDEL-04"),
     after("api/address-book/peers/dialog", "HTTP-ABPADD-01"), takes(kApiStory), alone()) {
  lab.needs({"api.ab.peer.update"});
  auto book = co_await personal_book(lab, "user");
  for (const Way way : ways(lab)) {
    book.use(way);
    std::vector<std::string> ids;
    for (int i = 0; i < 3; ++i) {
      ids.push_back(lab.fresh_id());
      const auto added = co_await book.add(peer_of(ids.back()));
      lab.verdict("HTTP-ABPDEL-04", added, AnswersAction());
    }
    const std::vector<std::string> two{ids[0], ids[1]};
    const auto removed = co_await book.remove(two);
    lab.verdict("HTTP-ABPDEL-04", removed, IsRouted());
    lab.verdict("HTTP-ABPDEL-02", removed, AnswersAction());
    const auto changed = co_await book.update(changed_peer(peer_of(ids[2]), "alias", "still here"));
    lab.verdict("HTTP-ABPDEL-04", changed, AnswersAction());
    const auto view = co_await book.pull();
    lab.verdict("HTTP-ABPDEL-01", view, HidesPeer(ids[0]));
    lab.verdict("HTTP-ABPDEL-01", view, HidesPeer(ids[1]));
    lab.verdict("HTTP-ABPDEL-01", view, ShowsPeer(ids[2], json::object()));
    const std::vector<std::string> mixed{ids[0], lab.fresh_id(), ids[2]};
    const auto again = co_await book.remove(mixed);
    lab.verdict("HTTP-ABPDEL-03", again, AnswersAction());
    const auto after = co_await book.pull();
    lab.verdict("HTTP-ABPDEL-03", after, HidesPeer(ids[2]));
  }
}

// A list of ids that is none takes nothing away.
CASE(book_remove_malformed, "api/address-book/peers/delete-malformed",
     checks("HTTP-ABPDEL-01", "HTTP-GEN-07", "HTTP-GEN-17"),
     after("api/address-book/peers/delete", "HTTP-ABPDEL-02"), takes(kApiStory), alone()) {
  auto book = co_await personal_book(lab, "user");
  for (const Way way : ways(lab)) {
    book.use(way);
    const std::string id = lab.fresh_id();
    const auto added = co_await book.add(peer_of(id));
    lab.require("a peer", added, AnswersAction());
    const std::string path = "/api/ab/peer/" + book.guid();
    for (const char* body : {"", "{", "null", "{}", "[]", "[5]", "[null]", R"(["%"])", R"(["*"])",
                             R"(["' OR '1'='1"])", "[\"\xff\"]"}) {
      const auto answer = co_await book.client().call("DELETE", path, body, book.token());
      lab.verdict("HTTP-GEN-07", answer, IsNoServerError());
    }
    const auto view = co_await book.pull();
    lab.verdict("HTTP-ABPDEL-01", view, ShowsPeer(id, json::object()));
  }
  (void)co_await api_still_serves(lab, book.client(), "HTTP-GEN-17");
}

}  // namespace deskcheck::conformance
