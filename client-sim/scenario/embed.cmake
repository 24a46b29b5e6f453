# Writes a header with the text of a file. cmake -DINPUT=... -DOUTPUT=... -P embed.cmake
file(READ ${INPUT} text)
string(LENGTH "${text}" length)
if(length GREATER 65535)
  message(FATAL_ERROR "${INPUT} is longer than a C++ literal may be")
endif()
file(WRITE ${OUTPUT} "// Generated from schema_base.json.
#pragma once

namespace deskcheck::scenario {

inline constexpr char kSchemaBase[] = R\"json(${text})json\";

}  // namespace deskcheck::scenario
")
