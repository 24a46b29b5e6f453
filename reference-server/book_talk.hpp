// What the HTTP API says about address books: a conversation in which every wrong policy of them
// shows. Tests only.
#pragma once

#include "reference-server/api/api.hpp"
#include "reference-server/store/memory_api_store.hpp"

namespace deskcheck::server {

class BookTalk {
 public:
  explicit BookTalk(const WrongPolicies& wrong) {
    options_.faults.policies = wrong;
    options_.password_cost = PasswordCost::minimal;
    options_.limits.peers_per_book = 4;
    for (const char* name : {"alice", "bob", "carol"}) {
      AccountFixture fixture;
      fixture.name = name;
      fixture.password = "right";
      options_.accounts.push_back(fixture);
    }
    for (const char* name : {"Team", "Branch"}) {
      BookFixture book;
      book.name = name;
      book.owner = "alice";
      book.rules = {{"bob", 1}};
      options_.books.push_back(book);
    }
  }
  std::string text() {
    start();
    for (const char* name : {"alice", "bob", "carol"}) tokens_[name] = token_of(name);
    legacy();
    books();
    peers();
    tags();
    rights();
    options_.address_books = AddressBooks::legacy;
    start();
    ask("POST", "personal", "alice");
    return text_;
  }

 private:
  void start() {
    api::Api::Needs needs;
    needs.deploy = [](const api::Deployment&) { return api::DeployResult::not_enabled; };
    needs.registered = [](const std::string&) -> boost::system::result<std::optional<std::string>> {
      return std::optional<std::string>();
    };
    api_.emplace(options_, store_, net::Random(1), std::move(needs));
  }
  std::string token_of(const std::string& name) {
    api::Request request;
    request.method = "POST";
    request.target = "/api/login";
    request.body = R"({"username":")" + name +
                   R"(","password":"right","autoLogin":true,"deviceInfo":{"os":"linux"}})";
    const auto body = api_->on(request, now_).body;
    const auto at = body.find(R"(access_token":")");
    return at == std::string::npos ? "" : body.substr(at + 15, 43);
  }
  // `route` follows /api/ab/; "" and "get" are those of old clients.
  std::string ask(std::string method, const std::string& route, const std::string& who,
                  const std::string& body = "") {
    api::Request request;
    request.method = std::move(method);
    request.target = "/api/ab" + (route.empty() ? "" : "/" + route);
    request.body = body;
    request.headers = {{"Authorization", "Bearer " + tokens_[who]}};
    const auto response = api_->on(request, now_);
    text_ += std::to_string(response.status) + " " + response.body + "\n";
    return response.body;
  }
  void legacy() {
    for (const char* who : {"nobody", "alice"}) ask("GET", "", who);
    ask("POST", "get", "alice", "{}");
    ask("POST", "", "alice", "{}");
    const auto push = [&](const std::string& book) {
      ask("POST", "", "alice", boost::json::serialize(boost::json::object{{"data", book}}));
      ask("GET", "", "alice");
      ask("POST", "get", "alice", "{}");
    };
    push(R"({"tags":["b","a"],"peers":[{"id":"1"}],"tag_colors":"{\"a\":1}","new":1})");
    push(R"({"tags":["b","a"],"peers":[{"id":"2"}]})");
    push(R"({"x":")" + std::string(70'000, 'x') + "\"}");
  }
  static std::string guid_in(const std::string& text, std::size_t number = 0) {
    std::size_t at = text.find(R"("guid":")");
    for (; number > 0 && at != std::string::npos; --number) at = text.find(R"("guid":")", at + 1);
    return at == std::string::npos ? "none" : text.substr(at + 8, 36);
  }
  void books() {
    ask("POST", "settings", "alice");
    ask("POST", "personal", "nobody");
    own_ = guid_in(ask("POST", "personal", "alice"));
    own_ = guid_in(ask("POST", "personal", "alice", "{}"));
    for (const char* who : {"alice", "bob", "carol"}) ask("POST", "shared/profiles", who);
    for (const char* page : {"1", "2"})
      ask("POST", std::string("shared/profiles?pageSize=1&current=") + page, "alice");
    shared_ = guid_in(ask("POST", "shared/profiles?current=1", "alice", "{}"));
  }
  void show(const std::string& guid, const std::string& who = "alice") {
    ask("POST", "peers?ab=" + guid, who, "{}");
    ask("POST", "tags/" + guid, who, "{}");
  }
  void peers() {
    for (const char* peer :
         {R"({"id":"1","alias":"A","note":"n","hash":"h","platform":"Windows","tags":["a"]})",
          R"({"id":"2"})", R"({"id":"3","alias":"","forceAlwaysRelay":"true"})"})
      ask("POST", "peer/add/" + own_, "alice", peer);
    ask("POST", "peers?pageSize=1&current=2&ab=" + own_, "alice");
    show(own_);
    ask("POST", "peer/add/" + own_, "alice", R"({"id":"1","alias":"A"})");
    show(own_);
    const auto update = [&](const std::string& body) {
      ask("PUT", "peer/update/" + own_, "alice", body);
      show(own_);
    };
    update(R"({"id":"1","hostname":"PC"})");
    update(R"({"id":"1","alias":"","tags":[]})");
    update(R"({"id":"9"})");
    ask("DELETE", "peer/" + own_, "alice", R"(["2","77"])");
    show(own_);
    for (const char* id : {"4", "5", "6", "7"})
      ask("POST", "peer/add/" + own_, "alice", R"({"alias":"","id":")" + std::string(id) + "\"}");
    ask("POST", "peer/add/" + shared_, "alice", R"({"id":"1","alias":"A","hash":"h"})");
  }
  void tags() {
    ask("POST", "tags/" + own_, "alice");
    show(own_);
    for (const char* tag : {R"({"name":"a","color":4294967295})", R"({"name":"b","color":1})",
                            R"({"name":"b","color":1})"})
      ask("POST", "tag/add/" + own_, "alice", tag);
    ask("PUT", "peer/update/" + own_, "alice", R"({"id":"3","tags":["a","b"]})");
    show(own_);
    ask("PUT", "tag/update/" + own_, "alice", R"({"name":"b","color":2})");
    ask("PUT", "tag/rename/" + own_, "alice", R"({"old":"a","new":"c"})");
    show(own_);
    ask("PUT", "tag/rename/" + own_, "alice", R"({"old":"b","new":"c"})");
    ask("DELETE", "tag/" + own_, "alice", R"(["c"])");
    show(own_);
  }
  void rights() {
    show(shared_, "bob");
    ask("POST", "peer/add/" + shared_, "bob", R"({"id":"8","alias":"A"})");
    show(shared_, "bob");
    show(own_, "carol");
  }

  Options options_;
  MemoryApiStore store_;
  net::Time now_{std::chrono::hours(1)};
  std::optional<api::Api> api_;
  std::map<std::string, std::string> tokens_;
  std::string own_, shared_;
  std::string text_;
};

}  // namespace deskcheck::server
