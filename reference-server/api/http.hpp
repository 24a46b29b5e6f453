// An HTTP exchange as values, wherever it came from: the HTTP port, or the tunnel over the
// rendezvous port. Decides nothing.
#pragma once

#include <boost/asio/ip/address.hpp>

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace deskcheck::server::api {

struct Request {
  std::string method;                                        // upper case
  std::string target;                                        // path and query, as sent
  std::vector<std::pair<std::string, std::string>> headers;  // name, value
  std::string body;
  boost::asio::ip::address from = {};  // the client's
  bool over_tls = false;               // it came over HTTPS

  // The first header of that name, in any case; empty if there is none.
  std::string_view header(std::string_view name) const;
  // The target without its query.
  std::string_view path() const;
  // What follows the last slash of the path.
  std::string_view last_segment() const;
  // The same, decoded.
  std::string last_name() const;
  // The value of the first member of the query that has this name, decoded; empty for one without
  // "=". Nothing if there is none.
  std::optional<std::string> query(std::string_view name) const;
};

// A piece of a file, which is read while it is sent.
struct FilePiece {
  std::filesystem::path file;
  std::uint64_t offset = 0, size = 0;

  FilePiece() = default;
};

struct Elsewhere;

// The body is never compressed.
struct Response {
  int status = 200;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  std::optional<FilePiece> piece = {};  // in place of the body
  // Not the response yet: another server has to be asked first (elsewhere.hpp).
  std::shared_ptr<const Elsewhere> elsewhere = {};

  std::uint64_t size() const { return piece ? piece->size : body.size(); }
};

// At most `most` bytes of the piece, from `begin` on; fewer only at its end or if the file ends
// before. Nothing if it cannot be read.
std::optional<std::string> read_piece(const FilePiece& piece, std::uint64_t begin,
                                      std::size_t most);

}  // namespace deskcheck::server::api
