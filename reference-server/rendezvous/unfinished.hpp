// A tunnelled exchange that has to wait until another server was asked.
#pragma once

#include "reference-server/api/elsewhere.hpp"
#include "reference-server/rendezvous/origin.hpp"

#include <functional>

namespace deskcheck::server {

struct Unfinished {
  api::Response response;  // with a question
  // What is to be done with the final one.
  std::function<Actions(api::Response)> then;

  Unfinished() = default;
};

}  // namespace deskcheck::server
