# One small static library per folder of src/, so that a layer that was not listed does not link.
include(cmake/embed.cmake)

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
  set(OVERTURE_TARGET ${target})
  include(${PROJECT_SOURCE_DIR}/src/${name}/embedded.cmake OPTIONAL)
endfunction()
