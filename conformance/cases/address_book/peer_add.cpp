// Adding peers to a book: from the dialog, from other lists, twice, by two at once.
#include "conformance/cases/api/general.hpp"
#include "conformance/lab/address_book.hpp"

#include "proto/net/task_group.hpp"

namespace deskcheck::conformance {

using namespace std::chrono_literals;
namespace json = boost::json;

namespace {

// What nobody who stores or shows texts may stumble over.
const std::vector<std::string>& awkward_texts() {
  static const std::vector<std::string> texts{"'; DROP TABLE peers; --",
                                              "\" OR \"\"=\"",
                                              "<script>alert(1)</script>",
                                              "../../etc/passwd",
                                              "${jndi:ldap://127.0.0.1/x}",
                                              "{{7*7}} %s %n %00",
                                              "\u6771\u4eac \U0001F600 Zo\u00eb e\u0301",
                                              "back\\slash \"quoted\"\ttab\nline",
                                              " spaces around ",
                                              "null",
                                              "0",
                                              std::string(2000, 'x')};
  return texts;
}

// As "Add to address book" sends it, from other lists.
// client:flutter/lib/models/peer_model.dart:50-68
json::object whole_peer(std::string_view id) {
  json::object peer = peer_of(id);
  for (const char* name :
       {"username", "hostname", "alias", "rdpPort", "rdpUsername", "loginName", "note"})
    peer[name] = name + std::string("-of-") + std::string(id);
  peer["platform"] = "Windows";
  peer["tags"] = json::array();
  peer["forceAlwaysRelay"] = "false";
  peer["device_group_name"] = "";
  peer["same_server"] = nullptr;
  return peer;
}

// What has to be there again.
json::object shown_members(const json::object& peer) {
  json::object members;
  for (const char* name :
       {"username", "hostname", "platform", "alias", "note", "hash", "password", "tags"})
    if (const auto* member = peer.if_contains(name)) members[name] = *member;
  return members;
}

Task<void> add_all(LabBook book, std::vector<std::string> ids, int& taken) {
  for (const auto& id : ids) {
    const auto answer = co_await book.add(peer_of(id));
    taken += answer && answer->status == 200 && answer->body.empty();
  }
}

}  // namespace

// The "Add ID" dialog: id, alias, tags, and a note if there is one.
CASE(book_add_dialog, "api/address-book/peers/dialog",
     checks("HTTP-ABPADD-01", "HTTP-ABPADD-02", "HTTP-ABPADD-04", "HTTP-ABPEERS-04"),
     after("api/address-book/personal/guid"), takes(kApiStory), alone()) {
  auto book = co_await personal_book(lab, "user");
  for (const Way way : ways(lab)) {
    book.use(way);
    auto full = peer_of(lab.fresh_id());
    full["alias"] = "Bob PC";
    full["tags"] = json::array();
    full["note"] = "2nd floor";
    const auto added = co_await book.add(full);
    if (!lab.verdict("HTTP-ABPADD-01", added, AnswersAction())) co_return;
    const auto bare = peer_of(lab.fresh_id());
    const auto added_bare = co_await book.add(bare);
    lab.verdict("HTTP-ABPADD-02", added_bare, AnswersAction());
    const auto view = co_await book.pull();
    const std::string first(full["id"].as_string()), second(bare.at("id").as_string());
    lab.verdict("HTTP-ABPEERS-04", view.peers, IsReadByClients());
    lab.verdict("HTTP-ABPADD-04", view, ShowsPeer(first, shown_members(full)));
    lab.verdict("HTTP-ABPADD-02", view, ShowsPeer(second, json::object()));
  }
}

CASE(book_add_from_lists, "api/address-book/peers/from-lists",
     checks("HTTP-ABPADD-01", "HTTP-ABPADD-02", "HTTP-ABPADD-03", "HTTP-ABPADD-04", "HTTP-GEN-14"),
     after("api/address-book/peers/dialog", "HTTP-ABPADD-01"), takes(kApiStory), alone()) {
  auto book = co_await personal_book(lab, "user");
  for (const Way way : ways(lab)) {
    book.use(way);
    for (const char* relay : {"false", "true"}) {
      const std::string id = lab.fresh_id();
      auto peer = whole_peer(id);
      peer["forceAlwaysRelay"] = relay;
      const auto added = co_await book.add(peer);
      lab.verdict("HTTP-ABPADD-01", added, AnswersAction());
      lab.verdict("HTTP-ABPADD-02", added, AnswersAction());
      lab.verdict("HTTP-ABPADD-03", added, AnswersAction());
      const auto view = co_await book.pull();
      lab.verdict("HTTP-ABPADD-04", view, ShowsPeer(id, shown_members(peer)));
    }
    const std::string later = lab.fresh_id();
    const auto added = co_await book.add(of_tomorrow(whole_peer(later)));
    lab.verdict("HTTP-GEN-14", added, AnswersAction());
    const auto view = co_await book.pull();
    lab.verdict("HTTP-GEN-14", view, ShowsPeer(later, shown_members(whole_peer(later))));
  }
}

// Clients look for the id in their own copy only.
CASE(book_add_again, "api/address-book/peers/again", checks("HTTP-ABPADD-07", "HTTP-ABPEERS-03"),
     after("api/address-book/peers/dialog", "HTTP-ABPADD-01"), takes(kApiStory), alone()) {
  auto book = co_await personal_book(lab, "user");
  for (const Way way : ways(lab)) {
    book.use(way);
    const std::string id = lab.fresh_id();
    const auto first = co_await book.add(whole_peer(id));
    lab.require("a peer", first, AnswersAction());
    const auto second = co_await book.add(peer_of(id));
    lab.verdict("HTTP-ABPADD-07", second, IsNoServerError());
    const auto view = co_await book.pull();
    lab.verdict("HTTP-ABPADD-07", view, ShowsPeer(id, json::object()));
    lab.verdict("HTTP-ABPADD-07", view.peers, RepeatsNothing());
    lab.verdict("HTTP-ABPEERS-03", view.peers, RepeatsNothing());
    lab.verdict("HTTP-ABPEERS-03", view.peers, SaysOneTotal());
  }
}

// Two programs of one user, each with peers of its own and one that both add.
CASE(book_add_at_once, "api/address-book/peers/two-at-once",
     checks("HTTP-ABPADD-04", "HTTP-ABPADD-07"),
     after("api/address-book/peers/dialog", "HTTP-ABPADD-01"), takes(kApiStory), alone()) {
  auto book = co_await personal_book(lab, "user");
  auto elsewhere = book.seen_by(book.client().neighbour(), book.token());
  const std::string both = lab.fresh_id();
  std::vector<std::string> here{both}, there{both};
  for (int i = 0; i < 20; ++i) {
    here.push_back(lab.fresh_id());
    there.push_back(lab.fresh_id());
  }
  int taken = 0;
  net::TaskGroup writers(lab.world().executor);
  writers.spawn("one", add_all(book, here, taken));
  writers.spawn("another", add_all(elsewhere, there, taken));
  co_await writers.join();
  lab.require("peers that were taken", taken, testing::Ge(41));
  const auto view = co_await book.pull();
  for (const auto& ids : {here, there})
    for (const auto& id : ids) lab.verdict("HTTP-ABPADD-04", view, ShowsPeer(id, json::object()));
  lab.verdict("HTTP-ABPADD-07", view.peers, RepeatsNothing());
}

// Texts are texts, whatever they look like.
CASE(book_add_awkward, "api/address-book/peers/awkward-texts",
     checks("HTTP-ABPADD-04", "HTTP-ABPUPD-05", "HTTP-GEN-01", "HTTP-GEN-07"),
     after("api/address-book/peers/dialog", "HTTP-ABPADD-01"), takes(kApiStory), alone()) {
  auto book = co_await personal_book(lab, "user");
  for (const Way way : ways(lab)) {
    book.use(way);
    std::map<std::string, json::object> expected;
    for (const auto& text : awkward_texts()) {
      const std::string id = lab.fresh_id();
      auto peer = peer_of(id);
      for (const char* name : {"username", "hostname", "alias", "note", "hash"}) peer[name] = text;
      const auto added = co_await book.add(peer);
      lab.verdict("HTTP-GEN-07", added, IsNoServerError());
      const auto updated = co_await book.update(peer);
      lab.verdict("HTTP-GEN-07", updated, IsNoServerError());
      if (added && added->status == 200) expected[id] = shown_members(peer);
    }
    const auto page = co_await book.peers_page(1);
    lab.verdict("HTTP-GEN-01", page, IsReadAsUtf8());
    const auto view = co_await book.pull();
    for (const auto& [id, members] : expected) {
      lab.verdict("HTTP-ABPADD-04", view, ShowsPeer(id, members));
      lab.verdict("HTTP-ABPUPD-05", view, ShowsPeer(id, members));
    }
  }
}

// Half a peer, and what is none: refused in words, and the book can still be read.
CASE(book_add_malformed, "api/address-book/peers/malformed-peer",
     checks("HTTP-ABPADD-05", "HTTP-ABPEERS-04", "HTTP-GEN-07", "HTTP-GEN-17"),
     after("api/address-book/peers/dialog", "HTTP-ABPADD-01"), takes(kApiStory), alone()) {
  auto book = co_await personal_book(lab, "user");
  const std::string id = lab.fresh_id();
  const std::string begin = "{\"id\":\"" + id + "\",";
  for (const Way way : ways(lab)) {
    book.use(way);
    for (const char* body :
         {"", "{", "[]", "null", "5", "\"text\"", "{}", R"({"alias":"x"})", R"({"id":5})",
          R"({"id":null})", R"({"id":{}})", "{\"id\":\"\xff\"}"}) {
      const auto answer = co_await book.add_text(body);
      lab.verdict("HTTP-ABPADD-05", answer, IsApiError());
      lab.verdict("HTTP-GEN-07", answer, IsNoServerError());
    }
    const std::vector<std::string> taken{"", "0", "5", "null", "\xEF\xBF\xBD"};
    book.may_hold(taken, {});
    for (const auto& one : taken) {
      const std::vector<std::string> ids{one};
      const auto left = co_await book.remove(ids);
      left.ignore();  // hardly any server took one
    }
    for (const char* rest :
         {R"("alias":5})", R"("tags":"office"})", R"("tags":[5,null,{}]})", R"("note":[]})",
          R"("hash":{},"username":true})", R"("same_server":"yes","platform":0})"}) {
      const auto answer = co_await book.add_text(begin + rest);
      lab.verdict("HTTP-GEN-07", answer, IsNoServerError());
      const auto view = co_await book.pull();
      lab.verdict("HTTP-ABPEERS-04", view.peers, IsReadByClients());
      const std::vector<std::string> ids{id};
      const auto gone = co_await book.remove(ids);
      gone.ignore();  // it need not be there
    }
  }
  (void)co_await api_still_serves(lab, book.client(), "HTTP-GEN-17");
}

}  // namespace deskcheck::conformance
