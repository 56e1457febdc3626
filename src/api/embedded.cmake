# The examples in the OpenAPI document.
overture_embed(${OVERTURE_TARGET} api_examples ${PROJECT_SOURCE_DIR}/src/api/openapi_examples.json)
