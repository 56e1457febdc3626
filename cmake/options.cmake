# How everything is compiled: warnings as errors, hardening in release, sanitizers by preset, the fastest linker there is.
option(OVERTURE_WERROR "warnings are errors" ON)
option(OVERTURE_PRECOMPILE "precompile the headers that most files include; a build without it shows those that are missing" OFF)
set(OVERTURE_SANITIZE "" CACHE STRING "sanitizers for the whole build: address,undefined or thread")

if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Debug CACHE STRING "" FORCE)
endif()
# -O1 in Debug: the tests run three times as fast as at -O0 and the debugger still follows.
set(CMAKE_CXX_FLAGS_DEBUG "-O1 -g")
set(CMAKE_CXX_FLAGS_RELEASE "-O2 -DNDEBUG")

if(NOT CMAKE_CXX_COMPILER_LAUNCHER)
  find_program(CCACHE_PROGRAM ccache)
  if(CCACHE_PROGRAM)
    # By the compiler's list of headers: a file that is new is not preprocessed twice.
    set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_DEPEND=1
      CCACHE_SLOPPINESS=pch_defines,time_macros ${CCACHE_PROGRAM})
  endif()
endif()

foreach(linker mold lld)
  find_program(LINKER_${linker} NAMES ${linker} ld.${linker})
  if(LINKER_${linker})
    add_link_options(-fuse-ld=${linker})
    break()
  endif()
endforeach()

add_compile_options(
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wnon-virtual-dtor -Woverloaded-virtual
  -Wold-style-cast -Wcast-qual -Wformat=2 -Wnull-dereference -Wimplicit-fallthrough -Wextra-semi -Wundef
  # Rows of a table are written with designated initialisers, and what a row leaves out has its default.
  -Wno-missing-field-initializers)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  add_compile_options(
    -Wduplicated-cond
    # False alarms of g++ 12 inside its own library once it optimises: PR105651 (restrict), PR105562, PR107138
    # (uninitialised members of variant, optional and regex states), PR105329 and PR105593 (overreads of
    # std::string), PR108860 (null dereference after inlining).
    -Wno-restrict -Wno-maybe-uninitialized -Wno-stringop-overread -Wno-stringop-overflow -Wno-array-bounds
    -Wno-null-dereference)
endif()
if(OVERTURE_WERROR)
  add_compile_options(-Werror)
endif()

# The program is position independent, its relocations are read-only before main, and the stack is guarded.
add_compile_options(-fPIE -fstack-protector-strong)
add_link_options(-pie -Wl,-z,relro -Wl,-z,now)
add_compile_definitions(_GLIBCXX_ASSERTIONS)
if(OVERTURE_SANITIZE)
  # Lines are all a report shows, and these builds are the largest part of a whole check.
  add_compile_options(-fsanitize=${OVERTURE_SANITIZE} -fno-omit-frame-pointer -g1)
  add_link_options(-fsanitize=${OVERTURE_SANITIZE})
  if(OVERTURE_SANITIZE MATCHES "undefined")
    add_compile_options(-fno-sanitize-recover=undefined)
  endif()
  # The thread sanitizer does not know fences, which Asio has around its handlers; the locks beside them it knows.
  if(OVERTURE_SANITIZE MATCHES "thread" AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    add_compile_options(-Wno-tsan)
  endif()
else()
  # Not together with sanitizers: they check the same calls, and the fortified names hide them.
  add_compile_options(-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2)
endif()
if(OVERTURE_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()
