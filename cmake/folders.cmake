# One small static library per folder of src/, so that a layer that was not listed does not link.
include(cmake/embed.cmake)

# overture_precompile(<target> <sources> [headers…]): what most files include is read once, where that pays.
function(overture_precompile target sources)
  list(LENGTH sources count)
  if(OVERTURE_PRECOMPILE AND count GREATER 8)
    target_precompile_headers(${target} PRIVATE ${PROJECT_SOURCE_DIR}/cmake/precompiled.hpp ${ARGN})
    set_target_properties(${target} PROPERTIES PCH_INSTANTIATE_TEMPLATES ON)
    if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
      target_compile_options(${target} PRIVATE "SHELL:-Xclang -fno-pch-timestamp")
    endif()
  endif()
endfunction()

# overture_folder(<name> <layers below>…): the library overture_<name> from src/<name>/**.cpp.
# It links the layers given and the packages in OVERTURE_LIBRARIES_<name>; a folder without sources yet is header-only.
# Files that are part of the program are listed in src/<name>/embedded.cmake, which is read with OVERTURE_TARGET set to
# the library.
function(overture_folder name)
  set(target overture_${name})
  list(TRANSFORM ARGN PREPEND overture_ OUTPUT_VARIABLE layers)
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/src/${name}/*.cpp)
  if(sources)
    add_library(${target} STATIC ${sources})
    set(scope PUBLIC)
  else()
    add_library(${target} INTERFACE)
    set(scope INTERFACE)
  endif()
  target_include_directories(${target} ${scope} ${PROJECT_SOURCE_DIR}/src)
  target_link_libraries(${target} ${scope} ${layers} ${OVERTURE_LIBRARIES_${name}})
  overture_precompile(${target} "${sources}")
  set(OVERTURE_TARGET ${target})
  include(${PROJECT_SOURCE_DIR}/src/${name}/embedded.cmake OPTIONAL)
endfunction()
