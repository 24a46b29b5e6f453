// Peers, tags and books of /api/ab/... . Source: http-api.md chapters 2 and 3.
#pragma once

#include <boost/json.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace deskcheck::http_api {

// Section 3.9.
struct BookPeer {
  std::string id;
  std::string hash;      // in a personal book: base64 of the hash of a password
  std::string password;  // in a shared one: clear text
  std::string username, hostname, platform, alias;
  std::vector<std::string> tags;             // names
  std::string force_always_relay = "false";  // or "true"
  std::string rdp_port, rdp_username, login_name, device_group_name, note;
  std::optional<bool> same_server;

  BookPeer() = default;
  bool operator==(const BookPeer&) const = default;
};

// Sets what the object has; members that are null count as absent. Other types, and texts longer
// than the limits below, are mistakes: the returned text names one, and the peer is of no use then.
std::optional<std::string> take(const boost::json::object& object, BookPeer& peer);
// All members.
boost::json::object to_json(const BookPeer& peer);

constexpr std::size_t kLongestPeerText = 4096;  // bytes
constexpr std::size_t kLongestPeerId = 256;     // bytes
constexpr std::size_t kLongestTag = 256;        // bytes
constexpr std::size_t kMostTagsOfPeer = 256;

struct BookTag {
  std::string name;         // never empty
  std::uint32_t color = 0;  // 0xAARRGGBB

  BookTag() = default;
};

// Nothing unless both are there and no longer or larger than they may be.
std::optional<BookTag> parse_book_tag(std::string_view text);
boost::json::object to_json(const BookTag& tag);

struct TagRename {
  std::string before, after;  // never empty
};
std::optional<TagRename> parse_tag_rename(std::string_view text);

// Nothing unless the text is an array of texts: what is to be deleted.
std::optional<std::vector<std::string>> parse_texts(std::string_view text);

// A book of several accounts.
struct BookProfile {
  std::string guid, name, owner, note;
  int rule = 0;          // 1 reads, 2 writes, 3 controls
  std::string password;  // proposed for its peers; may be empty

  BookProfile() = default;
};
boost::json::object to_json(const BookProfile& profile);

// POST /api/ab: the text of a whole legacy book. Nothing unless it is a JSON object: clients that
// get anything else cannot read their book any more (HTTP-ABGET-03).
std::optional<std::string> parse_legacy_book(std::string_view text);

}  // namespace deskcheck::http_api
