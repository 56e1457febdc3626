# The sites that the demo workspace is made of.
overture_embed(${OVERTURE_TARGET} demo_data ${PROJECT_SOURCE_DIR}/data/demo/sites.csv)

# The API reference at /docs: our page, and what it needs from outside (OVERTURE_DOCS). The package is fetched once for
# all presets.
set(reference_files page.html style.css start.js)
list(TRANSFORM reference_files PREPEND ${PROJECT_SOURCE_DIR}/web/docs/)
if(OVERTURE_DOCS)
  set(reference_directory ${PROJECT_BINARY_DIR}/reference)
  set(reference_made redoc.js redoc.js.gz licenses.txt)
  list(TRANSFORM reference_made PREPEND ${reference_directory}/)
  add_custom_command(OUTPUT ${reference_made}
    COMMAND ${PROJECT_SOURCE_DIR}/tools/make_reference ${PROJECT_SOURCE_DIR}/build/packages ${reference_directory}
    DEPENDS ${PROJECT_SOURCE_DIR}/tools/make_reference ${PROJECT_SOURCE_DIR}/tools/fetch_package
    COMMENT "The API reference" VERBATIM)
  list(APPEND reference_files ${reference_made})
endif()
overture_embed(${OVERTURE_TARGET} reference ${reference_files})
