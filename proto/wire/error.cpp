#include "proto/wire/error.hpp"

#include <string>

namespace deskcheck::wire {
namespace {

const char* text(Error error) {
  switch (error) {
    case Error::frame_too_long:
      return "the frame is longer than this connection accepts or a header can express";
    case Error::not_a_message:
      return "the bytes are not the protobuf message that must be here";
    case Error::bad_base64:
      return "the text is not standard base64 with padding";
    case Error::bad_key_length:
      return "the key does not have the length that it must have";
    case Error::key_mismatch:
      return "the public half of the secret key does not belong to its seed";
    case Error::bad_signature:
      return "the signature was not made over this message by the expected key";
    case Error::wrong_id:
      return "the signed identity names another id";
    case Error::bad_box:
      return "the sealed key cannot be opened with this pair of keys";
    case Error::bad_ciphertext:
      return "the encrypted frame cannot be opened with the key and counter of this stream";
    case Error::wrong_key_count:
      return "the key exchange does not carry the expected number of keys";
    case Error::key_file_malformed:
      return "the secret key file does not hold one secret key as base64 text of 88 characters";
    case Error::key_file_unreadable:
      return "the secret key file exists or may exist, but cannot be read";
    case Error::key_file_unwritable:
      return "the key files cannot be created in their folder";
    case Error::weak_key:
      return "the peer's key is a point of low order, with which no secret can be agreed";
  }
  return "unknown error";
}

class Category final : public boost::system::error_category {
 public:
  const char* name() const noexcept override { return "deskcheck.wire"; }
  std::string message(int value) const override { return text(static_cast<Error>(value)); }
};

}  // namespace

const boost::system::error_category& category() {
  static const Category instance;
  return instance;
}

boost::system::error_code make_error_code(Error e) { return {static_cast<int>(e), category()}; }

}  // namespace deskcheck::wire
