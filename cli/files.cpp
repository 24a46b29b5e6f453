#include "cli/files.hpp"

#include "cli/commands.hpp"
#include "proto/document/document.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>

namespace deskcheck::cli {

std::string read_document(const std::string& path, const std::string& what) {
  errno = 0;
  std::ifstream in(path, std::ios::binary);
  std::error_code error;
  const bool folder = std::filesystem::is_directory(path, error);  // can be opened, but not read
  if (!in || folder)
    throw UsageError("cannot read " + path + ": " +
                     (folder ? "it is a folder" : std::strerror(errno)) + "; give the path of " +
                     what);
  std::string text(document::kLongestText + 1, '\0');  // some files never end
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(in.gcount()));
  return text;
}

void replace_file(const std::string& path, const std::string& text) {
  const std::string fresh = path + ".new";
  OutputFile(fresh).write(text);
  std::error_code error;
  std::filesystem::rename(fresh, path, error);
  if (error) throw UsageError("cannot write " + path + ": " + error.message());
}

void refuse(const document::Mistakes& mistakes) {
  std::string text = document::render(mistakes);
  if (!text.empty()) text.pop_back();  // the line feed, which the reader of the error adds
  throw UsageError(text);
}

OutputFile::OutputFile(std::string path, Mode mode)
    : path_(std::move(path)), file_(nullptr, &std::fclose) {
  if (path_.empty()) return;
  file_.reset(std::fopen(path_.c_str(), mode == Mode::append ? "a" : "w"));
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

std::string read_file(const std::string& path) {
  const auto fail = [&] {
    throw UsageError("cannot read " + path + ": " + std::strerror(errno) +
                     "; name a file that exists and is yours");
  };
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "r"),
                                                             &std::fclose);
  if (!file) fail();
  std::string text;
  std::array<char, 65536> part;
  while (const auto count = std::fread(part.data(), 1, part.size(), file.get()))
    text.append(part.data(), count);
  if (std::ferror(file.get())) fail();  // a folder, for example
  return text;
}

}  // namespace deskcheck::cli
