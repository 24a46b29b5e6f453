// Why a document does not match its schema, in words for the person who wrote the document.
#pragma once

#include "proto/document/document.hpp"

namespace deskcheck::document {

// Everything that is wrong at `root` and below. Knows $ref (within the schema), type, enum, const,
// required, properties, additionalProperties, items, anyOf, oneOf, allOf, and the limits of
// numbers, lengths and counts; says nothing of other keywords.
Mistakes explain(const boost::json::value& schema, const Cursor& root);

}  // namespace deskcheck::document
