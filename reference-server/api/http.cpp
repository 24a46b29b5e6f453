#include "reference-server/api/http.hpp"

#include <boost/beast/core/string.hpp>

namespace deskcheck::server::api {

std::string_view Request::header(std::string_view name) const {
  for (const auto& [other, value] : headers)
    if (boost::beast::iequals(other, name)) return value;
  return {};
}

std::string_view Request::path() const {
  return std::string_view(target).substr(0, target.find('?'));
}

}  // namespace deskcheck::server::api
