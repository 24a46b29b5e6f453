#include "conformance/target/control_reader.hpp"

#include "conformance/target/hooks.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

namespace deskcheck::conformance {

namespace {

using document::Cursor;

using Names = std::set<std::string>;

// The names that a text has in ${...}.
std::vector<std::string> names_in(std::string_view text) {
  std::vector<std::string> names;
  for (std::size_t at = text.find("${"); at != text.npos; at = text.find("${", at)) {
    const auto end = text.find('}', at);
    if (end == text.npos) break;
    names.emplace_back(text.substr(at + 2, end - at - 2));
    at = end;
  }
  return names;
}

// Without what its names stand for, which is encoded.
std::string written_out(std::string_view text) {
  std::string rest(text);
  for (const auto& name : names_in(text)) rest.erase(rest.find("${" + name + '}'), name.size() + 3);
  return rest;
}

// As a request line of HTTP can carry it.
bool is_path(std::string_view text) {
  return std::ranges::none_of(text, [](char c) {
    const auto octet = static_cast<unsigned char>(c);
    return octet <= 0x20 || octet == 0x7F;
  });
}

// RFC 9110 (5.1, 5.6.2).
bool is_field_name(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
  });
}

class ControlReader {
 public:
  ControlReader(const std::map<std::string, Account>& accounts, document::Mistakes& mistakes)
      : accounts_(accounts), mistakes_(mistakes) {}

  Control read(const Cursor& control) {
    Control all;
    for (const auto& one : control.children()) {
      const std::string name(one.key());
      if (name == "login")
        all.login = login_in(one);
      else
        all.hooks[name] = hook_in(one, hook_arguments(name));
    }
    return all;
  }

 private:
  void refuse(document::Mistake mistake) { mistakes_.push_back(std::move(mistake)); }

  // `known` grows by what the calls take.
  Hook hook_in(const Cursor& place, Names known) {
    Hook hook;
    if (!place.is_list()) {
      hook.calls.push_back(call_in(place, known));
      return hook;
    }
    for (const auto& one : place.children()) {
      if (one.is_list())
        refuse(one.mistake("a call cannot be a list of calls", "write them one below the other"));
      else
        hook.calls.push_back(call_in(one, known));
    }
    return hook;
  }

  HookCall call_in(const Cursor& place, Names& known) {
    HookCall call;
    const auto http = place.find("http"), exec = place.find("exec");
    if (http.has_value() == exec.has_value()) {
      refuse(place.mistake(
          http ? "this is a question and a command" : "this is neither a question nor a command",
          "write either 'http' or 'exec'"));
      return call;
    }
    read_condition(place, "if", known, call.only_if);
    read_condition(place, "unless", known, call.unless);
    if (http) read_question(*http, known, call);
    if (exec) read_command(*exec, known, call);
    read_answer(place, known, call);
    if (const auto seconds = place.find("seconds")) {
      if (http)
        refuse(seconds->mistake_at_key("only a command has a time of its own", "take it out"));
      call.limit = std::chrono::seconds(seconds->json().to_number<int>());
    }
    if (const auto expect = place.find("expect"))
      for (const auto& one : expect->children()) {
        check_from_a_slash(one, std::string(one.key()));
        check_names_in(one, one.key(), known);
        check_names(one, known);
        call.expect[std::string(one.key())] = one.json();
      }
    if (const auto take = place.find("take"))
      for (const auto& one : take->children()) {
        call.take[std::string(one.key())] = place_in(one, known);
        taken_.insert(std::string(one.key()));
      }
    known.merge(taken_);
    taken_.clear();
    return call;
  }

  void read_condition(const Cursor& place, const char* key, const Names& known, std::string& name) {
    const auto found = place.find(key);
    if (!found) return;
    name = found->text();
    check_name(*found, name, known);
  }

  void read_question(const Cursor& http, const Names& known, HookCall& call) {
    const auto path = http.find("path");
    check_from_a_slash(*path, std::string(path->text()));
    check_names(*path, known);
    if (!is_path(written_out(path->text())))
      refuse(path->mistake("'" + path->written() + "' has a space in it, or what is no character",
                           "write %20 for a space"));
    call.path = path->text();
    if (const auto method = http.find("method")) call.method = method->text();
    if (const auto body = http.find("body")) {
      check_names(*body, known);
      call.body = body->json();
    }
    if (const auto role = http.find("as")) call.as = role->text();
    if (!accounts_.contains(call.as))
      refuse(http.mistake_at_key("nobody can ask this: there is no account '" + call.as + "'",
                                 "name one under 'accounts'"));
    read_answer(http, known, call);
  }

  void read_command(const Cursor& exec, const Names& known, HookCall& call) {
    for (const auto& word : exec.children()) {
      check_names(word, known);
      call.exec.emplace_back(word.is_text() ? std::string(word.text()) : word.written());
    }
  }

  void read_answer(const Cursor& from, const Names& known, HookCall& call) {
    if (const auto answer = from.find("answer")) call.answer = place_in(*answer, known);
    if (const auto members = from.find("members"))
      for (const auto& member : members->children()) {
        check_from_a_slash(member, std::string(member.text()));
        call.members[std::string(member.key())] = member.text();
      }
  }

  std::string place_in(const Cursor& place, const Names& known) {
    const std::string text(place.text());
    check_from_a_slash(place, text);
    check_names(place, known);
    return text;
  }

  HookLogin login_in(const Cursor& place) {
    HookLogin login;
    Names known{"user", "password"};
    if (place.find("http")) login.call = call_in(place, known);
    for (const auto& header : place.find("headers")->children()) {
      check_names(header, known);
      if (!is_field_name(header.key()))
        refuse(header.mistake_at_key("'" + std::string(header.key()) + "' is no name of a header",
                                     "write it as X-Api-Key"));
      login.headers[std::string(header.key())] = header.text();
    }
    if (const auto logout = place.find("logout")) {
      if (!login.call)
        refuse(logout->mistake_at_key("nobody signs in, so nobody can sign out", "take it out"));
      login.logout = call_in(*logout, known);
    }
    return login;
  }

  void check_from_a_slash(const Cursor& place, const std::string& text) {
    if (!text.starts_with('/'))
      refuse(place.mistake("'" + text + "' begins with no slash", "write it as /a/b"));
  }

  // Of every text below `place`.
  void check_names(const Cursor& place, const Names& known) {
    check_names_in(place, place.text(), known);
    for (const auto& child : place.children()) check_names(child, known);
  }
  void check_names_in(const Cursor& place, std::string_view text, const Names& known) {
    for (const auto& name : names_in(text)) check_name(place, name, known);
  }

  void check_name(const Cursor& place, const std::string& name, const Names& known) {
    if (known.contains(name)) return;
    const std::string all = fmt::format("{}", fmt::join(known, ", "));
    refuse(place.mistake("nothing is called '" + name + "' here",
                         all.empty() ? "this hook is told nothing" : "there is: " + all));
  }

  const std::map<std::string, Account>& accounts_;
  document::Mistakes& mistakes_;
  Names taken_;
};

}  // namespace

Control read_control(const Cursor& control, const std::map<std::string, Account>& accounts,
                     std::filesystem::path folder, document::Mistakes& mistakes) {
  Control all = ControlReader(accounts, mistakes).read(control);
  all.folder = std::move(folder);
  return all;
}

}  // namespace deskcheck::conformance
