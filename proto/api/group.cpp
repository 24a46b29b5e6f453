#include "proto/api/group.hpp"

namespace deskcheck::http_api {

boost::json::object to_json(const AccessibleDevice& device) {
  boost::json::object info{
      {"username", device.username}, {"device_name", device.device_name}, {"os", device.os}};
  return boost::json::object{{"id", device.id},
                             {"info", std::move(info)},
                             {"status", 1},
                             {"user", ""},
                             {"user_name", device.user_name},
                             {"device_group_name", device.device_group_name},
                             {"note", ""}};
}

}  // namespace deskcheck::http_api
