# Files that are part of the program. The assembler copies them in as they are (.incbin), so that any size and any
# bytes cost nothing to compile.

# overture_embed(<target> <symbol> [BASE <directory>] <files>…): the target gets the header embedded/<symbol>.hpp with
#   std::span<const File> overture::embedded::<symbol>(), each {name, bytes}, in the order of their paths;
# names are relative to BASE, or just the file's name.
function(overture_embed target symbol)
  cmake_parse_arguments(PARSE_ARGV 2 embed "" "BASE" "")
  set(files ${embed_UNPARSED_ARGUMENTS})
  list(SORT files)
  set(directory ${PROJECT_BINARY_DIR}/embedded_${target}_${symbol})
  set(count 0)
  set(data "")
  set(declarations "")
  set(rows "")
  foreach(file IN LISTS files)
    get_filename_component(file ${file} ABSOLUTE)
    if(embed_BASE)
      file(RELATIVE_PATH name ${embed_BASE} ${file})
    else()
      get_filename_component(name ${file} NAME)
    endif()
    # In the text, so that a compiler cache that does not look into .incbin knows one version from another. What the
    # build makes has none.
    set(hash "")
    get_source_file_property(is_generated ${file} GENERATED)
    if(NOT is_generated)
      file(SHA256 ${file} hash)
      set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
    endif()
    set(label overture_embedded_${symbol}_${count})
    string(APPEND data
      "__asm__(\"# ${hash}\\n.pushsection .rodata\\n.global ${label}\\n.global ${label}_end\\n\"\n"
      "        \"${label}:\\n.incbin \\\"${file}\\\"\\n${label}_end:\\n.byte 0\\n.popsection\\n\");\n")
    string(APPEND declarations "extern \"C\" const char ${label}[];\nextern \"C\" const char ${label}_end[];\n")
    string(APPEND rows "      {\"${name}\", {${label}, ${label}_end}},\n")
    math(EXPR count "${count} + 1")
  endforeach()

  file(CONFIGURE OUTPUT ${directory}/embedded/file.hpp @ONLY CONTENT [[
// Generated. A file that is part of the program.
#pragma once
#include <string_view>

namespace overture::embedded {

struct File {
  std::string_view name;
  std::string_view bytes;
};

}  // namespace overture::embedded
]])
  file(CONFIGURE OUTPUT ${directory}/embedded/${symbol}.hpp @ONLY CONTENT [[
// Generated. The files of @symbol@.
#pragma once
#include <span>

#include "embedded/file.hpp"

namespace overture::embedded {

std::span<const File> @symbol@();

}  // namespace overture::embedded
]])
  file(CONFIGURE OUTPUT ${directory}/${symbol}.cpp @ONLY CONTENT [[
// Generated. The files of @symbol@.
#include "embedded/@symbol@.hpp"

#include <array>

@data@
@declarations@
namespace overture::embedded {

std::span<const File> @symbol@() {
  static const std::array<File, @count@> files{{
@rows@  }};
  return files;
}

}  // namespace overture::embedded
]])
  target_sources(${target} PRIVATE ${directory}/${symbol}.cpp)
  set_source_files_properties(${directory}/${symbol}.cpp TARGET_DIRECTORY ${target}
    PROPERTIES OBJECT_DEPENDS "${files}" GENERATED ON)
  target_include_directories(${target} PRIVATE ${directory})
endfunction()
