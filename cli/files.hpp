// Files that the user names: opened before the work begins, so that a mistake is told at once.
#pragma once

#include "proto/document/mistake.hpp"

#include <cstdio>
#include <memory>
#include <string>

namespace deskcheck::cli {

// A file that a person wrote; of what is too long for one, as much as shows that. Throws UsageError
// that calls it `what` ("the target file").
std::string read_document(const std::string& path, const std::string& what);
// In place of a file, or as a new one: readers see the old text or the new one. Throws UsageError.
void replace_file(const std::string& path, const std::string& text);
// Of a file that a person wrote. Throws UsageError with all of them, each with its spot.
[[noreturn]] void refuse(const document::Mistakes& mistakes);

class OutputFile {
 public:
  enum class Mode { replace, append };
  // An empty path writes nothing. Throws UsageError if it cannot be written.
  explicit OutputFile(std::string path, Mode mode = Mode::replace);
  bool wanted() const { return file_ != nullptr; }
  // Writes and closes. Throws UsageError if the disk is full.
  void write(const std::string& text);

 private:
  std::string path_;
  std::unique_ptr<std::FILE, int (*)(std::FILE*)> file_;
};

// A whole file. Throws UsageError if it cannot be read.
std::string read_file(const std::string& path);

}  // namespace deskcheck::cli
