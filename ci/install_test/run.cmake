# Installs a finished build into a scratch prefix, builds the project beside this file against it and
# runs that. cmake -DBUILD=... -DWORK=... -DCOMPILER=... -DFLAGS=... -DTYPE=... -P run.cmake
file(REMOVE_RECURSE ${WORK})
set(step COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND ${CMAKE_COMMAND} --install ${BUILD} --prefix ${WORK}/prefix OUTPUT_QUIET ${step})
execute_process(
  COMMAND ${CMAKE_COMMAND} -G Ninja -S ${CMAKE_CURRENT_LIST_DIR} -B ${WORK}/build
          -DCMAKE_PREFIX_PATH=${WORK}/prefix -DCMAKE_CXX_COMPILER=${COMPILER}
          -DCMAKE_CXX_COMPILER_LAUNCHER=${LAUNCHER} -DCMAKE_CXX_FLAGS=${FLAGS}
          -DCMAKE_BUILD_TYPE=${TYPE}
  ${step})
execute_process(COMMAND ${CMAKE_COMMAND} --build ${WORK}/build ${step})
execute_process(COMMAND ${WORK}/build/uses_deskcheck ${step})
execute_process(COMMAND ${WORK}/prefix/bin/deskcheck --version ${step})
