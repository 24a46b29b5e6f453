// A document checked against a JSON Schema (draft 7). libvalijson decides whether it holds; the
// words for people are ours (explain.cpp), because those of validators do not help anybody.
//
// A schema's `description` is read by people whose value is wrong: it follows "this must be ". Not
// allowed in schemas: pattern, patternProperties, format (std::regex recurses for each character).
#pragma once

#include "proto/document/document.hpp"

#include <boost/json/value.hpp>

#include <memory>
#include <string>
#include <string_view>

namespace deskcheck::document {

class Schema {
 public:
  // Throws std::logic_error if `text` is no schema that is allowed here: it is part of the program.
  explicit Schema(std::string_view text);
  ~Schema();
  Schema(Schema&&) noexcept;
  Schema& operator=(Schema&&) noexcept;

  // Ordered by place; empty: all is well. At most 20.
  Mistakes check(const Document& document) const;

 private:
  struct Compiled;
  std::unique_ptr<const Compiled> compiled_;
};

}  // namespace deskcheck::document
