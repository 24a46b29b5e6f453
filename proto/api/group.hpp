// What the group tab of clients shows: GET /api/device-group/accessible, /api/users, /api/peers.
// Users are as in user_payload.hpp. Source: http-api.md chapter 4.
#pragma once

#include <boost/json.hpp>

#include <string>

namespace deskcheck::http_api {

struct AccessibleDevice {
  std::string id;
  std::string username, device_name, os;  // as the device says of itself
  std::string user_name;                  // its owner, one of /api/users; may be empty
  std::string device_group_name;          // one of /api/device-group/accessible; may be empty

  AccessibleDevice() = default;
};

boost::json::object to_json(const AccessibleDevice& device);

}  // namespace deskcheck::http_api
