# The migrations are part of the program.
file(GLOB migrations CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/src/db/migrations/*.sql)
overture_embed(${OVERTURE_TARGET} migrations ${migrations})
