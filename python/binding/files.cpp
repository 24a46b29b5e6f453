#include "python/binding/files.hpp"

#include "conformance/registry/usage_error.hpp"
#include "proto/net/tls.hpp"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace deskcheck::python {

using conformance::UsageError;

std::string read_file(const std::string& path, const std::string& what) {
  std::ifstream in(path, std::ios::binary);
  const bool folder = std::filesystem::is_directory(path);
  if (!in || folder)
    throw UsageError("cannot read " + path + ": " +
                     (folder ? "it is a folder" : std::strerror(errno)) + "; give the path of " +
                     what);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::string read_certificates(const std::string& path) {
  auto certificates = read_file(path, "certificates in PEM");
  try {
    (void)net::TlsTrust::only(certificates);
  } catch (const net::TlsError& error) {
    throw UsageError(path + ": " + error.what());
  }
  return certificates;
}

void refuse(const document::Mistakes& mistakes) {
  std::string text = document::render(mistakes);
  while (text.ends_with('\n')) text.pop_back();
  throw UsageError(text);
}

}  // namespace deskcheck::python
