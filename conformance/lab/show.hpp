// Values as a report shows them: messages decoded, addresses readable, bytes short.
#pragma once

#include "conformance/lab/answer.hpp"
#include "proto/net/endpoint.hpp"
#include "proto/net/time.hpp"

#include <google/protobuf/message.h>

#include <gmock/gmock.h>

#include <string>
#include <vector>

namespace deskcheck::conformance {

std::string show_message(const google::protobuf::Message& message);
// In quotes if it is a text (UTF-8, ends of lines as \n), else "12 bytes: 0a0b..."; both are cut.
std::string show_bytes(const std::string& bytes);
std::string show_error(const boost::system::error_code& error);

template <class T>
std::string show(const T& value) {
  if constexpr (std::is_base_of_v<google::protobuf::Message, T>) {
    return show_message(value);
  } else if constexpr (std::is_same_v<T, std::string>) {
    return show_bytes(value);
  } else if constexpr (std::is_same_v<T, net::Endpoint>) {
    return to_string(value);
  } else if constexpr (std::is_same_v<T, boost::system::error_code>) {
    return value ? show_error(value) : "no error";
  } else if constexpr (std::is_same_v<T, net::Duration>) {
    return std::to_string(std::chrono::duration_cast<std::chrono::milliseconds>(value).count()) +
           " ms";
  } else {
    return testing::PrintToString(value);
  }
}
template <class T>
std::string show(const std::vector<T>& values) {
  if (values.empty()) return "nothing";
  std::string text;
  for (const auto& value : values) text += (text.empty() ? "" : ", ") + show(value);
  return text;
}
template <class T>
std::string show(const Answer<T>& answer) {
  if (!answer.arrived()) return show_error(answer.error());
  if constexpr (std::is_void_v<T>) {
    return "done";
  } else if constexpr (std::is_copy_constructible_v<T>) {
    return show(answer.value());
  } else {
    return "done";
  }
}

}  // namespace deskcheck::conformance
