// Which release of the client a simulated account or agent behaves as, and where releases differ at
// the HTTP API. Everything that is not asked here is the same in all of them.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace deskcheck::sim {

class ClientRelease {
 public:
  // "1.3.8" ... "1.4.9", or "head": the development head after 1.4.9. Nothing for other texts.
  static std::optional<ClientRelease> parse(std::string_view name);
  static ClientRelease head();
  // All of them, the oldest first.
  static std::span<const std::string_view> names();

  std::string_view name() const;
  // What it calls itself: the head still says "1.4.9".
  std::string version() const;
  // The same as a number: 1.4.9 is 1004090. client: libs/hbb_common src/lib.rs:264
  std::int64_t version_number() const;

  // --- calls of the user interface
  // They go through the client's Rust stack, with its time limit of 12 s, and what it hands over is
  // encoded once more. Before, the Dart library made them.
  bool dart_calls_through_rust() const { return at_least("1.4.4"); }
  // Malformed UTF-8 makes a call fail; since then it is replaced.
  bool fails_on_malformed_utf8() const { return !at_least("1.4.2"); }
  // POSTs without a body say so; 1.4.4 alone says nothing, as its Rust library does.
  bool says_empty_body() const { return name() != "1.4.4"; }
  // A failed call, or a status of 500 and more, is asked once more through the rendezvous port.
  bool falls_back_to_tunnel() const { return at_least("1.4.7"); }

  // A call over HTTPS that fails is tried with a second TLS library, and a probe comes first.
  bool tries_second_tls_library() const { return at_least("1.4.4"); }

  // --- account
  // A challenge that names the user makes it look signed in.
  bool challenge_looks_signed_in() const { return !at_least("1.4.0"); }
  // An answer to currentUser that is an error or garbage is shown, and stops what would follow.
  // Before, only a failed transport did.
  bool shows_errors_of_current_user() const { return *this == head(); }
  // Who begins to sign in at a provider says under which URL it knows the server.
  bool tells_api_domain() const { return *this == head(); }

  // --- address books
  // Any failure of /api/ab/personal is taken for a server with one text per user. Since then only
  // 404 and an answer without guid are, and the rest stops with an error.
  bool takes_failures_for_legacy() const { return !at_least("1.4.7"); }
  // A 401 on a list of books signs out.
  bool signs_out_on_book_lists() const { return at_least("1.4.7"); }
  // Tags that the book does not have are left out when a peer is added.
  bool drops_unknown_tags() const { return at_least("1.4.1"); }
  // An error that says "disabled" empties the group tab.
  bool empties_disabled_group_tab() const { return at_least("1.4.1"); }

  // --- agent
  // Asks for the version of its sysinfo before it uploads one that has not changed.
  bool asks_sysinfo_version() const { return !at_least("1.4.1"); }
  // A transport that fails there counts as "unchanged".
  bool takes_silence_for_same_sysinfo() const { return !at_least("1.4.0"); }
  // Any answer there shows that the server is one with an API.
  bool sysinfo_version_proves_api() const { return at_least("1.4.0"); }
  // Uploads sysinfo again when another person has logged on to the device.
  bool watches_desktop_user() const { return at_least("1.4.1"); }
  // Audits carry a nonce, are successful with an empty body only, and are tried three times.
  bool repeats_audits() const { return *this == head(); }
  // Audits say who vouched for the session, and alarms and files the connection.
  bool audits_name_connection() const { return at_least("1.4.9"); }

  // A server of the makers, for whom agents and tunnels are off. client:src/common.rs:1089-1099
  bool is_public(std::string_view api_url) const;

  friend auto operator<=>(const ClientRelease&, const ClientRelease&) = default;

 private:
  explicit ClientRelease(std::size_t index) : index_(index) {}
  bool at_least(std::string_view name) const;

  std::size_t index_;  // in names()
};

}  // namespace deskcheck::sim
