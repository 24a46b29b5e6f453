// A file that a person wrote, as a value: YAML read into JSON, and for every key and value its
// place, so that whoever finds a mistake in it, however late, can point at the spot. Knows nothing
// of what the file is for: schemas (schema.hpp) and their owners do.
//
// Of YAML it takes what such files need: one document of mappings, lists and scalars of the JSON
// kinds; block and flow style, all ways to quote, comments, anchors and aliases. It refuses tags
// other than !!str, keys that are no scalars, and a key that comes twice. Scalars are read as in
// YAML 1.2: `yes` is a text, and so is 0123 (ids begin with zeros).
#pragma once

#include "proto/document/mistake.hpp"

#include <boost/json/value.hpp>
#include <boost/system/result.hpp>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace deskcheck::document {

// Limits of parse(), far above what a person writes.
inline constexpr std::size_t kLongestText = 1 << 20;  // bytes
inline constexpr std::size_t kMostValues = 50'000;    // copies made by aliases included
inline constexpr std::size_t kDeepest = 64;           // mappings and lists within each other
inline constexpr std::size_t kLongestKey = 256;       // bytes

// Where a value stands; the children are in the order of the JSON object's or array's elements.
struct Spot {
  Place key;  // unknown for the root and for items of lists
  Place value;
  std::string written;  // a scalar as it stands in the file: 2.10 is not 2.1
  std::vector<Spot> children;
};

struct Content {
  std::string name, text;
  boost::json::value root;
  Spot spot;
};

// Points at one value of a document; cheap to copy, and keeps the document alive.
class Cursor {
 public:
  Cursor(std::shared_ptr<const Content> content, const boost::json::value& value, const Spot& spot,
         std::string_view key)
      : content_(std::move(content)), value_(&value), spot_(&spot), key_(key) {}

  const boost::json::value& json() const { return *value_; }
  bool is_map() const { return value_->is_object(); }
  bool is_list() const { return value_->is_array(); }
  bool is_text() const { return value_->is_string(); }
  bool is_null() const { return value_->is_null(); }
  // The text of a string; empty for anything else.
  std::string_view text() const;
  // A scalar as it stands in the file.
  const std::string& written() const { return spot_->written; }

  // Of a mapping's member: its key. Empty otherwise.
  std::string_view key() const { return key_; }
  Place place() const { return spot_->value; }
  Place key_place() const { return spot_->key; }

  // The members of a mapping or the items of a list, in the order of the file; none of a scalar.
  std::vector<Cursor> children() const;
  // A member by its key.
  std::optional<Cursor> find(std::string_view key) const;

  Mistake mistake(std::string what, std::string mend = {}) const;  // at the value
  Mistake mistake_at_key(std::string what, std::string mend = {}) const;

 private:
  Mistake at(Place place, std::string what, std::string mend) const;

  std::shared_ptr<const Content> content_;
  const boost::json::value* value_;
  const Spot* spot_;
  std::string_view key_;
};

class Document {
 public:
  explicit Document(Content content);

  const std::string& name() const { return content_->name; }
  const std::string& text() const { return content_->text; }
  const boost::json::value& json() const { return content_->root; }
  Cursor root() const { return {content_, content_->root, content_->spot, {}}; }

 private:
  std::shared_ptr<const Content> content_;
};

// "a mapping", "a list", "a text", "a number", "true or false", "nothing"
std::string_view kind_of(const boost::json::value& value);

// Reads any bytes; never throws for what they contain. `name` is what mistakes call the file.
boost::system::result<Document, Mistake> parse(std::string_view text, std::string name);

// For result::value(): std::runtime_error with the line, of several with the first one.
[[noreturn]] void throw_exception_from_error(const Mistake& mistake,
                                             const boost::source_location& where);
[[noreturn]] void throw_exception_from_error(const Mistakes& mistakes,
                                             const boost::source_location& where);

}  // namespace deskcheck::document
