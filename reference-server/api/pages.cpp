#include "reference-server/api/pages.hpp"

#include <charconv>

namespace deskcheck::server::api {

namespace {

constexpr std::int64_t kMost = 1'000'000;  // pages, and what is on one: nothing has more

std::optional<std::int64_t> number_of(const Request& request, const char* name,
                                      std::int64_t otherwise) {
  const auto text = request.query(name);
  if (!text) return otherwise;
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), number);
  if (error == std::errc::result_out_of_range) return kMost;
  if (error != std::errc() || end != text->data() + text->size() || number == 0)
    return std::nullopt;
  return static_cast<std::int64_t>(std::min<std::uint64_t>(number, kMost));
}

}  // namespace

std::optional<Page> page_of(const Request& request) {
  const auto number = number_of(request, "current", 1);
  const auto size = number_of(request, "pageSize", 100);
  if (!number || !size) return std::nullopt;
  return Page{*number, *size};
}

Response no_page() { return failure(400, "current and pageSize have to be numbers from 1 on"); }

}  // namespace deskcheck::server::api
