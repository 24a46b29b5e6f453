#include "conformance/lab/answer.hpp"

#include <boost/asio/error.hpp>

namespace deskcheck::conformance {

FailureKind kind_of_failure(const boost::system::error_code& error) {
  namespace errors = boost::asio::error;
  if (error == errors::timed_out) return FailureKind::no_answer;
  for (const auto& end :
       {boost::system::error_code(errors::eof), boost::system::error_code(errors::connection_reset),
        boost::system::error_code(errors::connection_aborted),
        boost::system::error_code(errors::connection_refused),
        boost::system::error_code(errors::broken_pipe)})
    if (error == end) return FailureKind::connection_ended;
  return FailureKind::wrong_value;  // something came that could not be read
}

}  // namespace deskcheck::conformance
