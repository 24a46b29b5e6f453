#include "proto/document/document.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <stdexcept>

namespace deskcheck::document {

Document::Document(Content content)
    : content_(std::make_shared<const Content>(std::move(content))) {}

std::string_view Cursor::text() const {
  const auto* string = value_->if_string();
  return string ? std::string_view(string->data(), string->size()) : std::string_view();
}

std::vector<Cursor> Cursor::children() const {
  std::vector<Cursor> result;
  std::size_t i = 0;
  if (const auto* object = value_->if_object()) {
    for (const auto& member : *object)
      result.emplace_back(content_, member.value(), spot_->children[i++],
                          std::string_view(member.key().data(), member.key().size()));
  } else if (const auto* array = value_->if_array()) {
    for (const auto& item : *array)
      result.emplace_back(content_, item, spot_->children[i++], std::string_view());
  }
  return result;
}

std::optional<Cursor> Cursor::find(std::string_view key) const {
  const auto* object = value_->if_object();
  if (!object) return std::nullopt;
  const auto member = object->find(key);
  if (member == object->end()) return std::nullopt;
  const auto index = static_cast<std::size_t>(member - object->begin());
  return Cursor(content_, member->value(), spot_->children[index],
                std::string_view(member->key().data(), member->key().size()));
}

Mistake Cursor::at(Place place, std::string what, std::string mend) const {
  return {content_->name, place, std::move(what), std::move(mend),
          std::string(line_of(content_->text, place.line))};
}

Mistake Cursor::mistake(std::string what, std::string mend) const {
  return at(spot_->value, std::move(what), std::move(mend));
}

Mistake Cursor::mistake_at_key(std::string what, std::string mend) const {
  return at(spot_->key.line > 0 ? spot_->key : spot_->value, std::move(what), std::move(mend));
}

std::string_view kind_of(const boost::json::value& value) {
  switch (value.kind()) {
    case boost::json::kind::object:
      return "a mapping";
    case boost::json::kind::array:
      return "a list";
    case boost::json::kind::string:
      return "a text";
    case boost::json::kind::bool_:
      return "true or false";
    case boost::json::kind::null:
      return "nothing";
    default:
      return "a number";
  }
}

void throw_exception_from_error(const Mistake& mistake, const boost::source_location&) {
  throw std::runtime_error(to_string(mistake));
}

void throw_exception_from_error(const Mistakes& mistakes, const boost::source_location& where) {
  throw_exception_from_error(mistakes.at(0), where);
}

}  // namespace deskcheck::document
