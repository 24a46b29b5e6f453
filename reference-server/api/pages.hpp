// Lists that clients read page by page. Source: http-api.md section 3.3, the paging loop.
#pragma once

#include "reference-server/api/answers.hpp"

#include <vector>

namespace deskcheck::server::api {

struct Page {
  std::int64_t number = 1;
  std::int64_t size = 100;

  std::int64_t first() const { return (number - 1) * size; }
};

// The query members current and pageSize; nothing if one of them is there and no number from 1 on.
std::optional<Page> page_of(const Request& request);
Response no_page();  // 400

// {"total": ..., "data": [...]}, total being the number of all.
template <class T, class ToJson>
Response page_answer(const std::vector<T>& all, Page page, ToJson to_json) {
  const auto size = static_cast<std::int64_t>(all.size());
  boost::json::array data;
  for (auto at = page.first(); at < size && at < page.first() + page.size; ++at)
    data.push_back(to_json(all[static_cast<std::size_t>(at)]));
  return json_answer(boost::json::object{{"total", size}, {"data", std::move(data)}});
}

}  // namespace deskcheck::server::api
