# deskcheck_fuzz_target(NAME [SOURCES ...] LINK ... [CORPUS folder...]) makes fuzz_NAME from
# targets/NAME.cpp and SOURCES: a libFuzzer program if DESKCHECK_FUZZERS is on (preset fuzz), else a
# program that replays inputs, with a test over the committed ones: seeds/NAME, the folders of CORPUS
# and, once something has been found, regressions/NAME.
option(DESKCHECK_FUZZERS "Build fuzz targets as libFuzzer programs (clang only)" OFF)

function(deskcheck_fuzz_target name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;LINK;CORPUS")
  set(target fuzz_${name})
  set(engine ${PROJECT_SOURCE_DIR}/fuzz/engine)
  deskcheck_executable(${target}
    SOURCES targets/${name}.cpp ${arg_SOURCES} ${engine}/$<IF:$<BOOL:${DESKCHECK_FUZZERS}>,fuzzer,replay>.cpp
    LINK deskcheck::fuzz ${arg_LINK})
  set(corpus ${CMAKE_CURRENT_SOURCE_DIR}/seeds/${name} ${arg_CORPUS})
  if(EXISTS ${CMAKE_CURRENT_SOURCE_DIR}/regressions/${name})
    list(APPEND corpus ${CMAKE_CURRENT_SOURCE_DIR}/regressions/${name})
  endif()
  if(DESKCHECK_FUZZERS)
    target_link_options(${target} PRIVATE -fsanitize=fuzzer)
    add_dependencies(fuzzers ${target})
    # What ci/fuzz.sh needs to know about the target.
    string(JOIN " " line ${name} ${corpus})
    file(APPEND ${CMAKE_CURRENT_BINARY_DIR}/targets.txt "${line}\n")
    add_test(NAME fuzz.planted.${name}
      COMMAND Python3::Interpreter ${CMAKE_CURRENT_SOURCE_DIR}/tests/planted_test.py
              $<TARGET_FILE:${target}> ${corpus})
    set_tests_properties(fuzz.planted.${name} PROPERTIES TIMEOUT 180)
  else()
    add_test(NAME fuzz.replay.${name} COMMAND ${target} ${corpus})
    set_tests_properties(fuzz.replay.${name} PROPERTIES TIMEOUT 120)
  endif()
endfunction()
