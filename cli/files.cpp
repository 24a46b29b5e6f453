#include "cli/files.hpp"

#include "cli/commands.hpp"

#include <cerrno>
#include <cstring>

namespace deskcheck::cli {

OutputFile::OutputFile(std::string path) : path_(std::move(path)), file_(nullptr, &std::fclose) {
  if (path_.empty()) return;
  file_.reset(std::fopen(path_.c_str(), "w"));
  if (!file_)
    throw UsageError("cannot write " + path_ + ": " + std::strerror(errno) +
                     "; name a file in a folder that exists and is yours");
}

void OutputFile::write(const std::string& text) {
  if (!file_) return;
  const bool written = std::fwrite(text.data(), 1, text.size(), file_.get()) == text.size() &&
                       std::fflush(file_.get()) == 0;
  const int error = errno;
  const bool closed = std::fclose(file_.release()) == 0;
  if (!written || !closed)
    throw UsageError("cannot write " + path_ + ": " + std::strerror(written ? errno : error) +
                     "; the report is incomplete, free some space and run again");
}

}  // namespace deskcheck::cli
