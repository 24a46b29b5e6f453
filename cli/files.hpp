// Files that the user names: opened before the work begins, so that a mistake is told at once.
#pragma once

#include <cstdio>
#include <memory>
#include <string>

namespace deskcheck::cli {

class OutputFile {
 public:
  // An empty path writes nothing. Throws UsageError if it cannot be written.
  explicit OutputFile(std::string path);
  bool wanted() const { return file_ != nullptr; }
  // Writes and closes. Throws UsageError if the disk is full.
  void write(const std::string& text);

 private:
  std::string path_;
  std::unique_ptr<std::FILE, int (*)(std::FILE*)> file_;
};

}  // namespace deskcheck::cli
