#include "reference-server/api/http.hpp"

#include <boost/beast/core/string.hpp>

#include <charconv>
#include <fstream>

namespace deskcheck::server::api {

namespace {

// "%41+b" is "A b" in a query and "A+b" in a path; a percent sign that begins nothing stays one.
std::string percent_decoded(std::string_view text, char plus = ' ') {
  std::string decoded;
  for (std::size_t at = 0; at < text.size(); ++at) {
    unsigned char byte = 0;
    const auto digits = text.substr(at + 1, 2);
    const bool coded =
        text[at] == '%' && digits.size() == 2 &&
        std::from_chars(digits.data(), digits.data() + 2, byte, 16).ptr == digits.data() + 2;
    decoded += coded ? static_cast<char>(byte) : text[at] == '+' ? plus : text[at];
    if (coded) at += 2;
  }
  return decoded;
}

}  // namespace

std::string_view Request::header(std::string_view name) const {
  for (const auto& [other, value] : headers)
    if (boost::beast::iequals(other, name)) return value;
  return {};
}

std::string_view Request::path() const {
  return std::string_view(target).substr(0, target.find('?'));
}

std::string_view Request::last_segment() const {
  const auto whole = path();
  return whole.substr(whole.rfind('/') + 1);
}

std::string Request::last_name() const { return percent_decoded(last_segment(), '+'); }

std::optional<std::string> Request::query(std::string_view name) const {
  std::string_view rest(target);
  const auto begin = rest.find('?');
  rest.remove_prefix(begin == std::string_view::npos ? rest.size() : begin + 1);
  while (!rest.empty()) {
    const auto member = rest.substr(0, rest.find('&'));
    rest.remove_prefix(std::min(rest.size(), member.size() + 1));
    const auto equals = std::min(member.find('='), member.size());
    if (percent_decoded(member.substr(0, equals)) != name) continue;
    return percent_decoded(member.substr(std::min(member.size(), equals + 1)));
  }
  return std::nullopt;
}

std::optional<std::string> read_piece(const FilePiece& piece, std::uint64_t begin,
                                      std::size_t most) {
  std::ifstream file(piece.file, std::ios::binary);
  file.seekg(static_cast<std::streamoff>(piece.offset + begin));
  if (!file) return std::nullopt;
  std::string bytes(std::min<std::uint64_t>(most, piece.size - begin), '\0');
  file.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  if (file.bad()) return std::nullopt;
  bytes.resize(static_cast<std::size_t>(file.gcount()));
  return bytes;
}

}  // namespace deskcheck::server::api
