#include "reference-server/api/byte_ranges.hpp"

#include "reference-server/api/answers.hpp"

#include <boost/beast/core/string.hpp>

#include <charconv>

namespace deskcheck::server::api {

namespace {

constexpr std::string_view kUnit = "bytes=";

std::optional<std::uint64_t> position(std::string_view text) {
  std::uint64_t value = 0;
  const char* end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, value);
  if (text.empty() || parsed.ec != std::errc() || parsed.ptr != end) return std::nullopt;
  return value;
}

struct Range {
  std::uint64_t begin = 0, size = 0;  // size 0: there is nothing that was asked for
};

// Nothing: the whole.
std::optional<Range> asked_for(const Request& request, std::uint64_t size) {
  auto text = request.header("Range");
  if (!boost::beast::iequals(text.substr(0, kUnit.size()), kUnit)) return std::nullopt;
  text.remove_prefix(kUnit.size());
  if (!request.header("If-Range").empty()) return std::nullopt;
  const auto dash = text.find('-');
  if (dash == std::string_view::npos) return std::nullopt;
  const auto first = position(text.substr(0, dash)), last = position(text.substr(dash + 1));
  if (dash == 0) {
    if (!last) return std::nullopt;
    const auto count = std::min(*last, size);
    return Range{size - count, count};
  }
  const bool open_end = dash + 1 == text.size();
  if (!first || (!last && !open_end) || (last && *last < *first)) return std::nullopt;
  if (*first >= size) return Range{0, 0};
  return Range{*first, (last ? std::min(*last, size - 1) : size - 1) - *first + 1};
}

}  // namespace

Response bytes_answer(const Request& request, StoredBytes stored) {
  Response response;
  response.headers = {{"Content-Type", "application/octet-stream"}, {"Accept-Ranges", "bytes"}};
  const auto range = asked_for(request, stored.size);
  const auto whole = std::to_string(stored.size);
  if (range && range->size == 0) {
    auto refused = failure(416, "There is nothing in this range");
    refused.headers.emplace_back("Content-Range", "bytes */" + whole);
    return refused;
  }
  const Range part = range.value_or(Range{0, stored.size});
  if (range) {
    response.status = 206;
    response.headers.emplace_back("Content-Range", "bytes " + std::to_string(part.begin) + "-" +
                                                       std::to_string(part.begin + part.size - 1) +
                                                       "/" + whole);
  }
  if (stored.file.empty()) {
    response.body = stored.bytes.substr(part.begin, part.size);
    return response;
  }
  response.piece.emplace();
  response.piece->file = std::move(stored.file);
  response.piece->offset = part.begin;
  response.piece->size = part.size;
  return response;
}

}  // namespace deskcheck::server::api
