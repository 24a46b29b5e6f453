// What can be wrong with bytes from the wire and with key files, as values: boost::system error
// codes of one category. message() is one sentence without a full stop, fit to follow "NAME: ".
#pragma once

#include <boost/system/error_code.hpp>
#include <boost/system/result.hpp>

namespace deskcheck::wire {

enum class Error {
  frame_too_long = 1,  // announced length above the limit that the owner set, or not expressible
  not_a_message,       // bytes do not parse as the protobuf message that must be there
  bad_base64,
  bad_key_length,
  key_mismatch,  // secret and public half of a key pair do not belong together
  bad_signature,
  wrong_id,         // a signed identity names another id
  bad_box,          // a sealed key does not open
  bad_ciphertext,   // an encrypted frame does not open
  wrong_key_count,  // KeyExchange without exactly the expected number of keys
  key_file_malformed,
  key_file_unreadable,
  key_file_unwritable,
  weak_key,  // an X25519 key of low order: no secret can be agreed with its owner
};

const boost::system::error_category& category();
boost::system::error_code make_error_code(Error e);

template <class T>
using Result = boost::system::result<T>;

}  // namespace deskcheck::wire

template <>
struct boost::system::is_error_code_enum<deskcheck::wire::Error> : std::true_type {};
