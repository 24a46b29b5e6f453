#include "conformance/lab/answer.hpp"

#include <boost/asio/error.hpp>
#include <boost/system/errc.hpp>

namespace deskcheck::conformance {

bool is_of_this_machine(const boost::system::error_code& error) {
  namespace errc = boost::system::errc;
  for (const auto lacking :
       {errc::address_in_use, errc::address_not_available, errc::too_many_files_open,
        errc::too_many_files_open_in_system, errc::no_buffer_space})
    if (error == lacking) return true;
  return false;
}

std::string lacking_here(const std::string& what) {
  return "this machine lacks what the case needs: " + what;
}

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
